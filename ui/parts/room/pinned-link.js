/** The way to what is pinned, below the people: there it is found when the line above the messages was dismissed. */
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { Component } from '../component.js';
import { icon } from '../icon.js';

class HearthPinnedLink extends Component {
  static topics = ['messages', 'history', 'room'];

  view() {
    const { room } = store;
    const count = room?.ready ? room.pinned().length : 0;
    if (!count) return nothing;
    return html`<div class="panel-part"><button type="button" class="plainlink" aria-haspopup="dialog"
      @click=${() => this.raise('show-pinned')}>${icon('pin')}Pinned <span
      class="count">${count}</span></button></div>`;
  }
}

customElements.define('hearth-pinned-link', HearthPinnedLink);
