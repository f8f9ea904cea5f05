/** Why no voice message can be recorded here, and what can be done instead. */
import { html } from '../vendor/lit.js';
import { chooseFiles } from './choose-files.js';
import { menuItem } from './menu-item.js';
import { Sheet } from './sheet.js';
/** @import { HearthComposer } from './composer.js' */

const touch = matchMedia('(pointer: coarse)');

export class HearthVoiceCard extends Sheet {
  #why = '';
  /** @type {HearthComposer | null} */
  #composer = null;

  /**
   * @param {HearthComposer} composer which gets what is recorded in another way
   * @param {string} why
   */
  explain(composer, why) {
    this.#composer = composer;
    this.#why = why;
    this.open();
  }

  card() {
    const [label, note] = touch.matches
      ? ['Use this device’s recorder', 'What you record there is added to the message.']
      : ['Choose a recording', 'Make it with another program, then add it to the message.'];
    return html`${this.top('Voice message')}<div class="sheet-body"><p class="hint">${this.#why}</p>
      <div class="menu-list">${menuItem({
        name: 'mic', label, note, immediate: true, act: () => this.#choose(),
      })}</div></div>`;
  }

  async #choose() {
    const composer = this.#composer;
    const chosen = chooseFiles({ multiple: false, capture: 'sound' }); // while the browser knows who pressed
    this.close();
    const files = await chosen;
    if (files.length) composer?.attach(files);
  }
}

customElements.define('hearth-voice-card', HearthVoiceCard);
