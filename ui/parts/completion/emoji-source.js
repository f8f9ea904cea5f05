/** Emoji for `:`, by the words of the reader's language and by English shortcodes. */
import { emojiTone, usedEmoji } from '../../lib/emoji-preferences.js';
import { toned } from '../../lib/emoji-tone.js';
import { isInCode } from '../../lib/typed-code.js';
import { emojiIndex } from '../emoji-index.js';
import { replaceText } from '../replace-text.js';
/** @import { Emoji } from '../../lib/types.d.ts' */
/** @import { Component } from '../component.js' */
/** @import { CompletionSource } from '../types.d.ts' */

const WORD = /^(?:[+-]\d|[\p{L}\p{N}][\p{L}\p{M}\p{N}_+-]+)$/u;
const EMOTICON = /^(.)\1+$/iu; // as in `:DD`
const WHOLE = /(^|[^\p{L}\p{N}/\\&`]):([\w+-]+):$/u;
const TYPED = new Set(['insertText', 'insertCompositionText']);

/** @type {CompletionSource} */
export const EMOJI = {
  sign: ':',
  label: 'Emoji',
  find: async (query, asker) => {
    const box = asker.closest('form')?.querySelector('textarea');
    if (!box || !WORD.test(query) || EMOTICON.test(query) || isInCode(box.value, box.selectionStart)) return [];
    const found = (await emojiIndex(asker)).search(query, 30);
    return found.map((emoji) => {
      const text = written(emoji);
      return { id: emoji.text, label: emoji.label, hint: `:${emoji.codes[0]}:`, emoji: text, insert: text };
    });
  },
  chosen: ({ insert }, asker) => asker.raise('prefer', { patch: usedEmoji(insert) }),
};

/**
 * A shortcode becomes its emoji as its second colon is typed.
 * @param {InputEvent} event
 * @param {Component} asker
 */
export function completeTyped({ target, inputType, data }, asker) {
  if (TYPED.has(inputType) && data?.endsWith(':')) completeShortcode(target, asker);
}

/**
 * The shortcode before the caret becomes its emoji, if it is one and the caret is still right behind it.
 * @param {unknown} box
 * @param {Component} asker
 */
export async function completeShortcode(box, asker) {
  if (!(box instanceof HTMLTextAreaElement)) return;
  const { value, selectionEnd: end } = box;
  const isThere = () => document.activeElement === box && box.value.slice(0, end) === value.slice(0, end)
    && box.selectionStart === end && box.selectionEnd === end; // else the text would change under their hands
  const code = value.slice(0, end).match(WHOLE)?.[2];
  if (!code || !isThere() || isInCode(value, end)) return;
  const emoji = (await emojiIndex(asker).catch(() => null))?.named(code);
  if (!emoji || !isThere()) return;
  const text = written(emoji);
  asker.raise('prefer', { patch: usedEmoji(text) });
  replaceText(box, { start: end - code.length - 2, end, text });
}

/** @param {Emoji} emoji */
function written({ text, toned: hasTones }) {
  return hasTones ? toned(text, emojiTone()) : text;
}
