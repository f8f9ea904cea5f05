/** The card of what a message said before it was edited, the newest first. */
import { store } from '../lib/store.js';
import { clock, dayName, full } from '../lib/time.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { textBlock } from './message-text.js';
import { Sheet } from './sheet.js';
import { isTextButton, pressTextButton } from './text-buttons.js';
/** @import { Message, Version } from '../lib/types.d.ts' */

export class HearthVersionsCard extends Sheet {
  static topics = ['messages', 'history'];
  #room = '';
  #n = 0;
  /** @type {Message | undefined} */
  #message; // as it was when its versions were asked for
  /** @type {(Version & { block: Element[] })[] | null} */
  #versions = null; // each with its text as it is drawn

  /**
   * Shows the versions of message `n` of the room on view.
   * @param {number} n
   */
  show(n) {
    this.#room = store.room?.name ?? '';
    this.#n = n;
    this.#versions = null;
    this.open();
    this.#load();
  }

  update() {
    super.update();
    const { room } = store;
    if (!this.showing || room?.name !== this.#room) return;
    if (room.message(this.#n) !== this.#message) this.#load(); // it was changed meanwhile
  }

  card() {
    return html`${this.top('Versions of this message')}<div class="sheet-body">
      ${this.faultLine()}
      <ol class="lines" aria-busy=${String(!this.#versions && !this.fault)} @click=${this.#press}>${
        repeat(this.#versions ?? [], ({ n }) => n, (version) => this.#version(version))}
      ${this.#versions?.length === 0 ? html`<li class="nobody">This message was removed.</li>` : nothing}</ol>
    </div>`;
  }

  /** @param {Version & { block: Element[] }} version */
  #version({ n, at, block }) {
    const mark = n === this.#n ? 'As it was written' : n === this.#versions?.[0].n ? 'As it is now' : '';
    return html`<li class="version"><p class="names"><time datetime=${at} title=${full(at)}>${dayName(at)}, ${
      clock(at)}</time>${mark ? html`<span class="tag">${mark}</span>` : nothing}</p>${block}</li>`;
  }

  /** @param {MouseEvent} event */
  #press = (event) => {
    const button = event.target.closest('[data-act]');
    if (!button || !isTextButton(button.dataset.act)) return;
    event.preventDefault(); // it may stand in a link
    pressTextButton(button);
  };

  async #load() {
    const [room, n] = [this.#room, this.#n];
    this.#message = store.room?.message(n);
    try {
      const versions = await this.request('versions', { room, n });
      if (n !== this.#n) return;
      this.#versions = versions.map((version) => ({ ...version, block: textBlock(version, null, Infinity) }));
      this.fault = '';
    } catch (problem) {
      this.fault = problem.message;
    }
    this.update();
  }
}

customElements.define('hearth-versions-card', HearthVersionsCard);
