/** The base of all parts: draws itself into the light DOM, again whenever one of its topics of the store changes. */
import { nothing, render } from '../vendor/lit.js';
import { store } from '../lib/store.js';
/** @import { Requests } from '../lib/types.d.ts' */

export class Component extends HTMLElement {
  /** @type {string[]} */
  static topics = [];
  /** @type {(() => void) | null} */
  #unwatch = null;
  #due = false;

  connectedCallback() {
    this.#unwatch = store.watch(/** @type {typeof Component} */ (this.constructor).topics, () => this.update());
    this.update();
  }

  disconnectedCallback() {
    this.#unwatch?.();
  }

  /**
   * What is drawn, as a template of lit.
   * @returns {unknown}
   */
  view() {
    return nothing;
  }

  /** Draws soon and once, however often it is called meanwhile. */
  update() {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      if (this.isConnected) render(this.view(), this);
    });
  }

  /**
   * Says what the person wants, by a name of `actions.js`.
   * @param {string} name
   * @param {object} detail
   */
  raise(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`hearth-${name}`, { bubbles: true, detail }));
  }

  /**
   * Asks for something by a name of `lib/requests.js`; resolves to the answer, or rejects with a Problem.
   * @template {keyof Requests} K
   * @param {K} name
   * @param {Partial<Requests[K]>} detail
   * @returns {Promise<any>}
   */
  request(name, detail = {}) {
    return new Promise((answer) => this.raise('request', { name, detail, answer }));
  }
}
