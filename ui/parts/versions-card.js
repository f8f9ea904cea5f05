/** The card of what a message said before it was edited, the newest first. */
import { store } from '../lib/store.js';
import { clock, dayName, full } from '../lib/time.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { textBlock } from './message-text.js';
import { Sheet } from './sheet.js';
/** @import { Message, Version } from '../lib/types.d.ts' */

export class HearthVersionsCard extends Sheet {
  static topics = ['messages'];
  #room = '';
  #n = 0;
  /** @type {Message | undefined} */
  #message; // as it was when its versions were asked for
  /** @type {Version[] | null} */
  #versions = null;

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
      <ol class="lines" aria-busy=${String(!this.#versions && !this.fault)}>${
        repeat(this.#versions ?? [], ({ n }) => n, (version) => this.#version(version))}
      ${this.#versions?.length === 0 ? html`<li class="nobody">This message was removed.</li>` : nothing}</ol>
    </div>`;
  }

  /** @param {Version} version */
  #version({ n, at, text }) {
    const mark = n === this.#n ? 'As it was written' : n === this.#versions?.[0].n ? 'As it is now' : '';
    return html`<li class="version"><p class="names"><time datetime=${at} title=${full(at)}>${dayName(at)}, ${
      clock(at)}</time>${mark ? html`<span class="tag">${mark}</span>` : nothing}</p>${
      textBlock({ text }, null, Infinity)}</li>`;
  }

  async #load() {
    const [room, n] = [this.#room, this.#n];
    this.#message = store.room?.message(n);
    try {
      const versions = await this.request('versions', { room, n });
      if (n === this.#n) [this.#versions, this.fault] = [versions, ''];
    } catch (problem) {
      this.fault = problem.message;
    }
    this.update();
  }
}

customElements.define('hearth-versions-card', HearthVersionsCard);
