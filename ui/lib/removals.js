/**
 * Messages that are about to be removed. The hub overwrites their text in the file, so it is told only once the time to
 * undo it is over, or the reader leaves. A removal survives a reload of the page and a hub that is away.
 */
import { newKey } from './random-key.js';
import { saidText } from './said-text.js';
/** @import { Store } from './store.js' */
/** @import { Api, Memory, Message, Removal } from './types.d.ts' */

const UNDO = 6000; // ms
const AGAIN = 3000; // ms until a hub that could not be reached is told again
const SHOWN = 5000; // ms for which the event may come after the answer

export class Removals {
  #store;
  #api;
  #memory;
  /** @type {Removal[]} */
  #all = [];

  /** @param {{ store: Store, api: Api, memory: Memory }} parts */
  constructor({ store, api, memory }) {
    this.#store = store;
    this.#api = api;
    this.#memory = memory;
  }

  /**
   * Carries out what this person began before a reload, and forgets what another one did in this tab.
   * @param {string} who
   */
  resume(who) {
    if (this.#all.length) return;
    const kept = this.#memory.get('removals', /** @type {Removal[]} */ ([]));
    this.#change(kept.filter((removal) => removal.who === who && removal.key));
    for (const removal of this.#all) this.#send(removal);
  }

  /** @param {Message} message */
  add(message) {
    const { room, n } = message;
    if (this.#all.some((removal) => removal.room === room && removal.n === n)) return;
    const [text, who] = [saidText(message, 40), this.#store.me?.who ?? ''];
    const removal = { key: newKey(), room, n, text, who, waits: true };
    this.#change([...this.#all, removal]);
    setTimeout(() => this.#begin(removal.key), UNDO);
  }

  /**
   * Takes it back; says whether there was still time.
   * @param {string} room
   * @param {number} n
   */
  undo(room, n) {
    const rest = this.#all.filter((removal) => !(removal.waits && removal.room === room && removal.n === n));
    const found = rest.length < this.#all.length;
    if (found) this.#change(rest);
    return found;
  }

  /** Waits no longer: the room or the page is left. Resolves once the hub has answered. */
  flush() {
    return Promise.all(this.#all.filter(({ waits }) => waits).map(({ key }) => this.#begin(key)));
  }

  /** @param {string} key */
  async #begin(key) {
    const removal = this.#all.find((each) => each.key === key && each.waits);
    if (!removal) return;
    const begun = { ...removal, waits: false };
    this.#change(this.#all.map((each) => (each === removal ? begun : each)));
    await this.#send(begun);
  }

  /** @param {Removal} removal */
  async #send(removal) {
    const { room, n, key } = removal;
    try {
      await this.#api.erase(room, n, key);
      this.#keep(this.#all.filter((each) => each.key !== key));
      setTimeout(() => this.#drop(key), SHOWN);
    } catch (problem) {
      const wait = problem.retryAfter * 1000 || (problem.status && problem.status < 500 ? 0 : AGAIN);
      if (wait) {
        setTimeout(() => this.#send(removal), wait);
      } else {
        this.#drop(key);
        if (problem.code !== 'no_such_message') this.#store.notify(problem.message);
      }
    }
  }

  /** @param {string} key */
  #drop(key) {
    this.#change(this.#all.filter((each) => each.key !== key));
  }

  /** @param {Removal[]} all */
  #change(all) {
    this.#all = all;
    this.#keep(all);
    this.#store.setRemovals(all);
  }

  /** @param {Removal[]} all */
  #keep(all) {
    this.#memory.set('removals', all.length ? all : undefined);
  }
}
