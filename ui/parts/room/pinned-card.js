/** The card of all that is pinned in the room on view, and the button below the people that opens it. */
import { initials, tint } from '../../lib/avatar.js';
import { dismissPin, dismissedPin } from '../../lib/dismissed-pins.js';
import { snippet } from '../../lib/markdown.js';
import { store } from '../../lib/store.js';
import { clock, dayName } from '../../lib/time.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { Component } from '../component.js';
import { icon } from '../icon.js';
import { Sheet } from '../sheet.js';

const SHOWN = 50;

class HearthPinnedCard extends Sheet {
  static topics = ['log', 'room', 'pins'];

  update() {
    super.update();
    if (this.showing && !store.room?.pinned().length) this.close();
  }

  card() {
    const { room } = store;
    const pins = room?.pinned() ?? [];
    if (!pins.length) return nothing;
    const { may_write: write } = store.placeOf(room.name);
    return html`${this.top('Pinned messages')}<div class="sheet-body">
      <ul class="lines">${repeat(pins.slice(0, SHOWN), (n) => n, (n) => this.#pin(n, room.quote(n), write))}
        ${pins.length > SHOWN ? html`<li class="nobody">and ${pins.length - SHOWN} more</li>` : nothing}</ul>
      ${dismissedPin(room.name) === pins[0] ? html`<div class="card-foot"><button type="button" class="button" @click=${() => this.#show()}>Show above the messages</button></div>` : nothing}
    </div>`;
  }

  #pin(n, message, write) {
    if (!message) this.raise('want', { n });
    const { by = '', who, at, text } = message ?? {};
    return html`<li class="pin-item"><button type="button" class="item" @click=${() => this.#go(n)}>
        <span class="avatar tint-${tint(who ?? by)}" aria-hidden="true">${initials(by || '…')}</span>
        <span class="what"><span class="names"><b><bdi>${by}</bdi></b> <small>${at ? `${dayName(at)}, ${clock(at)}` : nothing}</small></span>
          <span class="pin-text" dir="auto">${message ? snippet(text ?? '', 300) : 'An earlier message'}</span></span></button>
      ${write ? html`<button type="button" class="button small" aria-label=${`Unpin ${by}: ${snippet(text ?? '', 60)}`} @click=${() => this.raise('pin', { n })}>Unpin</button>` : nothing}
    </li>`;
  }

  #go(n) {
    this.close();
    this.raise('jump', { n });
  }

  #show() {
    dismissPin(store.room.name, 0);
    this.close();
  }
}

/** Below the people: there the pins are found when their line was put away. */
class HearthPinnedLink extends Component {
  static topics = ['log', 'room'];

  view() {
    const { room } = store;
    const count = room?.ready ? room.pinned().length : 0;
    if (!count) return nothing;
    return html`<div class="panel-part"><button type="button" class="plainlink" aria-haspopup="dialog" @click=${() => this.raise('pinned')}>${icon('pin')}Pinned <span class="count">${count}</span></button></div>`;
  }
}

customElements.define('hearth-pinned-card', HearthPinnedCard);
customElements.define('hearth-pinned-link', HearthPinnedLink);
