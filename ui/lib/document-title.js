/** @import { Store } from './store.js' */

/**
 * The title of the page: the room on view, and how many messages are unread in all rooms.
 * @param {Store} store
 */
export function keepTitle(store) {
  store.watch(['room', 'rooms', 'messages', 'session', 'preferences'], () => {
    const name = store.phase === 'in' && store.room?.name;
    const count = name ? store.unread() : 0;
    const hub = store.hub.name;
    const text = name ? `${count ? `(${count}) ` : ''}${store.roomTitle(name)} · ${hub}` : hub;
    if (document.title !== text) document.title = text;
  });
}
