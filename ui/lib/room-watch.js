/** Tells the hub which rooms the list shows, where there are so many that it tells of all only now and then. */
/** @import { Command } from './types.d.ts' */
const MANY = 50; // rooms: the hub tells everybody of so many at once
const MOST = 100; // rooms that the hub lets a client watch
const EVERY = 1000; // minimum ms between two commands, however far somebody scrolls

export class RoomWatch {
  #send;
  /** @type {string[]} */
  #names = [];
  #told = '';
  #timer = 0;

  /**
   * `send(command)` says whether it could be sent.
   * @param {(command: Command) => boolean} send
   */
  constructor(send) {
    this.#send = send;
  }

  /**
   * These rooms are drawn in the list, which has `count`.
   * @param {string[]} names
   * @param {number} count
   */
  show(names, count) {
    this.#names = count > MANY ? names.slice(0, MOST) : [];
    if (!this.#timer) this.#tell();
  }

  /** The hub knows nothing any more: the connection is a new one. */
  renew() {
    this.#told = '';
    this.#tell();
  }

  #tell() {
    const names = this.#names.join(' ');
    if (names === this.#told || !this.#send({ do: 'watch', rooms: this.#names })) return;
    this.#told = names;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.#tell();
    }, EVERY);
  }
}
