/** The base of all parts: draws itself into the light DOM, again whenever one of its topics of the store changes. */
import { nothing, render } from '../vendor/lit.js';
import { store } from '../lib/store.js';
import { oncePerFrame } from './frames.js';
import { raise } from './raise.js';
/** @import { Requests } from '../lib/types.d.ts' */
/** @import { Actions, Answer, Detail } from './types.d.ts' */

export class Component extends HTMLElement {
  /** @type {string[]} */
  static topics = [];
  /** @type {string[]} */
  static frequentTopics = []; // those whose changes are drawn together with the next frame
  /** @type {(() => void) | null} */
  #unwatch = null;
  #due = false;

  connectedCallback() {
    const { topics, frequentTopics } = /** @type {typeof Component} */ (this.constructor);
    const stop = [
      store.watch(topics, () => this.update()),
      store.watch(frequentTopics, oncePerFrame(() => this.update())),
    ];
    this.#unwatch = () => stop.forEach((each) => each());
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
      if (!this.isConnected) return;
      render(this.view(), this);
      this.drawn();
    });
  }

  /** Called after each drawing. */
  drawn() {}

  /**
   * An element that the view always has.
   * @template {keyof HTMLElementTagNameMap} K
   * @param {K} name
   */
  find(name) {
    return /** @type {HTMLElementTagNameMap[K]} */ (this.querySelector(name));
  }

  /**
   * Says what the person wants, by a name of `actions.js`.
   * @template {keyof Actions} K
   * @param {K} name
   * @param {Detail<Actions[K]>} detail
   */
  raise(name, ...detail) {
    raise(this, name, ...detail);
  }

  /**
   * Asks for something by a name of `lib/requests.js`; resolves to the answer, or rejects with a Problem.
   * @template {keyof Requests} K
   * @param {K} name
   * @param {Detail<Requests[K]>} detail
   * @returns {Promise<Answer<K>>}
   */
  request(name, ...[detail = /** @type {Requests[K]} */ ({})]) {
    return new Promise((answer) => raise(this, 'request', { name, detail, answer }));
  }
}
