/** The newest pinned message as a line above the message list. */
import { snippet } from '../../lib/markdown.js';
import { dismissPin, dismissedPin } from '../../lib/dismissed-pins.js';
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { Component } from '../component.js';
import { icon } from '../icon.js';

class HearthPinnedLine extends Component {
  static topics = ['log', 'room', 'pins'];

  view() {
    const { room } = store;
    const pins = room?.ready ? room.pinned() : [];
    if (!pins.length || dismissedPin(room.name) === pins[0]) return nothing;
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
    dismissPin(store.room.name, n);
    this.raise('ready');
  }
}

customElements.define('hearth-pinned-line', HearthPinnedLine);
