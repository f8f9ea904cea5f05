/** The card of all reactions to a message, with who chose each. */
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { Sheet } from './sheet.js';
/** @import { Message, Reaction } from '../lib/types.d.ts' */

const SHOWN = 100; // reactions, and as many more each time
const NAMED = 200; // people named for one reaction

export class HearthReactionsCard extends Sheet {
  static topics = ['messages', 'history'];
  /** @type {Message | null} */
  #message = null;
  #shown = SHOWN;

  /** @param {Message} message */
  show(message) {
    this.#message = message;
    this.#shown = SHOWN;
    this.open();
  }

  card() {
    const { room, n } = this.#message ?? {};
    const now = store.room && store.room.name === room && n ? store.room.message(n) : null;
    const { reactions = [] } = now ?? this.#message ?? {};
    const rest = reactions.length - this.#shown;
    return html`${this.top('Reactions')}<div class="sheet-body">
      <ul class="lines">${reactions.slice(0, this.#shown).map(line)}
        ${reactions.length ? nothing : html`<li class="nobody">Nobody has reacted.</li>`}</ul>
      ${rest > 0
        ? html`<div class="card-foot centre"><button type="button" class="button"
          @click=${() => this.#more()}>Show more, ${rest.toLocaleString('en')} left</button></div>`
        : nothing}
    </div>`;
  }

  closed() {
    this.#message = null;
  }

  #more() {
    this.#shown += SHOWN;
    this.update();
  }
}

/** @param {Reaction} reaction */
function line({ text, names }) {
  const rest = names.length - NAMED;
  return html`<li class="item reaction"><span class="emoji">${text.slice(0, 16)}</span><span class="what"><span>${
    names.slice(0, NAMED).map((name, at) => html`${at ? ', ' : ''}<bdi>${name}</bdi>`)}${
    rest > 0 ? ` and ${rest.toLocaleString('en')} more` : ''}</span></span></li>`;
}

customElements.define('hearth-reactions-card', HearthReactionsCard);
