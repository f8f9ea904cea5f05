/** How files are added: with a mouse by the system's own window at once, on a phone by a card with more ways. */
import { html } from '../vendor/lit.js';
import { chooseFiles } from './choose-files.js';
import { menuItem } from './menu-item.js';
import { Sheet } from './sheet.js';
/** @import { HearthComposer } from './composer.js' */

const touch = matchMedia('(pointer: coarse), (max-width: 759px)');

export class HearthFileMenu extends Sheet {
  /** @type {HearthComposer | null} */
  #composer = null;

  /** @param {HearthComposer} composer */
  begin(composer) {
    this.#composer = composer;
    if (touch.matches) this.open();
    else this.#choose(false);
  }

  card() {
    return html`${this.top('Add to the message')}<div class="sheet-body"><div class="menu-list">
      ${menuItem({ name: 'clip', label: 'Files', immediate: true, act: () => this.#choose(false) })}
      ${menuItem({ name: 'camera', label: 'Take a photo', immediate: true, act: () => this.#choose(true) })}
      ${menuItem({ name: 'poll', label: 'Make a poll', immediate: true, act: () => this.#makePoll() })}
    </div></div>`;
  }

  /** @param {boolean} camera */
  async #choose(camera) {
    const composer = this.#composer;
    // Before the card goes, while the browser knows who pressed.
    const chosen = chooseFiles({ capture: camera ? 'photo' : '' });
    if (this.showing) this.close();
    const files = await chosen;
    if (files.length) composer?.attach(files);
  }

  #makePoll() {
    this.close();
    this.#composer?.makePoll(null);
  }
}

customElements.define('hearth-file-menu', HearthFileMenu);
