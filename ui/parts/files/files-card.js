/** The card of all files of the room on view, the newest first. */
import { fileAddress } from '../../lib/file-address.js';
import { fileKind } from '../../lib/file-kinds.js';
import { keepSentence } from '../../lib/keep-text.js';
import { FILE_KINDS, isWanted, sendersOf } from '../../lib/room-files.js';
import { sizeText } from '../../lib/size-text.js';
import { store } from '../../lib/store.js';
import { clock, dayName, full } from '../../lib/time.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { icon } from '../icon.js';
import { onValue } from '../listeners.js';
import { Sheet } from '../sheet.js';
import { downloadPress, kindSign, nameNode } from './file-card.js';
/** @import { RoomFile } from '../../lib/types.d.ts' */

const PIECE = 30; // files that are shown at a time
const PAGES = 20; // that are looked through for them at a time
const SMALL = 2 ** 20; // bytes of a picture that is shown without a small one of it

export class HearthFilesCard extends Sheet {
  static wide = true;
  static topics = ['room', 'rooms', 'messages', 'history'];
  #opened = 0; // how often: what was asked for before is not for the card of now
  #room = '';
  /** @type {RoomFile[]} */
  #files = [];
  #more = true; // the hub has more
  #shown = PIECE;
  #filter = { kind: '', who: '', text: '' };

  open() {
    this.#room = store.room?.name ?? '';
    [this.#files, this.#more, this.#shown] = [[], true, PIECE];
    this.#filter = { kind: '', who: '', text: '' };
    this.#opened += 1;
    super.open();
    this.#load({ patient: true });
  }

  update() {
    super.update();
    if (this.showing && store.room?.name !== this.#room) this.close();
  }

  get #found() {
    return this.#files.filter((file) => isWanted(file, this.#filter) && !store.isMuted(file))
      .map((file) => (store.room?.isExpired(file.id) ? { ...file, expired: true } : file));
  }

  card() {
    const found = this.#found;
    const more = this.#more || found.length > this.#shown;
    const empty = this.#files.length ? 'Nothing like that.' : 'Nobody has sent a file here yet.';
    const stay = keepSentence(store.roomInfo(this.#room));
    return html`${this.top('Files')}<div class="sheet-body">
      ${stay ? html`<p class="quiet-line">${stay}</p>` : nothing}${this.#fields()}${this.faultLine()}
      <ul class="lines" aria-busy=${String(this.busy)}>${
        repeat(found.slice(0, this.#shown), ({ n, id }) => `${n} ${id}`, (file) => this.#file(file))}
        ${found.length || this.busy || this.fault || more ? nothing : html`<li class="nobody">${empty}</li>`}</ul>
      ${more && !this.busy
        ? html`<div class="card-foot centre"><button type="button" class="button"
            @click=${() => this.#showMore()}>Show more</button></div>`
        : nothing}
    </div>`;
  }

  #fields() {
    const senders = sendersOf(this.#files);
    return html`<div class="file-fields">
      <input class="field" type="search" placeholder="Find by name" aria-label="Find by name" autocomplete="off"
        spellcheck="false" dir="auto" data-first @input=${onValue((text) => this.#look({ text }))}>
      <select class="field" aria-label="Kind" @change=${onValue((kind) => this.#look({ kind }))}>${
        FILE_KINDS.map(([kind, words]) => html`<option value=${kind}>${words}</option>`)}</select>
      <select class="field" aria-label="Sent by" @change=${onValue((who) => this.#look({ who }))}>
        <option value="">By anybody</option>${repeat(senders, ({ who }) => who, ({ who, name }) => html`<option
          value=${who} ?selected=${who === this.#filter.who}>${name}</option>`)}</select></div>`;
  }

  /** @param {RoomFile} file */
  #file(file) {
    const { n, at, by, name, size, id, expired } = file;
    const gone = file.gone || expired;
    const state = expired ? 'Has expired' : gone ? 'Not there any more' : sizeText(size);
    const label = `Download ${name}`;
    const press = downloadPress({ room: this.#room, file }, () => {
      this.#files = this.#files.map((each) => (each.id === id ? { ...each, gone: true } : each));
      this.update();
    });
    return html`<li class="item file-item">${this.#sign(file)}
      <span class="what">${nameNode(name)}<small><bdi>${state}</bdi> ·
        <bdi>${by}</bdi> · <time datetime=${at} title=${full(at)}>${dayName(at)}, ${clock(at)}</time></small></span>
      ${gone
        ? nothing
        : html`<a class="knob" href=${fileAddress(this.#room, id, '?download=1')} download=${name} aria-label=${label}
            title="Download" @click=${press}>${icon('download')}</a>`}
      <button type="button" class="knob" aria-label=${`Show ${name} in the conversation`}
        title="Show in the conversation" @click=${() => this.#jump(n)}>${icon('message')}</button></li>`;
  }

  // A small picture opens the large one.
  /** @param {RoomFile} file */
  #sign(file) {
    if (file.gone || fileKind(file) !== 'picture') return kindSign(file.name);
    const address = file.preview ? fileAddress(this.#room, file.id, '/preview') : fileAddress(this.#room, file.id);
    const picture = file.preview || file.size <= SMALL
      ? html`<img src=${address} alt="" loading="lazy" decoding="async" @error=${hide}>`
      : kindSign(file.name);
    return html`<button type="button" class="file-thumb" aria-label=${`Open ${file.name}`} aria-haspopup="dialog"
      @click=${() => this.#openPicture(file)}>${picture}</button>`;
  }

  /** @param {RoomFile} file */
  #openPicture(file) {
    const all = this.#found.slice(0, this.#shown).filter((each) => !each.gone && fileKind(each) === 'picture');
    const pictures = all.map((each) => ({ room: this.#room, n: each.n, at: each.at, by: each.by, file: each }));
    this.raise('show-picture', { pictures, at: all.indexOf(file) });
  }

  /** @param {number} n */
  #jump(n) {
    this.close();
    this.raise('jump', { n });
  }

  /** @param {Partial<{ kind: string, who: string, text: string }>} change */
  #look(change) {
    Object.assign(this.#filter, change);
    this.#shown = PIECE;
    this.update();
    this.#load();
  }

  #showMore() {
    this.#shown += PIECE;
    this.update();
    this.#load();
  }

  // As many pages as it takes to find what is to be shown.
  /** @param {{ patient?: boolean }} [how] */
  #load(how) {
    const [opened, room] = [this.#opened, this.#room];
    return this.attempt(async () => {
      if (opened !== this.#opened) return;
      for (let pages = 0; pages < PAGES && this.#more && this.#found.length < this.#shown; pages += 1) {
        const before = this.#files[this.#files.length - 1]?.n;
        const { files, more } = await this.request('room-files', { room, before });
        if (opened !== this.#opened || !this.showing) return;
        this.#files = [...this.#files, ...files];
        this.#more = more && files.length > 0;
      }
    }, how);
  }
}

/** @param {Event & { target: HTMLElement }} event */
function hide({ target }) {
  target.hidden = true;
}

customElements.define('hearth-files-card', HearthFilesCard);
