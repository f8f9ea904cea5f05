/** A picture over the whole page, with ways to the others of the messages that are shown. */
import { fileAddress } from '../../lib/file-address.js';
import { PanZoom } from '../../lib/pan-zoom.js';
import { store } from '../../lib/store.js';
import { clock, dayName, full } from '../../lib/time.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { Component } from '../component.js';
import { icon } from '../icon.js';
import { downloadPress, isFileGone } from './file-card.js';
import { watchGestures } from './viewer-gestures.js';
/** @import { SentFile, ShownPicture } from '../../lib/types.d.ts' */
/** @import { Actions } from '../types.d.ts' */

const FACTOR = 1.5; // by which a press of a key or button zooms

export class HearthPictureViewer extends Component {
  static topics = ['messages', 'history'];
  /** @type {ShownPicture[]} */
  #pictures = [];
  #at = 0;
  #fault = '';
  #pan = new PanZoom();

  /** @param {Actions['show-picture']} shown */
  show({ pictures, at }) {
    this.#pictures = pictures;
    this.#go(at);
    queueMicrotask(() => {
      const dialog = this.find('dialog');
      if (!dialog.open) dialog.showModal();
    });
  }

  view() {
    const shown = this.#pictures[this.#at];
    return html`<dialog class="viewer" aria-labelledby="viewer-what" @close=${() => this.#closed()}
      @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event)}>${shown ? this.#shown(shown) : nothing}
      </dialog>`;
  }

  drawn() {
    const frame = this.querySelector('.viewer-frame');
    if (!frame || frame.dataset.ready) return;
    frame.dataset.ready = 'yes';
    watchGestures(frame, {
      zoom: (factor, x, y) => this.#zoom(factor, x, y),
      move: (x, y) => this.#place(() => this.#pan.move(x, y)),
      step: (by) => this.#step(this.#isMirrored ? -by : by),
      isZoomed: () => this.#pan.isZoomed,
    });
  }

  /** @param {ShownPicture} shown */
  #shown({ room, n, at, by, file }) {
    const count = this.#pictures.length;
    const where = html`<bdi>${this.#at + 1} of ${count}</bdi> · `;
    const fail = () => this.#fail(room, file);
    const isExpired = store.room?.name === room && store.room.isExpired(file.id);
    const fault = isExpired ? 'This file has expired.' : this.#fault;
    return html`<div class="viewer-head">
        <div class="what" id="viewer-what" role="status"><b><bdi title=${file.name}>${file.name}</bdi></b>
          <small>${count > 1 ? where : nothing}<bdi>${by}</bdi> · <time datetime=${at}
            title=${full(at)}>${dayName(at)}, ${clock(at)}</time></small></div>
        <button type="button" class="knob zoom" aria-label="Smaller" title="Smaller"
          aria-disabled=${String(!this.#pan.isZoomed)} @click=${() => this.#zoom(1 / FACTOR)}>−</button>
        <button type="button" class="knob zoom" aria-label="Larger" title="Larger"
          aria-disabled=${String(this.#pan.isLargest)} @click=${() => this.#zoom(FACTOR)}>+</button>
        <a class="knob" href=${fileAddress(room, file.id, '?download=1')} download=${file.name} title="Download"
          aria-label="Download" @click=${downloadPress({ room, file }, fail)}>${icon('download')}</a>
        <button type="button" class="knob" aria-label="Close" title="Close" autofocus
          @click=${() => this.find('dialog').close()}>${icon('close')}</button>
      </div>
      <div class="viewer-frame">${fault
        ? html`<p role="status">${fault}</p>`
        : html`<div class="spinner late"></div>${repeat([file], ({ id }) => `${n} ${id}`, () => html`<img
            src=${fileAddress(room, file.id)} alt=${file.name} draggable="false" @error=${fail}>`)}`}</div>
      ${count > 1 ? this.#ways(count) : nothing}`;
  }

  /** @param {number} count */
  #ways(count) {
    return html`<button type="button" class="knob before" aria-label="Previous picture" title="Previous picture"
        aria-disabled=${String(this.#at === 0)} @click=${() => this.#step(-1)}>${icon('back')}</button>
      <button type="button" class="knob after" aria-label="Next picture" title="Next picture"
        aria-disabled=${String(this.#at === count - 1)} @click=${() => this.#step(1)}>${icon('go')}</button>`;
  }

  get #isMirrored() {
    return getComputedStyle(this).direction === 'rtl';
  }

  /** @param {number} by */
  #step(by) {
    this.#go(Math.min(this.#pictures.length - 1, Math.max(0, this.#at + by)));
  }

  /** @param {number} at */
  #go(at) {
    this.#at = at;
    this.#fault = '';
    this.#place(() => this.#pan.reset());
    this.update();
  }

  /**
   * @param {string} room
   * @param {SentFile} file
   */
  async #fail(room, file) {
    const isGone = await isFileGone(room, file);
    if (this.#pictures[this.#at]?.file !== file) return;
    this.#fault = isGone ? 'This file is not there any more.' : 'This picture did not come.';
    this.update();
  }

  #zoom(factor = 1, x = 0, y = 0) {
    this.#place(() => (factor ? this.#pan.zoom(factor, x, y) : this.#pan.reset()));
    this.update();
  }

  /** @param {() => void} act */
  #place(act) {
    const [frame, picture] = [this.querySelector('.viewer-frame'), this.querySelector('img')];
    if (frame && picture) {
      const sizes = [frame, picture].map(({ clientWidth, clientHeight }) => [clientWidth, clientHeight]);
      this.#pan.measure(/** @type {[number, number]} */ (sizes[0]), /** @type {[number, number]} */ (sizes[1]));
    }
    act();
    const { x, y, scale } = this.#pan;
    picture?.style.setProperty('transform', `translate(${x}px, ${y}px) scale(${scale})`);
    frame?.classList.toggle('zoomed', this.#pan.isZoomed);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const factor = { '+': FACTOR, '=': FACTOR, '-': 1 / FACTOR, '0': 0 }[event.key];
    if (step) this.#step(this.#isMirrored ? -step : step);
    else if (factor !== undefined) this.#zoom(factor);
    else return;
    event.preventDefault();
  }

  #closed() {
    if (this.find('dialog').open) return;
    this.#pictures = [];
    this.update();
    setTimeout(() => document.activeElement === document.body && this.raise('restore-focus')); // what opened it is gone
  }
}

customElements.define('hearth-picture-viewer', HearthPictureViewer);
