/** Where the hub has a file of a room. */
import { pathOf } from './room-name.js';

/**
 * `what`: `/preview` for a small picture of it, `?download=1` for what is to be kept and not shown.
 * @param {string} room
 * @param {string} id
 * @param {'' | '/preview' | '?download=1'} what
 */
export function fileAddress(room, id, what = '') {
  return `/api/files${pathOf(room)}/${encodeURIComponent(id)}${what}`;
}
