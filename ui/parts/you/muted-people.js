/** Whom one has muted in this browser, and an end to it. */
import { store } from '../../lib/store.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { avatarIcon } from '../avatar-icon.js';
import { Component } from '../component.js';

class HearthMutedPeople extends Component {
  static topics = ['mutes'];

  view() {
    const people = [...store.mutes.people()].sort((a, b) => a[1].localeCompare(b[1]));
    const none = html`<li class="nobody">Nobody. You mute somebody on the card behind their name.</li>`;
    return html`<ul class="lines">${repeat(people, ([id]) => id, ([id, name]) => this.#person(id, name))}
      ${people.length ? nothing : none}</ul>`;
  }

  /**
   * @param {string} id
   * @param {string} name
   */
  #person(id, name) {
    return html`<li class="item">
        ${avatarIcon(id.replace(/^name:/, ''), name)}
        <span class="what"><span><bdi>${name}</bdi></span></span>
        <button type="button" class="button small" aria-label=${`Unmute ${name}`}
          @click=${() => this.#unmute(id)}>Unmute</button></li>`;
  }

  // The button that was pressed is gone then: the focus stays in the card.
  /** @param {string} id */
  #unmute(id) {
    this.closest('dialog')?.querySelector('h2')?.focus();
    this.raise('mute', { id });
  }
}

customElements.define('hearth-muted-people', HearthMutedPeople);
