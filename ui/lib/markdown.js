/**
 * A message's text -> DOM nodes. Markdown as people type it in a chat: bold, italic, strike, code, links, lists and
 * quotes; never HTML, never anything that loads. Hostile or huge text is shown as it was typed.
 */
import { Lexer, Tokenizer } from '../vendor/marked.js';

const LONGEST = 20000;
const MARKS = 1500; // more marks than this in one message is not writing
const WORK = 1e6; // marks times letters: reading an emphasis looks for its end in all that follows
const DEEPEST = 12;
const RIGHT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const NESTED = /^(?:[ \t]{0,3}(?:>|[-+*]|\d{1,9}[.)])[ \t]?){13}/m;
const FENCED = /^```[^`\n]*\n.*?^```/gms;
const JUMBO = /^(?:\p{Extended_Pictographic}(?:\uFE0F|\u200D\p{Extended_Pictographic}|\p{Emoji_Modifier})*\s?){1,4}$/u;
const INLINE = new Set(['text', 'escape', 'strong', 'em', 'del', 'link', 'image', 'codespan']);
const WORDLESS = new Set(['space', 'br', 'hr', 'checkbox']);

// In a chat these would surprise: underlines that make headings, indentation that makes code, references that vanish.
class ChatTokenizer extends Tokenizer {
  html() {}
  tag() {}
  def() {}
  reflink() {}
  lheading() {}
  table() {}
  code() {}
}

// What would take long to read is shown as it was typed, from there on.
class ChatLexer extends Lexer {
  spent = 0;

  inlineTokens(text, list = []) {
    this.spent += marks(text) * text.length;
    if (this.spent < WORK) return super.inlineTokens(text, list);
    list.push({ type: 'text', raw: text, text });
    return list;
  }
}

/** Tokens of `marked`, or null when the text is better shown as it stands. */
export function tokens(text) {
  if (text.length > LONGEST || NESTED.test(text) || / {400}/.test(text)) return null;
  if (marks(text.replace(FENCED, '')) > MARKS) return null;
  try {
    return new ChatLexer({ gfm: true, breaks: true, tokenizer: new ChatTokenizer() }).lex(text);
  } catch {
    return null; // too deep for the parser
  }
}

function marks(text) {
  return text.match(/[*_~`[\]<>!]/g)?.length ?? 0;
}

export function isJumbo(text) {
  return text.length < 40 && JUMBO.test(text);
}

/** Only these may be followed from a message; anything else stays text. */
export function safeHref(href) {
  try {
    const url = new URL(href);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : '';
  } catch {
    return '';
  }
}

/** One line for quotes, pins and the like: the words of a message without its marks. */
export function snippet(text, longest = 140) {
  const start = text.slice(0, 600);
  const list = tokens(start);
  const line = (list ? words(list) : start).replace(/\s+/gu, ' ').trim();
  const letters = Array.from(line);
  return letters.length > longest ? `${letters.slice(0, longest).join('')}…` : line;
}

/** At most `elements` are made of the marks in `text`; what comes after them is shown as it was typed. */
export function toNodes(text, elements = 1000) {
  const out = document.createDocumentFragment();
  left = elements;
  const list = tokens(text);
  if (list) blocks(list, out, 0);
  else out.append(block('p', text));
  return out;
}

function words(list) {
  return list.map(({ type, items, tokens: inner, text, raw }) => {
    if (WORDLESS.has(type)) return ' ';
    const said = items ? words(items) : inner?.length ? words(inner) : text ?? raw;
    return INLINE.has(type) ? said : ` ${said} `;
  }).join('');
}

let left = 0; // elements that may still be made

// The nodes of all tokens; once no more elements may be made, the rest as one node.
function nodes(list, draw, asTyped) {
  const out = [];
  for (const [index, token] of list.entries()) {
    if (left < 1) return [...out, asTyped(list.slice(index).map(({ raw }) => raw).join(''))];
    out.push(...draw(token));
  }
  return out;
}

function blocks(list, into, depth) {
  into.append(...nodes(list, (token) => blockNodes(token, depth), (rest) => block('p', rest)));
}

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
    case 'code': {
      const pre = element('pre');
      pre.tabIndex = 0; // long lines scroll: the keyboard must reach them
      pre.dir = 'ltr';
      const code = element('code');
      code.textContent = token.text;
      pre.append(code);
      return [pre];
    }
    case 'blockquote': {
      const quote = block('blockquote');
      blocks(token.tokens, quote, depth + 1);
      quote.dir = direction(token.text);
      return [quote];
    }
    case 'list': {
      const list = block(token.ordered ? 'ol' : 'ul');
      if (token.ordered && token.start !== 1) list.start = token.start;
      list.append(...nodes(token.items, (item) => {
        const line = element('li');
        if (item.task) line.append(item.checked ? '☑ ' : '☐ ');
        blocks(item.tokens, line, depth + 1);
        return [line];
      }, (rest) => block('li', rest)));
      list.dir = direction(token.raw);
      return [list];
    }
    case 'text': // the line of a tight list item
      return token.tokens ? inlines(token.tokens, depth) : [document.createTextNode(token.text)];
    default:
      return [block('p', token.raw)];
  }
}

function inlines(list, depth) {
  return nodes(list, (token) => [inline(token, depth + 1)], (rest) => document.createTextNode(rest));
}

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

function link(token, depth) {
  const href = safeHref(token.href);
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

function filled(node, list, depth) {
  node.append(...inlines(list ?? [], depth));
  return node;
}

function block(name, text = '', className = '') {
  const node = element(name);
  node.dir = 'auto';
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

// What `dir="auto"` would find, which does not look into blocks that have a direction of their own.
function direction(text) {
  return RIGHT.test(text.match(/\p{L}/u)?.[0] ?? '') ? 'rtl' : 'ltr';
}

function element(name) {
  left -= 1;
  return document.createElement(name);
}
