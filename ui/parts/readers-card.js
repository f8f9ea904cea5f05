/** The card of who has read a message. */
import { store } from '../lib/store.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { avatarIcon } from './avatar-icon.js';
import { Sheet } from './sheet.js';
/** @import { Readers } from '../lib/types.d.ts' */

export class HearthReadersCard extends Sheet {
  static topics = ['reads'];
  #room = '';
  #n = 0;
  #known = store.reads; // when they were asked for
  /** @type {Readers | null} */
  #readers = null;

  /**
   * Shows who has read message `n` of the room on view.
   * @param {number} n
   */
  show(n) {
    this.#room = store.room?.name ?? '';
    this.#n = n;
    this.#readers = null;
    this.open();
    this.#load();
  }

  update() {
    super.update();
    if (this.showing && store.reads && store.reads !== this.#known && store.room?.name === this.#room) this.#load();
  }

  card() {
    const readers = this.#readers;
    return html`${this.top('Who has read')}<div class="sheet-body">
      ${this.faultLine()}
      ${readers ? html`<p>${this.#sum(readers)}</p>` : nothing}
      <ul class="lines" aria-busy=${String(!readers && !this.fault)}>${repeat(readers?.people ?? [], ({ who }) => who,
        ({ who, name }) => html`<li class="item">${avatarIcon(who, name)}
          <span class="what"><span><bdi>${name}</bdi></span></span></li>`)}
      ${readers && readers.count > readers.people.length
        ? html`<li class="nobody">and ${readers.count - readers.people.length} more</li>`
        : nothing}</ul>
    </div>`;
  }

  /** @param {Readers} readers */
  #sum({ count, of }) {
    if (!of) return 'There is nobody else yet who shows how far they have read.';
    return `${count} of ${of} have read this. Those who hide it are not counted.`;
  }

  async #load() {
    const [room, n] = [this.#room, this.#n];
    this.#known = store.reads;
    try {
      const readers = await this.request('readers', { room, n });
      if (n === this.#n) [this.#readers, this.fault] = [readers, ''];
    } catch (problem) {
      this.fault = problem.message;
    }
    this.update();
  }
}

customElements.define('hearth-readers-card', HearthReadersCard);
