/** Whom one has muted in this browser, and an end to it. */
import { initials, tint } from '../../lib/avatar.js';
import { store } from '../../lib/store.js';
import { html, repeat } from '../../vendor/lit.js';
import { Component } from '../component.js';

class HearthMutedPeople extends Component {
  static topics = ['mutes'];

  view() {
    const people = [...store.muted()].sort((a, b) => a[1].localeCompare(b[1]));
    return html`<ul class="lines">${repeat(people, ([id]) => id, ([id, name]) => html`<li class="item">
        <span class="avatar tint-${tint(id.replace(/^name:/, ''))}" aria-hidden="true">${initials(name)}</span>
        <span class="what"><span><bdi>${name}</bdi></span></span>
        <button type="button" class="button small" aria-label=${`Unmute ${name}`} @click=${() => this.#unmute(id)}>Unmute</button></li>`)}
      ${people.length ? '' : html`<li class="nobody">Nobody. You mute somebody on the card behind their name.</li>`}</ul>`;
  }

  // What was pressed is gone then: the focus stays in the card.
  #unmute(id) {
    this.closest('dialog').querySelector('h2').focus();
    this.raise('mute', { id });
  }
}

customElements.define('hearth-muted-people', HearthMutedPeople);
