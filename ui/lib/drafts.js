/** What is written and not sent, per room, in this browser. */
import { saidText } from './said-text.js';
import { browserStorage } from './storage.js';
/** @import { Draft } from './types.d.ts' */

/**
 * `re` is the message replied to, or null; `to` are the names that were chosen.
 * @param {string} room
 * @returns {Draft}
 */
export function draftOf(room) {
  const { text = '', re = null, to = {} } = browserStorage.get(`draft:${room}`, /** @type {Partial<Draft>} */ ({}));
  return { text, re, to };
}

/**
 * Keeps a draft; an empty one is forgotten.
 * @param {string} room
 * @param {Draft} draft
 */
export function keepDraft(room, { text, re, to }) {
  const quoted = re && { n: re.n, by: re.by, who: re.who, text: saidText(re) };
  browserStorage.set(`draft:${room}`, text || quoted ? { text, re: quoted, to } : undefined);
}
