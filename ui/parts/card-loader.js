/** Fetches the cards once the page has been painted, or as soon as one of them is wanted. */
import { part } from './part.js';
/** @import { PartName } from './types.d.ts' */

const whenIdle = window.requestIdleCallback ?? ((act) => setTimeout(act, 200)); // Safari lacks it

export class CardLoader {
  #failed;
  /** @type {Promise<unknown> | null} */
  #loading = null;
  #failures = 0;

  /**
   * `failed()` is called when a card was wanted and could not be fetched.
   * @param {{ failed: () => void }} on
   */
  constructor({ failed }) {
    this.#failed = failed;
  }

  loadWhenIdle() {
    whenIdle(() => this.#load().catch(() => {})); // when one is wanted, it is tried again
  }

  /**
   * The card of this name, ready to be opened; null if it cannot be fetched or is not in the page.
   * @template {PartName} N
   * @param {N} name
   */
  async get(name) {
    try {
      await this.#load();
    } catch {
      this.#failed();
      return null;
    }
    return part(name);
  }

  #load() {
    this.#loading ??= this.#import().catch((error) => {
      this.#loading = null;
      this.#failures += 1;
      throw error;
    });
    return this.#loading;
  }

  // Browsers remember that an address of a module failed. What it imports has the same addresses as before.
  #import() {
    return this.#failures ? import(`./cards.js?${this.#failures}`) : import('./cards.js');
  }
}
