/** Who is typing in the room on view. */
import { store } from '../lib/store.js';
import { Component } from './component.js';

class HearthTypingNote extends Component {
  static topics = ['room', 'typing'];
  static frequentTopics = ['messages'];
  #timer = 0;

  view() {
    const names = store.room?.typing(Date.now()) ?? [];
    clearTimeout(this.#timer);
    if (names.length) this.#timer = setTimeout(() => this.update(), 1000);
    return typingText(names);
  }
}

/** @param {string[]} names */
function typingText(names) {
  if (!names.length) return '';
  if (names.length > 3) return 'Several people are writing…';
  const list = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}` : names[0];
  return `${list} ${names.length > 1 ? 'are' : 'is'} writing…`;
}

customElements.define('hearth-typing-note', HearthTypingNote);
