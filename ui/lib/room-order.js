/**
 * The rooms in the order of the sidebar: by title with general first, by news, or as they were put by hand. Of a list
 * that came in pieces, those of each piece come behind those of the one before, so that what is in sight stays there.
 */
import { inHandOrder } from './room-preferences.js';
/** @import { RoomInfo, RoomSort } from './types.d.ts' */
const { compare } = new Intl.Collator();

export class RoomOrder {
  /** @type {Map<string, string>} */
  #known = new Map(); // piece and title by name, in order

  /**
   * @param {RoomInfo[]} rooms
   * @param {{ sort: RoomSort, hand: string[] }} [preferences]
   * @returns {RoomInfo[]}
   */
  sort(rooms, { sort, hand } = { sort: 'name', hand: [] }) {
    const sorted = this.#byTitle(rooms);
    if (sort === 'hand') return inHandOrder(sorted, hand);
    return sort === 'news' ? sorted.sort((a, b) => (a.piece ?? 0) - (b.piece ?? 0) || newsFirst(a, b)) : sorted;
  }

  /**
   * Compares titles only when a room came, went or has another one: for thousands that takes long, and most changes are
   * of counts.
   * @param {RoomInfo[]} rooms
   * @returns {RoomInfo[]}
   */
  #byTitle(rooms) {
    const known = this.#known;
    const place = (/** @type {RoomInfo} */ { piece = 0, title }) => `${piece} ${title}`;
    if (rooms.length !== known.size || rooms.some((room) => known.get(room.name) !== place(room))) {
      const rank = (/** @type {RoomInfo} */ { name, piece = 0 }) => (name === 'general' ? -1 : piece);
      rooms.sort((a, b) => rank(a) - rank(b) || compare(a.title, b.title));
      this.#known = new Map(rooms.map((room) => [room.name, place(room)]));
      return rooms;
    }
    const byName = new Map(rooms.map((room) => [room.name, room]));
    return [...known.keys()].map((name) => /** @type {RoomInfo} */ (byName.get(name)));
  }
}

/**
 * Compares two rooms: that comes first in which something was said last.
 * @param {Pick<RoomInfo, 'at'>} a
 * @param {Pick<RoomInfo, 'at'>} b
 */
export function newsFirst({ at: a }, { at: b }) {
  const [first, second] = [a ?? '', b ?? ''];
  return first === second ? 0 : first < second ? 1 : -1;
}
