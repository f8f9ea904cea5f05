/** In a message that is not sent yet, the files that it waits for. */
import { store } from '../lib/store.js';
import { html, repeat } from '../vendor/lit.js';
import { Component } from './component.js';
import { uploadCard } from './upload-card.js';
/** @import { Attached, UnsentFile } from '../lib/types.d.ts' */
/** @import { RowNode } from './types.d.ts' */

export class HearthSendingFiles extends Component {
  static topics = ['attached'];
  static frequentTopics = ['uploads'];

  connectedCallback() {
    this.replaceChildren(); // the names that stood for it
    super.connectedCallback();
  }

  view() {
    /** @type {RowNode | null} */
    const row = this.closest('.msg');
    const { files = [], tried = false } = row?.row.entry ?? {};
    const drop = (/** @type {string} */ id) => this.raise('drop-files', { ids: [id] });
    return html`<ul class="uploads" aria-label="Files of this message">
      ${repeat(files, ({ id }) => id, (file) => uploadCard(shownOf(file), tried ? null : drop))}</ul>`;
  }
}

/**
 * What is known of a file; after a reload that comes a little later.
 * @param {UnsentFile} file
 * @returns {Attached}
 */
function shownOf({ done, ...file }) {
  return store.attached.find(({ id }) => id === file.id) ?? {
    ...file, room: '', place: '', state: done ? 'done' : 'waiting', sent: 0, left: 0, why: '', picture: '', sound: '',
    stripped: false, kept: false,
  };
}

customElements.define('hearth-sending-files', HearthSendingFiles);
