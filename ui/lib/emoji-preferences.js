/** What somebody chose of emoji before: the tone of skins, and the ones used last. */
import { browserStorage } from './storage.js';

const TONE = 'emoji-tone';
const RECENT = 'emoji-recent';
const KEPT = 27; // three lines of the picker

/** From 1, the lightest, to 5; 0 is none. */
export function emojiTone(memory = browserStorage) {
  const tone = Number(memory.get(TONE, 0));
  return tone >= 1 && tone <= 5 ? Math.floor(tone) : 0;
}

/** @param {number} tone */
export function keepEmojiTone(tone, memory = browserStorage) {
  memory.set(TONE, tone || undefined);
}

/**
 * The emoji used last, the latest first, in the tones in which they were.
 * @returns {string[]}
 */
export function recentEmoji(memory = browserStorage) {
  /** @type {unknown} */
  const kept = memory.get(RECENT, []);
  return Array.isArray(kept) ? kept.filter((text) => typeof text === 'string').slice(0, KEPT) : [];
}

/** @param {string} text */
export function keepRecentEmoji(text, memory = browserStorage) {
  memory.set(RECENT, [text, ...recentEmoji(memory).filter((other) => other !== text)].slice(0, KEPT));
}
