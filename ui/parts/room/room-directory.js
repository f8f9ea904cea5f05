/** The card of all rooms, which finds and makes them: public and private ones, announcements, direct conversations. */
import { roomName, roomNameProblem } from '../../lib/room-name.js';
import { searchRooms } from '../../lib/room-search.js';
import { store } from '../../lib/store.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { icon } from '../icon.js';
import { onSubmit, onValue } from '../listeners.js';
import { menuItem } from '../menu-item.js';
import { signOf } from '../room-sign.js';
import { Sheet } from '../sheet.js';
import './people-search.js';
import { roomForm } from './room-form.js';
/** @import { NamedPerson, RoomInfo } from '../../lib/types.d.ts' */

/** @type {Record<string, string>} */
const TITLES = {
  private: 'New private room', announcements: 'New room for announcements', direct: 'Write to somebody',
};
/** @type {Record<string, string>} */
const LEADS = {
  private: 'Only people whom you invite see it. Everybody else cannot even tell that it is there.',
  announcements: 'Everybody may read. Hosts write, and whom they choose.',
  direct: 'Only the two of you see what you say to each other.',
};
const SHOWN = 200;
const PAUSE = 200; // ms after the last letter

export class HearthRoomDirectory extends Sheet {
  static topics = ['rooms', 'session'];
  #typed = '';
  #timer = 0;

  /** @param {string} face */
  open(face) {
    this.#typed = '';
    super.open(face);
  }

  card() {
    if (this.face === 'rooms') return html`${this.top('Rooms')}<div class="sheet-body">${this.#rooms()}</div>`;
    return html`${this.top(TITLES[this.face])}<div class="sheet-body"><p>${LEADS[this.face]}</p>
      ${this.face === 'direct' ? this.#directSearch() : this.#form()}</div>`;
  }

  // What there is, and what there could be. A public room is made by opening it.
  #rooms() {
    const names = ['general', ...store.rooms.keys(), ...store.unlistedRooms()];
    const rooms = names.map((name) => store.roomInfo(name)).filter(({ kind }) => kind !== 'direct');
    const { found, problem, name, exact } = searchRooms(rooms, this.#typed);
    const status = problem || (this.#typed.trim() ? `${found.length} found` : '');
    return html`<form @submit=${onSubmit(() => this.#submitSearch(exact))} novalidate>
        <label class="labelled">Find or make a room
          <input class="field" name="room" type="search" placeholder="Its name" autocomplete="off" autocapitalize="none"
            spellcheck="false" enterkeyhint="go" maxlength="80" dir="auto" data-first
            aria-invalid=${String(Boolean(this.fault))} aria-describedby="hearth-room-directory-fault"
            @input=${onValue((text) => this.#type(text))}></label></form>
      ${this.faultLine()}
      <p class=${problem && !this.fault ? 'hint' : 'quiet'} role="status">${this.fault ? '' : status}</p>
      ${name ? this.#newRoom(name) : nothing}
      <ul class="lines">${repeat(found.slice(0, SHOWN), (info) => info.name, (info) => this.#room(info))}
        ${found.length > SHOWN ? more(found.length - SHOWN) : nothing}</ul>
      ${this.#others()}`;
  }

  /** @param {string} name */
  #newRoom(name) {
    return html`<button type="button" class="item fresh" @click=${() => this.#open(name)}>${icon('plus')}
        <span class="what"><span>Make the room <b><bdi>${name}</bdi></b></span><small>Everybody here can read and
          write in it</small></span></button>`;
  }

  /** @param {RoomInfo} info */
  #room(info) {
    return html`<li><button type="button" class="item" @click=${() => this.#open(info.name)}>
        ${icon(signOf(info.kind))}<span class="what"><span><bdi>${info.title}</bdi></span><small>${
          about(info)}</small></span>${icon('go', 'go')}</button></li>`;
  }

  #others() {
    const secret = {
      name: 'lock', label: TITLES.private, note: 'Only for people whom you invite', act: () => this.turn('private'),
    };
    const announcements = {
      name: 'horn', label: TITLES.announcements, note: 'Hosts write, everybody reads',
      act: () => this.turn('announcements'),
    };
    return html`<div class="menu-list others">
        ${menuItem(secret)}
        ${store.me?.host ? menuItem(announcements) : nothing}
      </div>`;
  }

  #directSearch() {
    return html`<hearth-people-search .label=${'To whom?'} .verb=${'Write'}
      .act=${this.#direct}></hearth-people-search>`;
  }

  #form() {
    return roomForm({
      address: this.face === 'announcements' ? roomName(this.#typed) : '',
      fault: this.fault,
      faultLine: this.faultLine(),
      busy: this.busy,
      type: (text) => this.#type(text),
      cancel: () => this.close(),
      make: () => this.#make(),
    });
  }

  // `exact` is the room that has this name or title already.
  /** @param {string} exact */
  #submitSearch(exact) {
    const name = exact || roomName(this.#typed);
    this.fault = exact ? '' : roomNameProblem(name);
    if (this.fault) this.update();
    else this.#open(name);
  }

  /** @param {string} room */
  #open(room) {
    this.close();
    this.raise('open-room', { room });
  }

  /** @param {string} text */
  #type(text) {
    this.fault = '';
    this.#typed = text;
    this.update();
    clearTimeout(this.#timer);
    if (this.face === 'rooms') this.#timer = setTimeout(() => this.#search(), PAUSE);
  }

  // What the hub finds joins the list of rooms.
  async #search() {
    try {
      await this.request('find-rooms', { text: this.#typed.trim() });
    } catch (problem) {
      this.fault = problem.message;
      this.update();
    }
  }

  async #make() {
    const title = this.#typed.trim();
    const kind = /** @type {'private' | 'announcements'} */ (this.face);
    if (!title) {
      this.fault = 'Give the room a name.';
      return this.update();
    }
    const room = kind === 'announcements' ? { kind, title, name: roomName(title) } : { kind, title };
    if (!await this.attempt(() => this.request('make-room', room))) return undefined;
    this.close();
    if (kind === 'private') this.raise('show-room', { face: 'invite', fresh: true });
    else this.raise('notice', { text: 'The room is there.' });
    return undefined;
  }

  /** @param {NamedPerson} person */
  #direct = async ({ who }) => {
    await this.request('message-person', { who });
    this.close();
  };
}

/** @param {number} count */
function more(count) {
  return html`<li class="nobody">and ${count} more: type a part of the name</li>`;
}

/** @param {RoomInfo} info */
function about({ name, topic, here, archived }) {
  if (archived) return 'archived';
  const words = topic || (store.rooms.has(name) || store.hasMoreRooms ? '' : 'nothing said yet');
  return [here ? `${here} here now` : '', words].filter(Boolean).join(' · ');
}

customElements.define('hearth-room-directory', HearthRoomDirectory);
