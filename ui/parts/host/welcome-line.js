/** Lines for a host: what one should know of how Hearth runs, and the welcome that leads to the three steps. */
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { Component } from '../component.js';
import { icon } from '../icon.js';

class HearthWelcomeLine extends Component {
  static topics = ['session', 'preferences'];
  /** @type {Set<string>} */
  #closed = new Set();

  view() {
    const { me, hub, preferences } = store;
    const told = hub.notices ?? [];
    this.#closed.forEach((text) => told.includes(text) || this.#closed.delete(text)); // it may come anew
    const notices = me?.host ? told.filter((text) => !this.#closed.has(text)) : [];
    return html`<div aria-live="polite">${notices.map((text) => this.#notice(text))}
      ${me?.host && !preferences.welcomed ? this.#welcome() : nothing}</div>`;
  }

  /** @param {string} text */
  #notice(text) {
    return html`<div class="line returning">${icon('alert')}<span dir="auto">${text}</span>
      <button type="button" class="button small" @click=${() => this.#close(text)}>Close</button></div>`;
  }

  #welcome() {
    return html`<div class="line returning">${icon('host')}
      <span><b>Welcome, host.</b> Name this Hearth, say who may come in, bring in the others.</span>
      <span class="pair"><button type="button" class="button small" @click=${() => this.#leave()}>Not now</button>
      <button type="button" class="button small primary" aria-haspopup="dialog"
        @click=${() => this.raise('show-welcome')}>Three steps</button></span></div>`;
  }

  /** @param {string} text */
  #close(text) {
    this.#closed.add(text);
    this.update();
    this.raise('restore-focus');
  }

  #leave() {
    this.raise('prefer', { patch: { welcomed: true } });
    this.raise('restore-focus');
  }
}

customElements.define('hearth-welcome-line', HearthWelcomeLine);
