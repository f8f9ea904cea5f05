/** What takes room among the files of the hub, and what lies there by hand. Asked for once it is opened. */
import { keepText, keptText } from '../../lib/keep-text.js';
import { kindName, spaceSentences } from '../../lib/space-text.js';
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { avatarIcon } from '../avatar-icon.js';
import { icon } from '../icon.js';
import { roomSign } from '../room-sign.js';
import '../room/keep-form.js';
import './found-files.js';
import { spaceList } from './space-list.js';
/** @import { FileSpace } from '../../lib/types.d.ts' */
/** @import { HearthFoundFiles } from './found-files.js' */
/** @import { SpaceEntry } from './space-list.js' */

const PIECE = 5; // entries of a list that are shown at first

class HearthHubFiles extends ActionComponent {
  static topics = ['rooms'];
  /** @type {FileSpace | null} */
  #space = null;
  #shown = { rooms: PIECE, people: PIECE };
  #open = ''; // the room whose line is unfolded

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  view() {
    return html`<div class="part-head"><h3>Space</h3>
        <button type="button" class="button small" aria-disabled=${String(this.busy)}
          @click=${() => this.#refresh()}>Refresh</button></div>
      ${this.faultLine()}
      ${this.#space ? this.#told(this.#space) : nothing}
      ${!this.#space && this.busy ? html`<div class="spinner late"></div>` : nothing}`;
  }

  /** @param {FileSpace} space */
  #told(space) {
    const { total, hidden, rooms, people, kinds } = space;
    const { bytes } = total;
    const secret = hidden.files
      ? [{ ...hidden, id: '', title: 'Private rooms and direct messages', sign: icon('lock') }]
      : [];
    const byRoom = [...rooms.map((each) => this.#room(each)), ...secret].sort((a, b) => b.bytes - a.bytes);
    const byPerson = people.map(({ by, who, ...taken }) => ({
      ...taken, id: who ?? `name ${by}`, title: by, sign: avatarIcon(who ?? '', by),
    }));
    const shared = () => this.#load();
    return html`<ul class="facts">${spaceSentences(space).map((words) => html`<li>${words}</li>`)}</ul>
      <hearth-found-files .shared=${shared}></hearth-found-files>
      ${total.files
        ? html`
          ${spaceList({
            name: 'rooms', title: 'By room', entries: byRoom, total: bytes, shown: this.#shown.rooms,
            more: () => this.#more('rooms'),
          })}
          ${spaceList({
            name: 'people', title: 'By person', entries: byPerson, total: bytes, shown: this.#shown.people,
            more: () => this.#more('people'),
          })}
          ${spaceList({
            name: 'kinds', title: 'By kind', total: bytes, shown: kinds.length, more: () => {},
            entries: kinds.map(({ kind, ...taken }) => ({ ...taken, id: kind, title: kindName(kind) })),
          })}`
        : html`<p class="nobody">Nobody has sent a file yet.</p>`}`;
  }

  /**
   * @param {FileSpace['rooms'][number]} entry
   * @returns {SpaceEntry}
   */
  #room({ room, ...taken }) {
    const { kind, title, icon: sign, tint, keep_days: days, keep_bytes: bytes } = store.roomInfo(room);
    const open = this.#open === room;
    return {
      ...taken, id: room, title, sign: roomSign({ kind, icon: sign, tint }),
      tools: html`<button type="button" class="button small" aria-expanded=${String(open)}
        aria-label=${`How long files stay in ${title}: ${keepText(days, bytes)}`}
        @click=${() => this.#toggle(room)}>${keptText(days, bytes)}</button>`,
      below: open
        ? html`<div class="deeds-of"><hearth-keep-form .room=${room}
            .done=${() => this.#toggle(room)}></hearth-keep-form></div>`
        : nothing,
    };
  }

  /** @param {string} room */
  #toggle(room) {
    this.#open = this.#open === room ? '' : room;
    this.update();
  }

  /** @param {'rooms' | 'people'} list */
  #more(list) {
    this.#shown[list] *= 10;
    this.update();
  }

  #refresh() {
    /** @type {HearthFoundFiles | null} */ (this.querySelector('hearth-found-files'))?.load();
    this.#load();
  }

  #load() {
    return this.attempt(async () => {
      this.#space = await this.request('file-space', {});
    });
  }
}

customElements.define('hearth-hub-files', HearthHubFiles);
