/** Short notices that go away by themselves. */
import { snippet } from '../lib/markdown.js';
import { store } from '../lib/store.js';
import { html, repeat } from '../vendor/lit.js';
import { Component } from './component.js';
/** @import { Removal } from '../lib/types.d.ts' */

const SHOWN = 3; // at once
const DURATION = 5000; // ms
const DELAY = 100; // ms: what is already in a region when it comes up is not read out

class HearthToasts extends Component {
  static topics = ['removals'];
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
      store.watch(['removals'], () => store.removals.length && this.#rise()),
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
    const removals = store.removals.filter(({ waits }) => waits);
    return html`<div class="toasts" role="status" popover="manual">${
      repeat(removals, ({ key }) => key, (removal) => this.#undoable(removal))}${toasts}</div>`;
  }

  /** @param {Removal} removal */
  #undoable({ n, text }) {
    return html`<p class="toast undoable"><span dir="auto">Removing “<bdi>${snippet(text, 40)}</bdi>”</span>
      <button type="button" @click=${() => this.#undo(n)}>Undo</button></p>`;
  }

  // The button goes, and whoever pressed it goes on where they were.
  /** @param {number} n */
  #undo(n) {
    this.raise('undo-removal', { n });
    setTimeout(() => document.activeElement === document.body && this.raise('restore-focus'));
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
