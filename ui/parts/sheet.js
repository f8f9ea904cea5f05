/**
 * The base of the cards that lie over the page and have faces: a list to choose from, and what lies behind each entry.
 * What is in a card exists only while it is open.
 */
import { html, nothing } from '../vendor/lit.js';
import { ActionComponent } from './action-component.js';
import { icon } from './icon.js';

export class Sheet extends ActionComponent {
  static wide = false;
  face = '';
  showing = false;

  get dialog() {
    return this.querySelector('dialog');
  }

  open(face = '') {
    Object.assign(this, { face, fault: '', showing: true });
    this.update();
    queueMicrotask(() => {
      if (!this.dialog.open) this.dialog.showModal();
      setTimeout(() => this.land()); // the face draws itself a little later
    });
  }

  close() {
    this.dialog?.close();
  }

  turn(face) {
    Object.assign(this, { face, fault: '' });
    this.update();
    setTimeout(() => this.land());
  }

  /** Puts the focus where a face begins: its first field, else its title. Not on a phone: the keyboard would jump up. */
  land() {
    const field = matchMedia('(pointer: coarse)').matches ? null : this.querySelector('[data-first]');
    (field ?? this.querySelector('h2'))?.focus();
    this.querySelector('.sheet-body')?.scrollTo(0, 0);
  }

  view() {
    return html`<dialog class="card sheet ${this.constructor.wide ? 'wide' : ''}" aria-labelledby=${`${this.localName}-title`}
      @pointerdown=${(event) => this.#outside(event) && this.close()} @close=${() => this.#closed()}>
      ${this.showing ? this.card() : nothing}
    </dialog>`; // the line end parts the card from a notice that was put behind it
  }

  /** The top of a card: the title, a way back from a face, a way out. */
  top(title, back = null) {
    return html`<div class="card-head">
      ${back ? html`<button type="button" class="knob back" aria-label="Back" @click=${back}>${icon('back')}</button>` : nothing}
      <h2 id=${`${this.localName}-title`} tabindex="-1"><bdi>${title}</bdi></h2>
      <button type="button" class="knob" aria-label="Close" @click=${() => this.close()}>${icon('close')}</button>
    </div>`;
  }

  closed() {}

  #closed() {
    if (this.dialog.open) return; // this is told late, and it was opened again by now
    Object.assign(this, { showing: false, face: '' });
    this.update();
    this.closed();
    setTimeout(() => document.activeElement === document.body && this.raise('settle')); // what opened it is gone
  }

  #outside(event) {
    if (event.target !== event.currentTarget) return false;
    const { left, right, top, bottom } = event.target.getBoundingClientRect();
    return event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
  }
}

/** One entry of a card's list: it leads somewhere, or `does` something at once. */
export function menuItem({ name, label, note = '', act, danger = false, does = false, badge = 0 }) {
  return html`<button type="button" class="menu-item ${danger ? 'danger' : ''}" @click=${act}>${icon(name)}
    <span class="what"><span>${label}</span>${note ? html`<small><bdi>${note}</bdi></small>` : nothing}</span>
    ${badge ? html`<span class="badge">${badge}</span>` : nothing}${danger || does ? nothing : icon('go', 'go')}</button>`;
}
