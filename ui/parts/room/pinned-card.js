/** The card of all that is pinned in the room on view. */
import { dismissedPin } from '../../lib/dismissed-pins.js';
import { saidText } from '../../lib/said-text.js';
import { store } from '../../lib/store.js';
import { clock, dayName } from '../../lib/time.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { avatarIcon } from '../avatar-icon.js';
import { Sheet } from '../sheet.js';
/** @import { Quote } from '../../lib/types.d.ts' */

const SHOWN = 50;
/** @type {Partial<Quote>} */
const NONE = {};

export class HearthPinnedCard extends Sheet {
  static topics = ['messages', 'history', 'room', 'pins'];

  update() {
    super.update();
    if (this.showing && !store.room?.pinned().length) this.close();
  }

  card() {
    const { room } = store;
    if (!room?.pinned().length) return nothing;
    const pins = room.pinned();
    const { may_write: write } = store.roomInfo(room.name);
    return html`${this.top('Pinned messages')}<div class="sheet-body">
      <ul class="lines">${repeat(pins.slice(0, SHOWN), (n) => n, (n) => this.#pin(n, room.quote(n), write))}
        ${pins.length > SHOWN ? html`<li class="nobody">and ${pins.length - SHOWN} more</li>` : nothing}</ul>
      ${dismissedPin(room.name) === pins[0] ? this.#showButton() : nothing}
    </div>`;
  }

  /**
   * @param {number} n
   * @param {Quote | null} message
   * @param {boolean} write
   */
  #pin(n, message, write) {
    if (!message) this.raise('need-quote', { n });
    const { by = '', who, at } = message ?? NONE;
    const words = message ? saidText(message, 300) : 'An earlier message';
    const when = at ? `${dayName(at)}, ${clock(at)}` : nothing;
    return html`<li class="pin-item"><button type="button" class="item" @click=${() => this.#go(n)}>
        ${avatarIcon(who ?? by, by || '…')}
        <span class="what"><span class="names"><b><bdi>${by}</bdi></b> <small>${when}</small></span>
          <span class="pin-text" dir="auto">${words}</span></span></button>
      ${write ? this.#unpinButton(n, `${by}: ${saidText(message ?? NONE, 60)}`) : nothing}
    </li>`;
  }

  /**
   * @param {number} n
   * @param {string} what
   */
  #unpinButton(n, what) {
    return html`<button type="button" class="button small" aria-label=${`Unpin ${what}`}
      @click=${() => this.raise('pin', { n })}>Unpin</button>`;
  }

  #showButton() {
    return html`<div class="card-foot"><button type="button" class="button"
      @click=${() => this.#showLine()}>Show above the messages</button></div>`;
  }

  /** @param {number} n */
  #go(n) {
    this.close();
    this.raise('jump', { n });
  }

  #showLine() {
    this.raise('dismiss-pin', { n: 0 });
    this.close();
  }
}

customElements.define('hearth-pinned-card', HearthPinnedCard);
