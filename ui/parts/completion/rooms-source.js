/** Rooms for `#`: those of the list, and others that the hub finds. Not conversations of two. */
import { matching } from '../../lib/matching.js';
import { store } from '../../lib/store.js';
/** @import { CompletionItem, CompletionSource } from '../types.d.ts' */

/** @type {CompletionSource} */
export const ROOMS = {
  sign: '#',
  label: 'Rooms',
  find: (query) => offered(query),
  more: async (query, asker) => {
    await asker.request('find-rooms', { text: query });
    return offered(query);
  },
};

/** @param {string} query */
function offered(query) {
  const rooms = [...new Set(['general', ...store.rooms.keys()])].map((name) => store.roomInfo(name));
  const shared = rooms.filter(({ kind, archived }) => kind !== 'direct' && !archived);
  /** @type {CompletionItem[]} */
  const items = matching(shared, query, ({ title }) => title).map(({ name, title, kind, topic }) => ({
    id: name, label: title, hint: topic.slice(0, 60), icon: kind === 'private' ? 'lock' : 'room', insert: `#${name}`,
  }));
  return items;
}
