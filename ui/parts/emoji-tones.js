/** The choice of a tone of skin, for all emoji that have them. */
import { emojiTone } from '../lib/emoji-preferences.js';
import { toned } from '../lib/emoji-tone.js';
import { html } from '../vendor/lit.js';
import { Component } from './component.js';

const HAND = '✋';
/** @type {Record<string, number | undefined>} */
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export class HearthEmojiTones extends Component {
  static topics = ['preferences'];
  /** @type {string[]} */
  #names = [];

  /** Their names in the reader's language, the lightest first. */
  get names() {
    return this.#names;
  }

  set names(names) {
    this.#names = names;
    this.update();
  }

  view() {
    const chosen = emojiTone();
    return html`<div role="radiogroup" aria-label="Tone of skin" @keydown=${this.#key}>${
      ['No tone', ...this.names].map((name, tone) => html`<button type="button" role="radio" title=${name}
        aria-label=${name} aria-checked=${String(tone === chosen)} tabindex=${tone === chosen ? 0 : -1}
        @click=${() => this.#choose(tone)}>${toned(HAND, tone)}</button>`)}</div>`;
  }

  /** @param {number} tone */
  #choose(tone) {
    this.raise('prefer', { patch: { emoji: { tone: tone || null } } });
  }

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const isAlong = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    const backwards = isAlong && getComputedStyle(this).direction === 'rtl';
    const count = 1 + this.names.length;
    const tone = (emojiTone() + (backwards ? -step : step) + count) % count;
    this.#choose(tone);
    this.querySelectorAll('button')[tone].focus();
  };
}

customElements.define('hearth-emoji-tones', HearthEmojiTones);
