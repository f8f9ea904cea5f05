/** The line below the header for a connection that is lost or late. */
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';
import { Component } from './component.js';

const PATIENCE = 1200; // a loss shorter than this is not worth a word

class HearthConnectionStatus extends Component {
  static topics = ['connection'];
  #since = 0;
  #timer = 0;

  view() {
    const state = store.connection;
    if (state === 'live' || state === 'idle') {
      this.#since = 0;
      return html`<div role="status"></div>`;
    }
    this.#since ||= Date.now();
    clearTimeout(this.#timer);
    const early = Date.now() - this.#since < PATIENCE;
    if (early) this.#timer = setTimeout(() => this.update(), PATIENCE);
    return html`<div role="status">${early ? nothing : this.#line(state)}</div>`;
  }

  #line(state) {
    const again = html`<button type="button" @click=${() => this.raise('renew')}>Try now</button>`;
    if (state === 'polling') return html`<p class="line status">${icon('clock')}<span>Something between here and Hearth blocks live messages. They arrive a little later.</span></p>`;
    if (state === 'ended') return nothing;
    if (navigator.onLine === false) return html`<p class="line status">${icon('alert')}<span>This device has no network. What you write is kept and sent later.</span></p>`;
    if (state === 'gone') return html`<p class="line status">${icon('alert')}<span>Hearth cannot be reached. What you write is kept and sent later.</span>${again}</p>`;
    return html`<p class="line status"><span class="spinner"></span><span>${state === 'opening' ? 'Connecting…' : 'Reconnecting…'}</span></p>`;
  }
}

customElements.define('hearth-connection-status', HearthConnectionStatus);
