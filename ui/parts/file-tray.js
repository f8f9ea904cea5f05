/** Above the text box, the files that go with what is written: they are on their way already. */
import { sizeText } from '../lib/size-text.js';
import { store } from '../lib/store.js';
import { html, live, nothing, repeat } from '../vendor/lit.js';
import { Component } from './component.js';
import { focusOf } from './focus.js';
import './sending-files.js';
import { uploadCard } from './upload-card.js';
/** @import { Attached } from '../lib/types.d.ts' */
/** @import { HearthComposer } from './composer.js' */

export class HearthFileTray extends Component {
  static topics = ['room', 'attached'];
  static frequentTopics = ['uploads'];
  #said = '';
  /** @type {Set<string>} */
  #dropped = new Set(); // they may be here a moment longer
  /** @type {Map<string, Attached['state']>} */
  #states = new Map(); // as they were told last
  #focused = -1; // the card with the focus before it is drawn

  get #composer() {
    return /** @type {HearthComposer | null} */ (this.closest('hearth-composer, hearth-thread-composer'));
  }

  get #place() {
    return this.#composer?.place ?? '';
  }

  view() {
    const files = store.attachedTo(this.#place);
    this.#listen(files);
    this.#focused = this.#cards.findIndex((card) => card.contains(document.activeElement));
    return html`${files.length ? this.#list(files) : nothing}<p class="quiet" role="status">${this.#said}</p>`;
  }

  // A file that was chosen again may be another one, whose card takes the place of the one before.
  drawn() {
    if (this.#focused < 0 || document.activeElement !== document.body) return;
    this.#cards[this.#focused]?.querySelector('.knob')?.focus();
  }

  get #cards() {
    return [...this.querySelectorAll('.upload')];
  }

  /** @param {Attached[]} files */
  #list(files) {
    const drop = (/** @type {string} */ id, /** @type {Element} */ from) => this.#drop(id, from);
    return html`${files.length > 1 ? this.#head(files) : nothing}
      <ul class="uploads" aria-label="Files of this message">
        ${repeat(files, ({ id }) => id, (file) => uploadCard(file, drop))}</ul>
      ${this.#metadata(files)}`;
  }

  /** @param {Attached[]} files */
  #head(files) {
    const size = files.reduce((sum, file) => sum + file.size, 0);
    const drop = () => {
      this.raise('drop-files', { ids: files.map(({ id }) => id) });
      this.#leave();
    };
    return html`<p class="uploads-head"><bdi>${files.length} files, ${sizeText(size)}</bdi>
      <button type="button" class="plainlink" @click=${drop}>Remove all</button></p>`;
  }

  /** @param {Attached[]} files */
  #metadata(files) {
    const pictures = files.filter(({ stripped, kept }) => stripped || kept);
    if (!pictures.length) return nothing;
    const place = this.#place;
    const change = (/** @type {{ target: HTMLInputElement }} */ { target }) => {
      this.raise('keep-metadata', { place, keep: target.checked });
    };
    const keep = files.some(({ kept }) => kept);
    return html`<label class="check upload-check"><input type="checkbox" .checked=${live(keep)} @change=${change}>
      Keep where and when ${pictures.length > 1 ? 'they were' : 'it was'} taken</label>`;
  }

  /**
   * Takes a file out; the focus goes to the next one, or back to the text box.
   * @param {string} id
   * @param {Element} from
   */
  #drop(id, from) {
    const cards = this.#cards.filter((card) => !this.#dropped.has(card.dataset.id ?? ''));
    this.#dropped.add(id);
    const at = cards.findIndex((card) => card.contains(from));
    const next = cards[at + 1] ?? cards[at - 1];
    const button = next?.querySelector('.knob');
    this.raise('drop-files', { ids: [id] });
    if (button) button.focus();
    else this.#leave();
  }

  #leave() {
    focusOf(this.#composer);
  }

  // Only what came to an end is read out: how far each one is would never stop.
  /** @param {Attached[]} files */
  #listen(files) {
    const ended = files.filter(({ id, state }) => this.#states.get(id) !== state);
    this.#states = new Map(files.map(({ id, state }) => [id, state]));
    const failed = ended.find(({ state, why }) => state === 'failed' || (state === 'lost' && why));
    const done = ended.filter(({ state }) => state === 'done');
    if (failed) this.#said = `${failed.name} was not sent. ${failed.why}`;
    else if (done.length === 1) this.#said = `${done[0].name} is ready.`;
    else if (done.length) this.#said = `${done.length} files are ready.`;
    else if (!files.length) this.#said = '';
  }
}

customElements.define('hearth-file-tray', HearthFileTray);
