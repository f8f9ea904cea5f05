/** The rooms held in memory, in the order in which they were last opened. */
import { Room } from './room.js';
/** @import { IsMuted } from './types.d.ts' */

const LIMIT = 8; // rooms held besides those with unsent messages

export class RoomCache {
  /** @type {Map<string, Room>} */
  #rooms = new Map();
  #muted;
  #isUnsent;

  /**
   * `muted(message)` is for the rooms; a room for which `isUnsent(name)` holds stays.
   * @param {{ muted: IsMuted, isUnsent: (name: string) => boolean }} parts
   */
  constructor({ muted, isUnsent }) {
    this.#muted = muted;
    this.#isUnsent = isUnsent;
  }

  /** @param {string} name */
  get(name) {
    return this.#rooms.get(name);
  }

  /**
   * The room, made if it is not held.
   * @param {string} name
   */
  open(name) {
    const room = this.#rooms.get(name) ?? new Room(name, { muted: this.#muted });
    this.#rooms.delete(name);
    this.#rooms.set(name, room);
    for (const old of this.#rooms.keys()) {
      if (this.#rooms.size <= LIMIT) break;
      if (!this.#isUnsent(old)) this.#rooms.delete(old);
    }
    return room;
  }

  /** @param {string} name */
  delete(name) {
    this.#rooms.delete(name);
  }

  clear() {
    this.#rooms.clear();
  }
}
