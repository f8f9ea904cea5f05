/** A message's text -> DOM nodes, never anything that loads. Hostile or huge text is shown as it was typed. */
import { codeBlock } from './code-block.js';
import { tokens } from './markdown.js';
/** @import { MarkdownToken, TableCell } from './types.d.ts' */

const DEEPEST = 12; // levels of nesting; deeper marks are shown as typed
const RIGHT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/**
 * At most `elements` are made of the marks in `text`; what comes after them is shown as it was typed. `folded`: of long
 * code only the first lines are shown; `begun` and `unfinished`: the text is one of several pieces, and begins or ends
 * within code.
 * @param {string} text
 * @param {{ folded?: boolean, begun?: boolean, unfinished?: boolean }} [how]
 */
export function toNodes(text, elements = 1000, how = {}) {
  const out = document.createDocumentFragment();
  const list = tokens(text);
  left = elements;
  fold = Boolean(how.folded);
  if (list) {
    parts = [how.begun && list[0], how.unfinished && list[list.length - 1]];
    blocks(list, out, 0);
  } else {
    out.append(block('p', text));
  }
  return out;
}

// Of the text that is being drawn:
let left = 0; // elements that may still be made
let fold = false; // long code
/** @type {(MarkdownToken | false | undefined)[]} */
let parts = []; // code that is not drawn as a whole

/**
 * The nodes of all tokens; once no more elements may be made, the rest as one node.
 * @param {MarkdownToken[]} list
 * @param {(token: MarkdownToken) => Node[]} draw
 * @param {(rest: string) => Node} asTyped
 */
function nodes(list, draw, asTyped) {
  const out = [];
  for (const [index, token] of list.entries()) {
    if (left < 1) return [...out, asTyped(list.slice(index).map(({ raw }) => raw).join(''))];
    out.push(...draw(token));
  }
  return out;
}

/**
 * @param {MarkdownToken[]} list
 * @param {ParentNode} into
 * @param {number} depth
 */
function blocks(list, into, depth) {
  into.append(...nodes(list, (token) => blockNodes(token, depth), (rest) => block('p', rest)));
}

/**
 * @param {MarkdownToken} token
 * @param {number} depth
 * @returns {Node[]}
 */
function blockNodes(token, depth) {
  if (depth > DEEPEST) return [block('p', token.raw)];
  switch (token.type) {
    case 'space':
    case 'checkbox':
      return [];
    case 'paragraph':
      return [filled(block('p'), token.tokens, depth)];
    case 'heading':
      return [filled(block('p', '', 'heading'), token.tokens, depth)];
    case 'hr':
      return [element('hr')];
    case 'code':
      left -= 7;
      return [codeBlock(token.text, token.lang ?? '', { fold, partial: parts.includes(token) })];
    case 'blockquote': {
      const quote = block('blockquote');
      blocks(token.tokens ?? [], quote, depth + 1);
      quote.dir = direction(token.text);
      return [quote];
    }
    case 'list': {
      const list = block(token.ordered ? 'ol' : 'ul');
      if (token.ordered && token.start !== 1) list.setAttribute('start', String(token.start));
      list.append(...nodes(token.items ?? [], (item) => {
        const line = element('li');
        if (item.task) {
          line.className = 'todo';
          line.append(checkbox(Boolean(item.checked)));
        }
        blocks(item.tokens ?? [], line, depth + 1);
        return [line];
      }, (rest) => block('li', rest)));
      list.dir = direction(token.raw.replace(/\[[xX]\]/g, '')); // the x of a task is no letter
      return [list];
    }
    case 'table':
      return table(token, depth);
    case 'text': // the line of a tight list item
      return token.tokens ? inlines(token.tokens, depth) : [document.createTextNode(token.text)];
    default:
      return [block('p', token.raw)];
  }
}

/**
 * @param {MarkdownToken[]} list
 * @param {number} depth
 */
function inlines(list, depth) {
  return nodes(list, (token) => [inline(token, depth + 1)], (rest) => document.createTextNode(rest));
}

/**
 * @param {MarkdownToken} token
 * @param {number} depth
 * @returns {Node}
 */
function inline(token, depth) {
  if (depth > DEEPEST) return document.createTextNode(token.raw);
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return filled(element(token.type), token.tokens, depth);
    case 'codespan': {
      const code = element('code');
      code.textContent = token.text;
      return code;
    }
    case 'br':
      return element('br');
    case 'checkbox': // its list item has drawn it
      return document.createTextNode('');
    case 'spoiler':
      return spoiler(token, depth);
    case 'link':
    case 'image':
      return link(token, depth);
    case 'text':
    case 'escape':
      return document.createTextNode(token.text);
    default:
      return document.createTextNode(token.raw);
  }
}

/**
 * What is hidden until somebody asks for it. Closed, it is a button: neither seen, found, copied nor read out.
 * @param {MarkdownToken} token
 * @param {number} depth
 */
function spoiler(token, depth) {
  const cover = element('span');
  cover.className = 'spoiler';
  cover.tabIndex = 0;
  cover.dataset.act = 'spoiler';
  cover.setAttribute('role', 'button');
  cover.setAttribute('aria-expanded', 'false');
  cover.setAttribute('aria-label', 'Spoiler');
  cover.append(filled(element('span'), token.tokens, depth));
  return cover;
}

/** @param {boolean} checked */
function checkbox(checked) {
  const box = element('input');
  box.type = 'checkbox';
  box.className = 'task';
  box.checked = checked;
  box.disabled = true; // it says what was written, and is changed by an edit
  box.setAttribute('aria-label', checked ? 'Done' : 'To do');
  return box;
}

/**
 * A table in a frame in which it scrolls, and behind it the rows for which no elements are left, as they were typed.
 * @param {MarkdownToken} token
 * @param {number} depth
 */
function table(token, depth) {
  const { header = [], rows = [], raw } = token;
  if (left < header.length + 5) return [block('p', raw)];
  const frame = element('div');
  frame.className = 'table';
  frame.tabIndex = 0; // wide ones scroll: the keyboard must reach them
  frame.setAttribute('role', 'group');
  frame.setAttribute('aria-label', 'Table');
  frame.dir = direction(raw);
  const [grid, head, body] = [element('table'), element('thead'), element('tbody')];
  head.append(tableRow(header, 'th', depth));
  grid.append(head, body);
  frame.append(grid);
  for (const [index, cells] of rows.entries()) {
    if (left <= cells.length) return [frame, block('p', raw.split('\n').slice(index + 2).join('\n'))];
    body.append(tableRow(cells, 'td', depth));
  }
  return [frame];
}

/**
 * @param {TableCell[]} cells
 * @param {'th' | 'td'} name
 * @param {number} depth
 */
function tableRow(cells, name, depth) {
  const row = element('tr');
  row.append(...cells.map(({ tokens: inner, align }) => {
    const cell = block(name, '', align ?? '');
    if (name === 'th') cell.setAttribute('scope', 'col');
    return filled(cell, inner, depth);
  }));
  return row;
}

/**
 * Only these may be followed from a message; anything else stays text.
 * @param {string} href
 */
export function safeHref(href) {
  try {
    const url = new URL(href);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : '';
  } catch {
    return '';
  }
}

/**
 * @param {MarkdownToken} token
 * @param {number} depth
 */
function link(token, depth) {
  const href = safeHref(token.href ?? '');
  if (!href) return document.createTextNode(token.raw);
  const anchor = element('a');
  anchor.href = href;
  anchor.target = '_blank';
  anchor.rel = 'noopener noreferrer';
  if (token.text !== token.href) anchor.title = href; // say where it really leads
  if (token.type === 'link' && token.tokens?.every(({ type }) => type !== 'image')) filled(anchor, token.tokens, depth);
  if (!anchor.textContent.trim()) anchor.textContent = token.text || href;
  return anchor;
}

/**
 * @template {Element} T
 * @param {T} node
 * @param {MarkdownToken[] | undefined} list
 * @param {number} depth
 */
function filled(node, list, depth) {
  node.append(...inlines(list ?? [], depth));
  return node;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 */
function block(name, text = '', className = '') {
  const node = element(name);
  node.dir = 'auto';
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

/**
 * The direction that `dir="auto"` would choose if it looked into blocks with a direction of their own.
 * @param {string} text
 */
function direction(text) {
  return RIGHT.test(text.match(/\p{L}/u)?.[0] ?? '') ? 'rtl' : 'ltr';
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 */
function element(name) {
  left -= 1;
  return document.createElement(name);
}
