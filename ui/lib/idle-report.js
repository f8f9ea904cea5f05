/**
 * Tells the hub when somebody last touched the page or a key. The hub keeps the time, so that it does not matter that
 * browsers slow down the timers of pages in the background.
 */
/** @import { Command } from './types.d.ts' */

const AWAY = 300000; // ms
const EVERY = 60000; // ms for which the hub need not be told that somebody is still there
const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'focus'];

export class IdleReport {
  #send;
  #touched = Date.now();
  #told = 0; // the touch that the hub knows of
  #timer = 0;

  /** @param {(command: Command) => boolean} send says whether it could be sent */
  constructor(send) {
    this.#send = send;
    for (const sign of SIGNS) addEventListener(sign, () => this.#touch(), { capture: true, passive: true });
    this.#wait();
  }

  /** The hub knows nothing any more: the connection is a new one. */
  renew() {
    this.#tell();
  }

  #touch() {
    this.#touched = Date.now();
    if (this.#touched - this.#told >= EVERY) this.#tell();
  }

  #tell() {
    const seconds = Math.round((Date.now() - this.#touched) / 1000);
    if (this.#send({ do: 'idle', seconds })) this.#told = this.#touched;
  }

  #wait() {
    const left = this.#touched + AWAY - Date.now();
    if (left <= 0) this.#tell();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#wait(), left > 0 ? left : AWAY);
  }
}
