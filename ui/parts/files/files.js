/** What was sent with a message, drawn into the boxes that its row has for it. */
import { fileKind } from '../../lib/file-kinds.js';
import { fillCard, fillGone } from './file-card.js';
import { fillMedia } from './media-box.js';
import { fillPicture } from './picture-box.js';
import { fillSound } from './sound-box.js';
import { fillText } from './text-box.js';
/** @import { Sent } from './file-card.js' */
/** @import { RowNode } from '../types.d.ts' */

const FILL = {
  picture: fillPicture, video: fillMedia, sound: fillSound, text: fillText, card: fillCard, expired: fillExpired,
};

/**
 * @param {HTMLElement} box
 * @param {Sent} sent
 */
function fillExpired(box, { file }) {
  fillGone(box, file, 'This file has expired.');
}

export class HearthFiles extends HTMLElement {
  #drawn = false;

  connectedCallback() {
    /** @type {RowNode | null} */
    const row = this.closest('.msg');
    const message = row?.row.message;
    if (this.#drawn || !message) return;
    this.#drawn = true; // and stays so where the row is drawn anew
    for (const box of this.querySelectorAll('.file')) {
      const file = message.files?.find(({ id }) => id === box.dataset.id);
      if (file) FILL[fileKind(file)](box, { room: message.room, file });
    }
  }

  // Moved as it is: it is not connected anew.
  connectedMoveCallback() {}
}

customElements.define('hearth-files', HearthFiles);
