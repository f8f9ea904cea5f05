/** The keys that open the card of all keys. */
import { store } from '../lib/store.js';
import { raise } from './raise.js';

const QUESTION_MARKS = ['?', '؟'];

/** `?` where nothing is being written, and Ctrl or Cmd with `/` anywhere but in a card. */
export function helpOnKeys() {
  document.addEventListener('keydown', (event) => {
    const writing = event.target.closest('input, textarea, select, [contenteditable]');
    const asked = event.ctrlKey || event.metaKey
      ? event.key === '/'
      : QUESTION_MARKS.includes(event.key) && !event.altKey && !writing;
    if (!asked || store.phase !== 'in' || event.target.closest('dialog')) return;
    event.preventDefault();
    raise(document.body, 'show-help');
  });
}
