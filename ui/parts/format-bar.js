/** The bar of marks above the text box. It is one stop of the Tab key, and arrows go along it. */
import { html } from '../vendor/lit.js';
import { Component } from './component.js';
/** @import { MarkName } from '../lib/types.d.ts' */

/** @type {[name: MarkName, label: string, path: string][]} */
const MARKS = [
  ['bold', 'Bold', 'M7.5 5h5.2a3.3 3.3 0 0 1 0 6.7H7.5Zm0 6.7h6a3.6 3.6 0 0 1 0 7.3h-6Z'],
  ['italic', 'Italic', 'M10.5 5h6M7.5 19h6M14 5l-4 14'],
  ['strike', 'Strikethrough', 'M4.5 12h15M16 8c-.3-2-1.8-3.2-4-3.2S8 6 8 7.8C8 9.6 9.4 10.5 12 11.2M8 16c.4 2 2 3.2'
    + ' 4.1 3.2 2.3 0 4-1.3 4-3.3 0-1.3-.7-2.2-1.6-2.9'],
  ['code', 'Code', 'm8.5 7.5-5 4.5 5 4.5M15.5 7.5l5 4.5-5 4.5M13.5 5.5l-3 13'],
  ['quote', 'Quote', 'M5 5v14M9.5 8H19M9.5 12H19M9.5 16h6'],
  ['list', 'List', 'M5 7h.01M5 12h.01M5 17h.01M9.5 7H19M9.5 12H19M9.5 17H19'],
  ['link', 'Link', 'M10 13.5a3.6 3.6 0 0 0 5.2.3l2.8-2.8a3.6 3.6 0 0 0-5.1-5.1l-1 1M14 10.5a3.6 3.6 0 0 0-5.2-.3L6 13'
    + 'a3.6 3.6 0 0 0 5.1 5.1l1-1'],
  ['spoiler', 'Spoiler', 'M4 4l16 16M9.5 5.4A9.6 9.6 0 0 1 12 5c5.5 0 9 7 9 7a16 16 0 0 1-2.4 3.3M6.3 7.2A15.4 15.4 0 0'
    + ' 0 3 12s3.5 7 9 7a8.8 8.8 0 0 0 4.6-1.4M9.9 10a3 3 0 0 0 4.1 4.2'],
];
/** @type {Record<string, number | undefined>} */
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

class HearthFormatBar extends Component {
  /** @type {(name: MarkName) => void} */
  choose = () => {};
  #active = 0; // where the Tab key comes to

  view() {
    return html`<div class="format-bar" role="toolbar" aria-label="Format"
      @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event)}
      @mousedown=${(/** @type {Event} */ event) => event.preventDefault()}>${
        MARKS.map((mark, at) => this.#button(mark, at))}</div>`;
  }

  /**
   * @param {[MarkName, string, string]} mark
   * @param {number} at
   */
  #button([name, label, path], at) {
    return html`<button type="button" class="knob" aria-label=${label} title=${label}
      tabindex=${at === this.#active ? 0 : -1} @click=${() => this.choose(name)}
      @focus=${() => this.#stopAt(at)}><svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path
      d=${path}></path></svg></button>`;
  }

  /** @param {number} at */
  #stopAt(at) {
    this.#active = at;
    this.update();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const buttons = [...this.querySelectorAll('button')];
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const along = getComputedStyle(this).direction === 'rtl' ? -step : step;
    buttons[(this.#active + along + buttons.length) % buttons.length].focus();
  }
}

customElements.define('hearth-format-bar', HearthFormatBar);
