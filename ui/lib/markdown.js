/**
 * A message's text -> Markdown tokens, and its plain words. Markdown as people type it in a chat: bold, italic, strike,
 * code, links, lists, quotes, tables and spoilers; never HTML. Hostile or huge text is left as it was typed. Knows no
 * DOM.
 */
import { Lexer, Tokenizer } from '../vendor/marked.js';
import { cutSpoiler, spoilerLength } from './spoiler.js';
/** @import { MarkdownToken } from './types.d.ts' */

const LONGEST = 20000; // letters
const MARKS = 1500; // marks in one message: with more it is not writing
const WORK = 1e6; // marks times letters: to read an emphasis is to look for its end in all that follows
const NESTED = /^(?:[ \t]{0,3}(?:>|[-+*]|\d{1,9}[.)])[ \t]?){13}/m;
const LONG_ADDRESS = /(?:^|[\s@])[^\s@]{500,}@/; // each letter of it would be looked at as a beginning
const FENCED = /^```[^`\n]*\n.*?^```/gms;
const PICTURE = '\\p{Extended_Pictographic}(?:\\uFE0F|\\p{Emoji_Modifier}){0,2}';
const EMOJI = `${PICTURE}(?:\\u200D${PICTURE}){0,4}[\\u{E0020}-\\u{E007F}]{0,7}|\\p{RI}{2}|[0-9#*]\\uFE0F?\\u20E3`;
const JUMBO = new RegExp(`^(?:(?:${EMOJI})\\s?){1,4}$`, 'u');
const INLINE = new Set(['text', 'escape', 'strong', 'em', 'del', 'link', 'image', 'codespan', 'spoiler']);
const HIDDEN = '(spoiler)'; // what is said of one where its words must not be seen
const WORDLESS = new Set(['space', 'br', 'hr', 'checkbox']);

// In a chat these would surprise: underlines that make headings, indentation that makes code, references that vanish.
class ChatTokenizer extends Tokenizer {
  html() { return undefined; }
  tag() { return undefined; }
  def() { return undefined; }
  reflink() { return undefined; }
  lheading() { return undefined; }
  code() { return undefined; }

  // A text says what was typed: `&#60;` is not the letter that it means in HTML.
  /** @param {string} src */
  inlineText(src) {
    const token = super.inlineText(src);
    return token && { ...token, text: token.raw };
  }
}

// What would take long to read is left as it was typed, from there on.
class ChatLexer extends Lexer {
  spent = 0;

  /**
   * @param {string} text
   * @param {Parameters<Lexer['inlineTokens']>[1]} list
   */
  inlineTokens(text, list = []) {
    this.spent += marks(text) * text.length;
    if (this.spent < WORK) return super.inlineTokens(text, list);
    list.push({ type: 'text', raw: text, text });
    return list;
  }
}

/** @type {import('../vendor/marked.js').TokenizerExtensionFunction} */
function spoiler(src) {
  const raw = src.slice(0, spoilerLength(src));
  if (!raw) return undefined;
  const text = raw.slice(2, -2);
  return { type: 'spoiler', raw, text, tokens: this.lexer.inlineTokens(text) };
}
const EXTENSIONS = {
  inline: [spoiler], startInline: [(/** @type {string} */ src) => src.indexOf('||')], renderers: {}, childTokens: {},
};

/**
 * Tokens of `marked`, or null when the text is better shown as it was typed.
 * @param {string} text
 * @returns {MarkdownToken[] | null}
 */
export function tokens(text) {
  if (text.length > LONGEST || NESTED.test(text) || / {400}/.test(text) || LONG_ADDRESS.test(text)) return null;
  if (marks(text.replace(FENCED, '')) > MARKS) return null;
  try {
    const lexer = new ChatLexer({ gfm: true, breaks: true, tokenizer: new ChatTokenizer(), extensions: EXTENSIONS });
    return /** @type {MarkdownToken[]} */ (lexer.lex(text));
  } catch {
    return null; // too deep for the parser
  }
}

/**
 * One line for quotes, pins and the like: at most `longest` letters of a message's words, without its marks and without
 * what its spoilers hide.
 * @param {string} text
 */
export function snippet(text, longest = 140) {
  const cut = text.length > 600 ? cutSpoiler(text, 600) : -1;
  const start = cut < 0 ? text.slice(0, 600) : text.slice(0, cut) + HIDDEN;
  const list = tokens(start);
  const line = (list ? words(list) : start.replace(/\|\|\S[^]*?\|\|/g, HIDDEN)).replace(/\s+/gu, ' ').trim();
  const letters = Array.from(line);
  return letters.length > longest ? `${letters.slice(0, longest).join('')}…` : line;
}

/**
 * Whether a text is nothing but a few emoji, which are drawn large.
 * @param {string} text
 */
export function isJumbo(text) {
  return text.length < 100 && JUMBO.test(text);
}

/** @param {string} text */
function marks(text) {
  return text.match(/[*_~`[\]<>!]|\|\|/g)?.length ?? 0;
}

/**
 * @param {MarkdownToken[]} list
 * @returns {string}
 */
function words(list) {
  return list.map(({ type, items, tokens: inner, text, raw, header, rows }) => {
    if (WORDLESS.has(type)) return ' ';
    if (type === 'spoiler') return HIDDEN;
    if (header && rows) return [header, ...rows].flat().map((cell) => ` ${words(cell.tokens)} `).join('');
    const content = items ? words(items) : inner?.length ? words(inner) : text ?? raw;
    return INLINE.has(type) ? content : ` ${content} `;
  }).join('');
}
