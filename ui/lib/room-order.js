/**
 * The rooms in the order of the sidebar: general first, the others by title. Of a list that came in pieces, those of
 * each piece come behind those of the one before, so that what is in sight stays where it is.
 */
/** @import { RoomInfo } from './types.d.ts' */
const { compare } = new Intl.Collator();

export class RoomOrder {
  /** @type {Map<string, string>} */
  #known = new Map(); // piece and title by name, in order

  /**
   * Compares titles only when a room came, went or has another one: for thousands that takes long, and most changes are
   * of counts.
   * @param {RoomInfo[]} rooms
   * @returns {RoomInfo[]}
   */
  sort(rooms) {
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
