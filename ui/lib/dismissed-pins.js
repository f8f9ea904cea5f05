/** Which pinned message was the newest when the line above the messages was dismissed, per room, in this browser. */
import { browserStorage } from './storage.js';
import { store } from './store.js';

/** The `n` of that message, or undefined. */
export function dismissedPin(room) {
  return browserStorage.get('pins', {})[room];
}

/** Hides the line until something else is pinned; with 0 it is shown again. */
export function dismissPin(room, n) {
  browserStorage.set('pins', { ...browserStorage.get('pins', {}), [room]: n || undefined });
  store.changed('pins');
}
