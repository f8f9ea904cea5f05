/** Public rooms that a person has opened in this browser, and in which nothing may have been said yet. */
/** @import { Memory } from './types.d.ts' */
const LIMIT = 50; // rooms remembered

export class OpenedRooms {
  #memory;
  #owner;

  /**
   * `owner()` is the id of the person, undefined before they are in.
   * @param {Memory} memory
   * @param {() => string | undefined} owner
   */
  constructor(memory, owner) {
    this.#memory = memory;
    this.#owner = owner;
  }

  /** @returns {string[]} */
  names() {
    return this.#owner() ? this.#memory.get(this.#key(), []) : [];
  }

  /** @param {string[]} names */
  set(names) {
    if (this.#owner()) this.#memory.set(this.#key(), [...new Set(names)].slice(-LIMIT));
  }

  #key() {
    return `opened:${this.#owner()}`;
  }
}
