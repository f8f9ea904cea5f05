/** The word before the caret that can be completed, such as `@an`. Pure. */
/** @import { TypedWord } from './types.d.ts' */

const LONGEST = 41; // letters: of a name, and its sign
// Behind these a sign begins a word: spaces, punctuation, and letters without case, as their scripts put no spaces
// between words, or join the word "to" to the one behind it.
const BEFORE = /(?:^|[\s\p{P}\p{S}\p{Lo}\p{Lm}]\p{M}*)$/u;
const NEVER = /[/\\&`]$/; // in an address, an escape, an entity, code

/**
 * `signs` are those with which words begin; those of `spaced` may hold spaces. `query` is what follows the sign up to
 * the caret, and `start` where the sign stands; null where there is no such word.
 * @param {string} text
 * @param {number} caret
 * @param {{ signs: string, spaced: string }} how
 * @returns {TypedWord | null}
 */
export function typedWord(text, caret, { signs, spaced }) {
  for (let start = caret - 1; start >= Math.max(0, caret - LONGEST) && text[start] !== '\n'; start -= 1) {
    const sign = text[start];
    const query = text.slice(start + 1, caret);
    if (!signs.includes(sign) || /^\s/u.test(query)) continue;
    if (/\s/u.test(query) && !spaced.includes(sign)) continue;
    if (beginsWord(text, start)) return { sign, query, start };
  }
  return null;
}

/**
 * Whether the sign at a place of a text may begin a word.
 * @param {string} text
 * @param {number} at
 */
export function beginsWord(text, at) {
  const before = text.slice(Math.max(0, at - 8), at);
  return !before.endsWith(text[at]) && BEFORE.test(before) && !NEVER.test(before);
}
