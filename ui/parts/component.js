/** The base of all parts: draws itself into the light DOM, again whenever one of its topics of the store changes. */
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

  /** Draws soon and once, however often it is called meanwhile. */
  update() {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      if (this.isConnected) render(this.view(), this);
    });
  }

  /** Says what the person wants, by a name of `actions.js`. */
  raise(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`hearth-${name}`, { bubbles: true, detail }));
  }

  /** Asks for something by a name of `lib/requests.js`; resolves to the answer, or rejects with a Problem. */
  request(name, detail = {}) {
    return new Promise((answer) => this.raise('request', { name, detail, answer }));
  }
}
