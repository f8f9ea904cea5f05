/** The newest pinned message as a line above the message list. */
import { dismissedPin } from '../../lib/dismissed-pins.js';
import { saidText } from '../../lib/said-text.js';
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { Component } from '../component.js';
import { icon } from '../icon.js';

class HearthPinnedLine extends Component {
  static topics = ['messages', 'history', 'room', 'pins'];

  view() {
    const { room } = store;
    if (!room?.ready) return nothing;
    const pins = room.pinned();
    if (!pins.length || dismissedPin(room.name) === pins[0]) return nothing;
    const [n] = pins;
    const message = room.quote(n);
    if (!message) this.raise('need-quote', { n });
    return html`<div class="line pinned" role="region" aria-label="Pinned">
      <button type="button" class="pin-said"
        @click=${() => this.raise('jump', { n })}>${icon('pin')}<b>Pinned</b>
        <span dir="auto">${message
          ? html`<span class="by">${message.by}:</span> ${saidText(message)}`
          : 'a message'}</span></button>
      ${pins.length > 1 ? this.#allButton(pins.length) : nothing}
      <button type="button" class="knob" aria-label="Put the pinned message away" title="Put away"
        @click=${() => this.#dismiss(n)}>${icon('close')}</button>
    </div>`;
  }

  /** @param {number} count */
  #allButton(count) {
    return html`<button type="button" class="pin-all" aria-haspopup="dialog"
      @click=${() => this.raise('show-pinned')}>All ${count}</button>`;
  }

  // Until something else is pinned. It stays on the list, beside the people.
  /** @param {number} n */
  #dismiss(n) {
    this.raise('dismiss-pin', { n });
    this.raise('focus-composer');
  }
}

customElements.define('hearth-pinned-line', HearthPinnedLine);
