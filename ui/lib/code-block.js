/** A block of code in a message: its language, a button that copies it, and of long ones the first lines. */

const LONG = 20; // lines
const FIRST = 12; // lines that are shown of a long one
const PARTS = /(?:.*\n){40}|[^]+$/gy; // what the browser lays out at a time
/** @type {WeakMap<Element, string>} */
const whole = new WeakMap(); // a block -> its code

/**
 * `words` are those behind the fence. `fold`: of long code, the first lines are shown; `partial`: the code goes on
 * elsewhere, so that it cannot be copied as a whole.
 * @param {string} code
 * @param {string} words
 * @param {{ fold: boolean, partial: boolean }} how
 */
export function codeBlock(code, words, { fold, partial }) {
  const word = words.match(/^[\w+#.-]+/)?.[0].slice(0, 30) ?? '';
  const block = make('div', 'code-block');
  block.dir = 'ltr';
  const head = make('div', 'code-head');
  const language = make('span', 'code-language', word);
  head.append(language);
  if (!partial) head.append(button('Copy', 'copy-code', 'Copy code'));
  const pre = make('pre');
  pre.tabIndex = 0; // long lines scroll: the keyboard must reach them
  const lines = code.split('\n');
  const folded = fold && lines.length > LONG;
  const text = make('code');
  fillCode(text, folded ? lines.slice(0, FIRST).join('\n') : code);
  text.dataset.word = word.toLowerCase();
  pre.append(text);
  block.append(head, pre);
  if (folded) block.append(button(`Show ${lines.length - FIRST} more lines`, 'unfold-code'));
  whole.set(block, code);
  return block;
}

/**
 * Puts code into its element: much of it in parts, so that none takes long to lay out and again once it has colours.
 * @param {HTMLElement} element
 * @param {string} code
 */
export function fillCode(element, code) {
  const parts = code.match(PARTS) ?? [];
  element.textContent = '';
  element.append(...parts.map((part) => (parts.length > 1 ? make('span', 'code-part', part) : part)));
}

/**
 * The whole code of the block that an element is in.
 * @param {Element} part
 */
export function codeOf(part) {
  const block = part.closest('.code-block');
  return (block && whole.get(block)) ?? '';
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 */
function make(name, className = '', text = '') {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

/**
 * @param {string} text
 * @param {string} act
 */
function button(text, act, label = '') {
  const node = make('button', act, text);
  node.type = 'button';
  node.dataset.act = act;
  if (label) node.setAttribute('aria-label', label);
  return node;
}
