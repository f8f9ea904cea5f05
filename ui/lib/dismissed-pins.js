/** Which pinned message was the newest when the line above the messages was dismissed, per room, in this browser. */
import { browserStorage } from './storage.js';
import { store } from './store.js';

/**
 * The `n` of that message, or undefined.
 * @param {string} room
 * @returns {number | undefined}
 */
export function dismissedPin(room) {
  return pins()[room];
}

/**
 * Hides the line until something else is pinned; with 0 it is shown again.
 * @param {string} room
 * @param {number} n
 */
export function dismissPin(room, n) {
  browserStorage.set('pins', { ...pins(), [room]: n || undefined });
  store.changed('pins');
}

/** @returns {Record<string, number>} */
function pins() {
  return browserStorage.get('pins', {});
}
