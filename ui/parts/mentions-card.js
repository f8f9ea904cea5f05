/** The card of what mentions or answers me, in all rooms, the newest first. */
import { saidText } from '../lib/said-text.js';
import { store } from '../lib/store.js';
import { clock, dayName, full } from '../lib/time.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { avatarIcon } from './avatar-icon.js';
import { Sheet } from './sheet.js';
/** @import { MentionOfMe } from '../lib/types.d.ts' */

export class HearthMentionsCard extends Sheet {
  static topics = ['rooms'];
  /** @type {MentionOfMe[] | null} */
  #found = null;
  #next = ''; // where the list goes on
  #count = 0; // what was unread when the list was fetched

  show() {
    this.#found = null;
    this.open();
    this.#load();
  }

  update() {
    super.update();
    if (this.showing && store.mentions() !== this.#count) this.#load(); // more came, or some were read
  }

  card() {
    const found = this.#found ?? [];
    return html`${this.top('Mentions')}<div class="sheet-body">
      ${this.faultLine()}
      <ul class="lines" aria-busy=${String(!this.#found && !this.fault)}>${
        repeat(found, ({ room, n }) => `${room} ${n}`, (mention) => this.#mention(mention))}
      ${this.#found && !found.length
        ? html`<li class="nobody">Nothing yet. What mentions you with an @, or answers you, is found here.</li>`
        : nothing}</ul>
      ${this.#next ? this.#moreButton() : nothing}
    </div>`;
  }

  #moreButton() {
    return html`<div class="card-foot centre"><button type="button" class="button"
      aria-disabled=${String(this.busy)} @click=${() => this.attempt(() => this.#more())}>Show more</button></div>`;
  }

  /** @param {MentionOfMe} mention */
  #mention({ room, title, n, at, by, who, unread, ...said }) {
    return html`<li><button type="button" class="item mention-item ${unread ? 'unread' : ''}"
        @click=${() => this.#open(room, n)}>${avatarIcon(who ?? by, by)}<span class="what"><span
          class="names"><b><bdi>${by}</bdi></b> <small>in <bdi>${title}</bdi>, <time datetime=${at}
          title=${full(at)}>${dayName(at)}, ${clock(at)}</time></small>${unread
            ? html`<span class="tag ember">unread</span>`
            : nothing}</span>
        <span class="said" dir="auto">${saidText(said) || 'Sent a file'}</span></span></button></li>`;
  }

  /**
   * @param {string} room
   * @param {number} n
   */
  #open(room, n) {
    this.close();
    this.raise('open-message', { room, n });
  }

  async #load() {
    const count = this.#count = store.mentions();
    try {
      const { mentions, next = '' } = await this.request('mentions', { after: '' });
      if (count === this.#count) [this.#found, this.#next, this.fault] = [mentions, next, ''];
    } catch (problem) {
      this.fault = problem.message;
    }
    this.update();
  }

  async #more() {
    const { mentions, next = '' } = await this.request('mentions', { after: this.#next });
    this.#found = [...this.#found ?? [], ...mentions];
    this.#next = next;
  }
}

customElements.define('hearth-mentions-card', HearthMentionsCard);
