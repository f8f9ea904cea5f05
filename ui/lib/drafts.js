/** What is written and not sent, per room, in this browser. */
import { saidText } from './said-text.js';
import { browserStorage } from './storage.js';
/** @import { Draft, Replied } from './types.d.ts' */

/**
 * `re` is what is kept of the message replied to, or null; `to` are the names that were chosen.
 * @param {string} room
 * @returns {Draft}
 */
export function draftOf(room) {
  const { text = '', re = null, to = {} } = browserStorage.get(`draft:${room}`, /** @type {Partial<Draft>} */ ({}));
  return { text, re, to };
}

/**
 * What a reply shows and keeps of the message that it is to, its text in plain words.
 * @param {Replied} message
 * @returns {Replied}
 */
export function quoteOf(message) {
  const { n, by, who } = message;
  return { n, by, who, text: saidText(message, 100) };
}

/**
 * Keeps a draft; an empty one is forgotten.
 * @param {string} room
 * @param {Draft} draft
 */
export function keepDraft(room, { text, re, to }) {
  browserStorage.set(`draft:${room}`, text || re ? { text, re, to } : undefined);
}
