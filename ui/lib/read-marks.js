/** How far each room was read in this browser. */
/** @import { Memory } from './types.d.ts' */
export class ReadMarks {
  /** @type {Memory} */
  #memory;
  /** @type {Record<string, number>} */
  #marks;

  /** @param {Memory} memory */
  constructor(memory) {
    this.#memory = memory;
    this.#marks = memory.get('reads', {});
  }

  /**
   * The `n` of the last event read, or null.
   * @param {string} room
   */
  of(room) {
    return Object.hasOwn(this.#marks, room) ? Number(this.#marks[room]) : null;
  }

  /**
   * @param {string} room
   * @param {number} n
   */
  set(room, n) {
    this.#marks = { ...this.#memory.get('reads', {}), [room]: n }; // another tab may have written meanwhile
    this.#memory.set('reads', this.#marks);
  }
}
