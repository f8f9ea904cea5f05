/** One hint above the message box, while nothing is being written. A click, or doing it, dismisses it for good. */
import { hintsDoneBy, nextHint } from '../lib/hints.js';
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { Component } from './component.js';
import { icon } from './icon.js';
/** @import { Hint } from '../lib/hints.js' */

const PAUSE = 60000; // ms between two hints

class HearthHintLine extends Component {
  static topics = ['preferences', 'session', 'room'];
  #until = 0; // no hint before
  #shown = ''; // the name of the hint that is there
  #touch = matchMedia('(pointer: coarse)');

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('hearth-say', this.#said);
    document.addEventListener('hearth-show-help', this.#helped);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('hearth-say', this.#said);
    document.removeEventListener('hearth-show-help', this.#helped);
  }

  view() {
    const welcome = store.me?.host && !store.preferences.welcomed; // one thing at a time
    const hint = welcome || Date.now() < this.#until ? null : nextHint(store.preferences, this.#touch.matches);
    this.#shown = hint?.name ?? '';
    return html`<div aria-live="polite">${hint ? this.#hint(hint) : nothing}</div>`;
  }

  /** @param {Hint} hint */
  #hint({ name, text }) {
    return html`<div class="line hint-line">${icon('help')}<span>${text}</span>
      <button type="button" class="knob" aria-label="Dismiss this hint" title="Dismiss"
        @click=${() => this.#dismiss([name])}>${icon('close')}</button></div>`;
  }

  /** @param {Event} event */
  #said = (event) => this.#dismiss(hintsDoneBy(/** @type {CustomEvent} */ (event).detail.text));

  #helped = () => this.#dismiss(['keys']);

  /** @param {string[]} names */
  #dismiss(names) {
    const fresh = names.filter((name) => !Object.hasOwn(store.preferences.hints ?? {}, name));
    if (!fresh.length) return;
    const focused = this.contains(document.activeElement);
    if (fresh.includes(this.#shown)) {
      this.#until = Date.now() + PAUSE;
      setTimeout(() => this.update(), PAUSE);
    }
    this.raise('prefer', { patch: { hints: Object.fromEntries(fresh.map((name) => [name, true])) } });
    if (focused) this.raise('restore-focus');
  }
}

customElements.define('hearth-hint-line', HearthHintLine);
