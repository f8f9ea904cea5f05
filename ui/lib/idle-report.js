/**
 * Tells the hub when somebody last touched the page or a key. The hub keeps the time, so that it does not matter that
 * browsers slow down the timers of pages in the background.
 */
/** @import { Command } from './types.d.ts' */

const AWAY = 300000; // ms
const EVERY = 60000; // ms for which the hub need not be told that somebody is still there
const REST = 10000; // ms after a sign in which frequent ones tell nothing new
const SIGNS = ['keydown', 'pointerdown', 'focus'];
const FREQUENT = ['pointermove', 'wheel'];
const CAPTURE = { capture: true, passive: true };

export class IdleReport {
  #send;
  #touched = Date.now();
  #told = 0; // the touch that the hub knows of
  #timer = 0;
  #rest = 0; // the timer after which frequent signs are listened for again

  /** @param {(command: Command) => boolean} send says whether it could be sent */
  constructor(send) {
    this.#send = send;
    for (const sign of SIGNS) addEventListener(sign, this.#touch, CAPTURE);
    this.#listen();
    this.#wait();
  }

  /** The hub knows nothing any more: the connection is a new one. */
  renew() {
    this.#tell();
  }

  #listen() {
    for (const sign of FREQUENT) addEventListener(sign, this.#touch, CAPTURE);
  }

  // A page that hears of each turn of the wheel scrolls less evenly.
  #touch = () => {
    for (const sign of FREQUENT) removeEventListener(sign, this.#touch, CAPTURE);
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#listen(), REST);
    this.#touched = Date.now();
    if (this.#touched - this.#told >= EVERY) this.#tell();
  };

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
