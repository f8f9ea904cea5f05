/**
 * The base of the cards that lie over the page and have faces: a list to choose from, and what lies behind each entry.
 * What is in a card exists only while it is open.
 */
import { html, nothing } from '../vendor/lit.js';
import { ActionComponent } from './action-component.js';
import { isOutside } from './dialog.js';
import { icon } from './icon.js';

export class Sheet extends ActionComponent {
  static wide = false;
  face = '';
  showing = false;

  get dialog() {
    return this.find('dialog');
  }

  open(face = '') {
    Object.assign(this, { face, fault: '', showing: true });
    this.update();
    queueMicrotask(() => {
      if (!this.dialog.open) this.dialog.showModal();
      setTimeout(() => this.#focusFace()); // the face draws itself a little later
    });
  }

  close() {
    this.dialog?.close();
  }

  /**
   * Shows another face; '' is the list.
   * @param {string} face
   */
  turn(face) {
    Object.assign(this, { face, fault: '' });
    this.update();
    setTimeout(() => this.#focusFace());
  }

  view() {
    // The line end separates the card from a notice that was put behind it.
    return html`<dialog class="card sheet ${/** @type {typeof Sheet} */ (this.constructor).wide ? 'wide' : ''}"
      aria-labelledby=${`${this.localName}-title`}
      @pointerdown=${(/** @type {PointerEvent} */ event) => isOutside(event) && this.close()}
      @close=${() => this.#closed()}>
      ${this.showing ? this.card() : nothing}
    </dialog>`;
  }

  /**
   * The top of a card: the title, a way back from a face, a way out.
   * @param {string} title
   * @param {() => void} [back]
   */
  top(title, back) {
    return html`<div class="card-head">
      ${back
        ? html`<button type="button" class="knob back" aria-label="Back" @click=${back}>${icon('back')}</button>`
        : nothing}
      <h2 id=${`${this.localName}-title`} tabindex="-1"><bdi>${title}</bdi></h2>
      ${this.closeButton()}
    </div>`;
  }

  closeButton() {
    return html`<button type="button" class="knob" aria-label="Close"
      @click=${() => this.close()}>${icon('close')}</button>`;
  }

  /**
   * What is in the card, as a template of lit.
   * @returns {unknown}
   */
  card() {
    return nothing;
  }

  /** For what must be done when the card was closed. */
  closed() {}

  // The focus goes to the face's first field, else to its title. Not to a field on a phone: the keyboard would jump up.
  #focusFace() {
    const field = matchMedia('(pointer: coarse)').matches ? null : this.querySelector('[data-first]');
    (field ?? this.querySelector('h2'))?.focus();
    this.querySelector('.sheet-body')?.scrollTo(0, 0);
  }

  #closed() {
    if (this.dialog.open) return; // the event comes late, and the card was opened again meanwhile
    Object.assign(this, { showing: false, face: '' });
    this.update();
    this.closed();
    setTimeout(() => document.activeElement === document.body && this.raise('restore-focus')); // what opened it is gone
  }
}
