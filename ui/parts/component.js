/** The base of all parts: draws itself into the light DOM, again whenever one of its topics changes. */
import { render } from '../vendor/lit.js';
import { store } from '../lib/store.js';

export class Component extends HTMLElement {
  static topics = [];
  #unwatch = null;
  #due = false;

  connectedCallback() {
    this.#unwatch = store.watch(this.constructor.topics, () => this.update());
    this.update();
  }

  disconnectedCallback() {
    this.#unwatch?.();
  }

  /** Draws soon, once, however often it was asked. */
  update() {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      if (this.isConnected) render(this.view(), this);
    });
  }

  /** Tells main what the person wants; see `main.js` for the names. */
  raise(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`hearth-${name}`, { bubbles: true, detail }));
  }

  /** Asks main for something: gives the answer, or throws a Problem. See `lib/requests.js` for the names. */
  request(name, detail = {}) {
    return new Promise((answer) => this.raise('request', { name, detail, answer }));
  }
}
