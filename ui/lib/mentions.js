/** Who is meant by `@name` in a text. The hub says it with the message: `to`, each name as written -> an id. Pure. */
import { beginsWord } from './typed-word.js';
/** @import { Meant, Mention } from './types.d.ts' */

const MOST = 200; // signs in one text that are looked at
const LETTER = /[\p{L}\p{M}\p{N}_]/u;
// Thai to Khmer, Chinese, Japanese and Korean: what follows a name joins it without a space.
const UNSPACED = /[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u2E80-\uD7AF\uF900-\uFAFF\u{20000}-\u{3FFFF}]/u;
const CODE = /```[^]*?(?:```|$)|`[^`\n]*`/g;

/** What stands in place of an id where everybody who is here is meant. */
export const HERE = 'here';

/**
 * Whether somebody is meant.
 * @param {Meant | undefined} to
 * @param {string} who
 */
export function isMeant(to, who) {
  return Boolean(to) && Object.values(to ?? {}).some((id) => id === who || id === HERE);
}

/**
 * A text in pieces: what is only text, and names with who is meant.
 * @param {string} text
 * @param {Meant} to
 * @returns {(string | Mention)[]}
 */
export function mentionPieces(text, to) {
  const names = Object.keys(to).sort((a, b) => b.length - a.length);
  /** @type {(string | Mention)[]} */
  const pieces = [];
  let done = 0;
  let at = text.indexOf('@');
  for (let count = 0; at >= 0 && count < MOST; count += 1) {
    const start = at + 1;
    const name = beginsWord(text, at) && names.find((each) => each && text.startsWith(each, start)
      && endsName(text, start + each.length));
    if (name) {
      if (at > done) pieces.push(text.slice(done, at));
      pieces.push({ name, who: to[name] });
      done = start + name.length;
    }
    at = text.indexOf('@', Math.max(start, done));
  }
  if (done < text.length) pieces.push(text.slice(done));
  return pieces;
}

/**
 * Those of the chosen names that still stand in a text; undefined where none does.
 * @param {string} text
 * @param {Meant} to
 * @returns {Meant | undefined}
 */
export function standing(text, to) {
  const found = mentionPieces(text, to).filter((piece) => typeof piece !== 'string');
  return found.length ? Object.fromEntries(found.map(({ name, who }) => [name, who])) : undefined;
}

/**
 * A text in which the names that are meant hold no marks of Markdown.
 * @param {string} text
 * @param {Meant | undefined} to
 */
export function withPlainNames(text, to) {
  if (!to || !Object.keys(to).some((name) => /[!-/:-@[-`{-~]/.test(name))) return text;
  const code = [...text.matchAll(CODE)].map(({ index, 0: whole }) => [index, index + whole.length]);
  let at = 0;
  return mentionPieces(text, to).map((piece) => {
    if (typeof piece === 'string') return text.slice(at, (at += piece.length));
    const inCode = code.some(([start, end]) => start <= at && at < end);
    at += piece.name.length + 1;
    return `@${inCode ? piece.name : piece.name.replace(/[!-/:-@[-`{-~]/g, '\\$&')}`;
  }).join('');
}

/**
 * Whether a name may end before what stands at a place of the text.
 * @param {string} text
 * @param {number} at
 */
function endsName(text, at) {
  const before = Array.from(text.slice(at - 2, at)).pop() ?? '';
  const after = String.fromCodePoint(text.codePointAt(at) ?? 32);
  return !LETTER.test(before) || !LETTER.test(after) || UNSPACED.test(before) || UNSPACED.test(after);
}
