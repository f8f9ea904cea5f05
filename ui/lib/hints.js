/** Which hint is of use to somebody: one at a time, and none for what they dismissed or have done. Pure. */
/** @import { Preferences } from './types.d.ts' */

/**
 * `of`: on which devices it makes sense; `done(text)`: what somebody wrote shows that they know.
 * @typedef {{ name: string, text: string, of?: 'touch' | 'keys', done?: (text: string) => boolean }} Hint
 */

/** @type {Hint[]} */
export const HINTS = [
  { name: 'press', of: 'touch', text: 'Press a message and hold to answer it, react, or do more with it.' },
  { name: 'keys', of: 'keys', text: 'Press ? outside of the message box for all keys.' },
  { name: 'mention', text: 'Type @ to name somebody: they see it lit.', done: (text) => /(^|\s)@\S/u.test(text) },
  { name: 'poll', text: 'Type /poll to ask everybody something.', done: (text) => text.startsWith('/poll') },
  { name: 'code', of: 'keys', text: 'Put code between ` signs, or three of them.', done: (text) => text.includes('`') },
  { name: 'rooms', of: 'touch', text: 'Press a room in the list and hold to move, mute or hide it.' },
];

/**
 * The hint to show, null where none is left.
 * @param {Preferences} preferences
 * @param {boolean} touch
 */
export function nextHint({ hints }, touch) {
  const gone = new Set(Object.keys(hints ?? {}));
  return HINTS.find(({ name, of = '' }) => !gone.has(name) && of !== (touch ? 'keys' : 'touch')) ?? null;
}

/**
 * The names of the hints that a message makes needless.
 * @param {string} text
 */
export function hintsDoneBy(text) {
  return HINTS.filter(({ done }) => done?.(text)).map(({ name }) => name);
}
