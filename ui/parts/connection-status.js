/** The line below the header while the connection is lost or live messages are blocked. */
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { Component } from './component.js';
import { icon } from './icon.js';
/** @import { ConnectionState } from '../lib/types.d.ts' */

const GRACE = 1200; // ms: a loss shorter than this is not worth a word

class HearthConnectionStatus extends Component {
  static topics = ['connection'];
  #since = 0;
  #timer = 0;
  #wentOffline = () => this.update();

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('offline', this.#wentOffline);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('offline', this.#wentOffline);
  }

  view() {
    const state = store.connection;
    if (state === 'live' || state === 'idle') {
      this.#since = 0;
      return html`<div role="status"></div>`;
    }
    this.#since ||= Date.now();
    clearTimeout(this.#timer);
    const early = Date.now() - this.#since < GRACE;
    if (early) this.#timer = setTimeout(() => this.update(), GRACE);
    return html`<div role="status">${early ? nothing : this.#line(state)}</div>`;
  }

  /** @param {ConnectionState} state */
  #line(state) {
    if (state === 'ended') return nothing;
    if (state === 'polling') {
      return line(icon('clock'), 'Something between here and Hearth blocks live messages. They arrive a little later.');
    }
    if (navigator.onLine === false) {
      return line(icon('alert'), 'This device has no network. What you write is kept and sent later.');
    }
    if (state === 'paused') {
      return line(icon('clock'), 'The host has paused this Hearth. What you write is kept and sent when it goes on.');
    }
    if (state === 'gone') {
      const again = html`<button type="button" @click=${() => this.raise('reconnect')}>Try now</button>`;
      return line(icon('alert'), 'Hearth cannot be reached. What you write is kept and sent later.', again);
    }
    return line(html`<span class="spinner"></span>`, state === 'opening' ? 'Connecting…' : 'Reconnecting…');
  }
}

/**
 * @param {unknown} sign
 * @param {string} words
 * @param {unknown} button
 */
function line(sign, words, button = nothing) {
  return html`<p class="line status">${sign}<span>${words}</span>${button}</p>`;
}

customElements.define('hearth-connection-status', HearthConnectionStatus);
