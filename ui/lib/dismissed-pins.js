/** The pinned message that was on top when the line above the messages was put away, per room and browser. */
import { browserStorage } from './storage.js';
import { store } from './store.js';

export function dismissedPin(room) {
  return browserStorage.get('pins', {})[room];
}

export function dismissPin(room, n) {
  browserStorage.set('pins', { ...browserStorage.get('pins', {}), [room]: n || undefined });
  store.changed('pins');
}
