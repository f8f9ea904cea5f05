/** Tells the hub how far the person has read, so that their other devices know. */
/** @import { Command } from './types.d.ts' */
const EVERY = 1000; // minimum ms between two receipts for one room, however many messages arrive

export class ReadReceipts {
  #send;
  /** @type {Map<string, number>} */
  #told = new Map(); // room -> the `n` that the hub knows
  /** @type {Map<string, number>} */
  #timers = new Map();

  /**
   * `send(command)` says whether it could be sent.
   * @param {(command: Command) => boolean} send
   */
  constructor(send) {
    this.#send = send;
  }

  /**
   * What the hub knows after a handshake: room -> n.
   * @param {Record<string, number>} read
   */
  reset(read) {
    this.#told = new Map(Object.entries(read));
  }

  /** @param {{ name: string, read: number }} room */
  tell(room) {
    if (this.#timers.has(room.name) || room.read <= (this.#told.get(room.name) ?? 0)) return;
    if (!this.#send({ do: 'seen', room: room.name, n: room.read })) return;
    this.#told.set(room.name, room.read);
    this.#timers.set(room.name, setTimeout(() => {
      this.#timers.delete(room.name);
      this.tell(room);
    }, EVERY));
  }
}
