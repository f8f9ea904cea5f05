/**
 * Coming in by way of another address of the same hub at which this browser is known. The page there makes a link that
 * only the page that asked for it can use: both carry one `state`.
 */
import { newKey } from './random-key.js';
/** @import { Store } from './store.js' */
/** @import { Api, Confirm, Memory, Navigation } from './types.d.ts' */

/** @typedef {{ at: string, name: string, ask: boolean }} Way where we went, as whom, and whether asking is left */

export class Handover {
  #store;
  #api;
  #memory;
  #confirm;
  #navigation;

  /**
   * `memory` lasts as long as the tab; `confirm(question)` resolves to whether the person says yes. `navigation` has
   * `leave(base, fragment)` for the same room at another address, `turnBack()` for the page before this one, and
   * `here`, the host of this address.
   * @param {{ store: Store, api: Api, memory: Memory, confirm: Confirm, navigation: Navigation }} parts
   */
  constructor({ store, api, memory, confirm, navigation }) {
    this.#store = store;
    this.#api = api;
    this.#memory = memory;
    this.#confirm = confirm;
    this.#navigation = navigation;
  }

  /**
   * Goes to the address `base`. `ask` says whether `name` can be recovered by asking, should that come to nothing.
   * @param {{ base: string, name: string, ask: boolean }} way
   */
  start({ base, name, ask }) {
    const state = newKey();
    this.#memory.set('state', state);
    this.#memory.set('way', { at: new URL(base).host, name, ask });
    this.#navigation.leave(base, { to: this.#navigation.here, state });
  }

  /**
   * Whether we asked for the link that came with this state; no other one is taken.
   * @param {string} state
   */
  expects(state) {
    return state === this.#memory.get('state', '');
  }

  /** We are back with a link, or in by other means. */
  end() {
    this.#memory.set('state', undefined);
    this.#memory.set('way', undefined);
  }

  /**
   * We are back without a link: returns once where from and as whom, {at, name, ask}, or null.
   * @returns {Way | null}
   */
  takeFailure() {
    const way = this.#memory.get('way', /** @type {Way | null} */ (null));
    this.#memory.set('way', undefined);
    return way?.at ? way : null;
  }

  /**
   * The page at `to` asks who we are here. The hub makes a link only for one of its own addresses.
   * @param {{ to: string, state: string }} asked
   */
  async answer({ to, state }) {
    try {
      const { url, link } = await this.#api.handOver(to, state);
      const title = `Go on as ${this.#store.me?.name} at ${to}?`;
      const text = 'You came from there a moment ago to go on as the same person. If that was not you, cancel.';
      if (await this.#confirm({ title, text, yes: 'Go on', calm: true })) this.#navigation.leave(url, { link, state });
    } catch (problem) {
      this.#store.notify(problem.message);
    }
  }

  /** Nobody is known here: back to the page that sent us. */
  turnBack() {
    this.#navigation.turnBack();
  }
}
