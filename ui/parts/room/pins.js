/** What is pinned in the room on view: the newest as a line above the messages, all of them as a card, and the way there. */
import { initials, tint } from '../../lib/avatar.js';
import { kept } from '../../lib/storage.js';
import { store } from '../../lib/store.js';
import { snippet } from '../../lib/markdown.js';
import { clock, dayName } from '../../lib/time.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { icon } from '../icon.js';
import { Part } from '../component.js';
import { Sheet } from '../sheet.js';

const SHOWN = 50;

class HearthPins extends Part {
  static topics = ['log', 'room', 'pins'];

  view() {
    const { room } = store;
    const pins = room?.ready ? room.pinned() : [];
    if (!pins.length || put(room.name) === pins[0]) return nothing;
    const [n] = pins;
    const message = room.quote(n);
    if (!message) this.raise('want', { n });
    return html`<div class="line pinned" role="region" aria-label="Pinned">
      <button type="button" class="pin-said" @click=${() => this.raise('jump', { n })}>${icon('pin')}<b>Pinned</b>
        <span dir="auto">${message ? html`<span class="by">${message.by}:</span> ${snippet(message.text ?? '')}` : 'a message'}</span></button>
      ${pins.length > 1 ? html`<button type="button" class="pin-all" aria-haspopup="dialog" @click=${() => this.raise('pinned')}>All ${pins.length}</button>` : nothing}
      <button type="button" class="knob" aria-label="Put the pinned message away" title="Put away" @click=${() => this.#putAway(n)}>${icon('close')}</button>
    </div>`;
  }

  // Until something else is pinned. It is still on the list, beside the people.
  #putAway(n) {
    setPut(store.room.name, n);
    this.raise('ready');
  }
}

/** Below the people: there the pins are found when their line was put away. */
class HearthWayToPins extends Part {
  static topics = ['log', 'room'];

  view() {
    const { room } = store;
    const count = room?.ready ? room.pinned().length : 0;
    if (!count) return nothing;
    return html`<div class="panel-part"><button type="button" class="plainlink" aria-haspopup="dialog" @click=${() => this.raise('pinned')}>${icon('pin')}Pinned <span class="count">${count}</span></button></div>`;
  }
}

class HearthPinned extends Sheet {
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
      ${put(room.name) === pins[0] ? html`<div class="card-foot"><button type="button" class="button" @click=${() => this.#show()}>Show above the messages</button></div>` : nothing}
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
    setPut(store.room.name, 0);
    this.close();
  }
}

// Which pinned message was on top when the line was put away in this browser.
function put(room) {
  return kept.get('pins', {})[room];
}

function setPut(room, n) {
  kept.set('pins', { ...kept.get('pins', {}), [room]: n || undefined });
  store.changed('pins');
}

customElements.define('hearth-pins', HearthPins);
customElements.define('hearth-pinned', HearthPinned);
customElements.define('hearth-way-to-pins', HearthWayToPins);
