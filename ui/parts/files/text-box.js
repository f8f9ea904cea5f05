/** A text in a message: its first lines, and more of it where somebody asks. */
import { fillCode } from '../../lib/code-block.js';
import { previewLines } from '../../lib/file-kinds.js';
import { codeWord } from '../../lib/file-words.js';
import { store } from '../../lib/store.js';
import { element } from '../element.js';
import { colourLater } from '../message-text.js';
import { raise } from '../raise.js';
import { askFor } from './ask-for.js';
import { explain, fileHead } from './file-card.js';
import { whenSeen } from './when-seen.js';
/** @import { Sent } from './file-card.js' */

const FIRST = 8 * 1024; // bytes that are loaded at first
const MOST = 64 * 1024; // bytes that are shown

/**
 * @param {HTMLElement} box
 * @param {Sent} sent
 */
export function fillText(box, sent) {
  const word = codeWord(sent.file.name);
  const code = element('code', { data: { word } });
  const pre = element('pre', { dir: word ? 'ltr' : 'auto', aria: { live: 'off' } }, code); // comes late
  box.classList.remove('open', 'folded');
  box.replaceChildren(fileHead(box, sent), pre);
  whenSeen(box, async () => {
    const text = await read(box, sent, FIRST);
    if (text === null) return;
    const lines = text.split('\n');
    const first = lines.slice(0, previewLines(sent.file.size));
    show(code, first.join('\n'));
    const isMore = first.length < lines.length || sent.file.size > FIRST || pre.scrollHeight > pre.clientHeight;
    box.classList.toggle('folded', isMore);
    if (isMore) box.append(moreButton(box, sent, text));
  });
}

/**
 * @param {HTMLElement} box
 * @param {Sent} sent
 * @param {string} text what has come of it
 */
function moreButton(box, sent, text) {
  const label = `Show more of ${sent.file.name}`;
  const button = element('button', { type: 'button', className: 'file-more', aria: { label } }, 'Show more');
  button.addEventListener('click', async () => {
    button.disabled = true; // once is enough
    const whole = sent.file.size > FIRST ? await read(box, sent, MOST) : text;
    const code = box.querySelector('code');
    const pre = code?.parentElement;
    if (whole === null || !code || !pre) return;
    if (box.closest('hearth-message-list') && store.room) raise(box, 'follow', { room: store.room, on: false });
    box.classList.replace('folded', 'open');
    show(code, whole);
    pre.tabIndex = 0;
    pre.focus({ preventScroll: true });
    button.remove();
    if (sent.file.size > MOST) box.append(element('p', { className: 'hint' }, 'These are the first 64 KB.'));
  });
  return button;
}

/**
 * So many bytes of it, or null where they do not come, which is told.
 * @param {HTMLElement} box
 * @param {Sent} sent
 * @param {number} bytes
 */
async function read(box, sent, bytes) {
  try {
    const text = await askFor('file-text', { room: sent.room, id: sent.file.id, bytes });
    return text.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
  } catch (problem) {
    explain(box, sent, { again: () => fillText(box, sent), problem });
    return null;
  }
}

/**
 * @param {HTMLElement} code
 * @param {string} text
 */
function show(code, text) {
  fillCode(code, text);
  if (code.dataset.word) colourLater([code]);
}
