/** Short notices that go away by themselves. */
import { store } from '../lib/store.js';
import { html } from '../vendor/lit.js';
import { Component } from './component.js';

class HearthToasts extends Component {
  #said = [];
  #soon = new Set();
  #box = null;

  connectedCallback() {
    super.connectedCallback();
    store.addEventListener('notice', this.#hear);
    store.addEventListener('settled', this.#drop);
    document.addEventListener('close', this.#rise, true);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    store.removeEventListener('notice', this.#hear);
    store.removeEventListener('settled', this.#drop);
    document.removeEventListener('close', this.#rise, true);
  }

  #hear = ({ detail }) => {
    this.#rise();
    this.#soon.add(detail);
    setTimeout(() => { // what is already there when a region comes up is not read out
      if (!this.#soon.delete(detail)) return;
      this.#said = [...this.#said.filter((text) => text !== detail), detail].slice(-3);
      this.update();
    }, 100);
    setTimeout(() => this.#drop({ detail }), 5000);
  };

  #drop = ({ detail }) => {
    this.#soon.delete(detail);
    this.#said = this.#said.filter((text) => text !== detail);
    this.update();
  };

  view() {
    return html`<div class="toasts" role="status" popover="manual">${this.#said.map((text) => html`<p class="toast">${text}</p>`)}</div>`;
  }

  // Above whatever dialog is open by now, and in it: a dialog silences everything else on the page.
  #rise = () => {
    const box = this.#box ??= this.firstElementChild;
    if (!box) return;
    ([...document.querySelectorAll('dialog[open]')].pop() ?? this).append(box);
    if (box.showPopover) box.showPopover();
    else box.removeAttribute('popover');
  };
}

customElements.define('hearth-toasts', HearthToasts);
