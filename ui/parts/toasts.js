/** Short notices that go away by themselves. */
import { store } from '../lib/store.js';
import { html } from '../vendor/lit.js';
import { Component } from './component.js';

const SHOWN = 3; // at once
const DURATION = 5000; // ms
const DELAY = 100; // ms: what is already in a region when it comes up is not read out

class HearthToasts extends Component {
  /** @type {string[]} */
  #texts = [];
  /** @type {Set<string>} */
  #coming = new Set();
  /** @type {HTMLElement | null} */
  #box = null;
  /** @type {(() => void)[]} */
  #unwatchNotices = [];

  connectedCallback() {
    super.connectedCallback();
    this.#unwatchNotices = [
      store.watch(['notice'], ({ detail: text }) => this.#add(text)),
      store.watch(['retracted'], ({ detail: text }) => this.#drop(text)),
    ];
    document.addEventListener('close', this.#rise, true);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const unwatch of this.#unwatchNotices) unwatch();
    document.removeEventListener('close', this.#rise, true);
  }

  view() {
    const toasts = this.#texts.map((text) => html`<p class="toast">${text}</p>`);
    return html`<div class="toasts" role="status" popover="manual">${toasts}</div>`;
  }

  /** @param {string} text */
  #add(text) {
    this.#rise();
    this.#coming.add(text);
    setTimeout(() => {
      if (!this.#coming.delete(text)) return;
      this.#texts = [...this.#texts.filter((other) => other !== text), text].slice(-SHOWN);
      this.update();
    }, DELAY);
    setTimeout(() => this.#drop(text), DURATION);
  }

  /** @param {string} text */
  #drop(text) {
    this.#coming.delete(text);
    this.#texts = this.#texts.filter((other) => other !== text);
    this.update();
  }

  // Above whatever dialog is open by now, and in it: a dialog silences everything else on the page.
  #rise = () => {
    const box = this.#box ??= this.querySelector('.toasts');
    if (!box) return;
    ([...document.querySelectorAll('dialog[open]')].pop() ?? this).append(box);
    if (box.showPopover) box.showPopover();
    else box.removeAttribute('popover');
  };
}

customElements.define('hearth-toasts', HearthToasts);
