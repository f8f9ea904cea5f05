/** Files that somebody put into a room's folder by hand, each with the way to share it there. */
import { sizeText } from '../../lib/size-text.js';
import { store } from '../../lib/store.js';
import { clock, dayName, full } from '../../lib/time.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { kindSign, nameNode } from '../files/file-card.js';
import { onSubmit } from '../listeners.js';
/** @import { FoundFile, FoundFiles } from '../../lib/types.d.ts' */

const PIECE = 10; // files that are shown at first

export class HearthFoundFiles extends ActionComponent {
  static topics = ['rooms', 'host-panel'];
  shared = () => {};
  #panel = store.hostPanel; // as it was when this was asked for
  /** @type {FoundFiles} */
  #found = { files: [], more: false };
  #shown = PIECE;
  #open = ''; // the file whose form is unfolded
  #sharing = ''; // the one that is being read for us

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  /** Asks what there is now. */
  load() {
    return this.attempt(() => this.#ask(), { patient: true });
  }

  // The hub has news for hosts: perhaps that a file is shared by now.
  update() {
    const waits = this.#found.files.some(({ sharing }) => sharing);
    if (waits && !this.busy && this.#panel !== store.hostPanel) this.load();
    super.update();
  }

  view() {
    const { files, more } = this.#found;
    const rest = files.length - this.#shown;
    if (!files.length && !this.fault) return html``;
    return html`<section class="part" aria-labelledby="found-files"><h3 id="found-files">Put there by hand</h3>
      <p class="quiet-line">These files are in the folder of a room, but nobody has sent them. Sharing one leaves it
        where it is.</p>
      ${this.faultLine()}
      <ul class="lines">${repeat(files.slice(0, this.#shown), keyOf, (file) => this.#file(file))}</ul>
      ${rest > 0
        ? html`<div class="card-foot centre"><button type="button" class="button small"
            aria-label="Show more: Put there by hand" @click=${() => this.#more()}>Show more</button></div>`
        : nothing}
      ${rest <= 0 && more ? html`<p class="hint">There are more. They show once these are shared.</p>` : nothing}
      </section>`;
  }

  /** @param {FoundFile} file */
  #file(file) {
    const { room, name, size, at, fault } = file;
    const key = keyOf(file);
    const sharing = file.sharing || this.#sharing === key;
    const title = store.roomTitle(room);
    const when = new Date(at * 1000).toISOString();
    const open = this.#open === key && !sharing;
    return html`<li>
      <div class="item file-item">${kindSign(name)}
        <span class="what">${nameNode(name)}<small><bdi>${title}</bdi> · <bdi>${sizeText(size)}</bdi> ·
          <time datetime=${when} title=${full(when)}>${dayName(when)}, ${clock(when)}</time></small></span>
        ${sharing
          ? html`<span class="tag" role="status">Reading it…</span>`
          : html`<button type="button" class="button small" data-key=${key} aria-expanded=${String(open)}
              aria-label=${`Share ${name} in ${title}`} @click=${() => this.#toggle(key)}>Share</button>`}</div>
      ${fault && !sharing ? html`<p class="fault">${fault}</p>` : nothing}
      ${open ? this.#form(file, title) : nothing}</li>`;
  }

  /**
   * @param {FoundFile} file
   * @param {string} title
   */
  #form(file, title) {
    const submit = onSubmit(({ words }) => this.#share(file, words.value));
    const cancel = () => this.#toggle(keyOf(file));
    return html`<form class="stack deeds-of" novalidate @submit=${submit}>
      <label class="labelled"><span>Everybody in <bdi>${title}</bdi> gets it, as a message of yours</span>
        <input class="field" name="words" dir="auto" autocomplete="off" enterkeyhint="send" maxlength="2000"
          placeholder="A message with it (optional)"></label>
      <div class="card-foot"><button type="button" class="button" @click=${cancel}>Cancel</button>
        <button class="button primary" aria-disabled=${String(this.busy)}>Share in ${title}</button></div></form>`;
  }

  /** @param {string} key */
  #toggle(key) {
    this.#open = this.#open === key ? '' : key;
    this.update();
    const place = this.#open ? 'form input' : `[data-key="${CSS.escape(key)}"]`;
    setTimeout(() => this.querySelector(place)?.focus());
  }

  #more() {
    this.#shown *= 10;
    this.update();
  }

  /**
   * @param {FoundFile} file
   * @param {string} text
   */
  async #share({ room, id, name }, text) {
    const key = keyOf({ room, id });
    [this.#sharing, this.#open] = [key, ''];
    const told = await this.attempt(async () => {
      const answer = await this.request('share-found', { room, id, text });
      if ('sharing' in answer) return `${name} is large, and is still being read. It is shared once that is done.`;
      return `${name} is shared.`;
    });
    this.#sharing = '';
    if (typeof told === 'string') this.raise('notice', { text: told });
    const { fault } = this;
    await this.attempt(() => this.#ask());
    this.fault ||= fault;
    this.update();
    this.shared();
  }

  async #ask() {
    this.#panel = store.hostPanel;
    this.#found = await this.request('found-files', {});
  }
}

/** @param {Pick<FoundFile, 'room' | 'id'>} file */
function keyOf({ room, id }) {
  return `${room}/${id}`;
}

customElements.define('hearth-found-files', HearthFoundFiles);
