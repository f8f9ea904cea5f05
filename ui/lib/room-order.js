/** The rooms in the order of the sidebar: general first, the others by title. */
/** @import { RoomInfo } from './types.d.ts' */
const { compare } = new Intl.Collator();

export class RoomOrder {
  /** @type {Map<string, string>} */
  #titles = new Map(); // by name, in order

  /**
   * Compares titles only when a room came, went or has another one: for thousands that takes long, and most changes are
   * of counts.
   * @param {RoomInfo[]} rooms
   * @returns {RoomInfo[]}
   */
  sort(rooms) {
    const known = this.#titles;
    if (rooms.length !== known.size || rooms.some(({ name, title }) => known.get(name) !== title)) {
      const rank = (/** @type {RoomInfo} */ { name }) => (name === 'general' ? 0 : 1);
      rooms.sort((a, b) => rank(a) - rank(b) || compare(a.title, b.title));
      this.#titles = new Map(rooms.map(({ name, title }) => [name, title]));
      return rooms;
    }
    const byName = new Map(rooms.map((room) => [room.name, room]));
    return [...known.keys()].map((name) => /** @type {RoomInfo} */ (byName.get(name)));
  }
}
