/** The line above the composer that lets one undo a removal, for a few seconds; no message is behind it. */
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { Component } from './component.js';

class HearthRemovalLine extends Component {
  static topics = ['removals'];

  view() {
    const all = store.removals.filter(({ waits }) => waits);
    const what = all.length === 1 ? html`“<bdi>${all[0].text}</bdi>”` : `${all.length} messages`;
    return html`<div role="status">${all.length
      ? html`<p class="removal"><span>Removing ${what}</span>
          <button type="button" @click=${() => this.#undo(all.map(({ n }) => n))}>Undo</button></p>`
      : nothing}</div>`;
  }

  // The button goes, and whoever pressed it goes on where they were.
  /** @param {number[]} all */
  #undo(all) {
    for (const n of all) this.raise('undo-removal', { n });
    setTimeout(() => document.activeElement === document.body && this.raise('restore-focus'));
  }
}

customElements.define('hearth-removal-line', HearthRemovalLine);
