/** What somebody chose of emoji before, on any device: the tone of skins, and the ones used last. */
import { store } from './store.js';
/** @import { MergePatch, Preferences } from './types.d.ts' */

const KEPT = 27; // three lines of the picker

/** From 1, the lightest, to 5; 0 is none. */
export function emojiTone(preferences = store.preferences) {
  const tone = preferences.emoji?.tone;
  return tone && [1, 2, 3, 4, 5].includes(tone) ? tone : 0;
}

/**
 * The emoji used last, the latest first, in the tones in which they were.
 * @param {Preferences} preferences
 * @returns {string[]}
 */
export function recentEmoji(preferences = store.preferences) {
  const recent = preferences.emoji?.recent;
  return Array.isArray(recent) ? recent.filter((text) => typeof text === 'string').slice(0, KEPT) : [];
}

/**
 * What to keep once an emoji was used.
 * @param {string} text
 * @returns {MergePatch}
 */
export function usedEmoji(text, preferences = store.preferences) {
  return { emoji: { recent: [text, ...recentEmoji(preferences).filter((other) => other !== text)].slice(0, KEPT) } };
}
