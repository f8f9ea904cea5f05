/** The card of all rooms, which finds and makes them: public and private ones, announcements, direct conversations. */
import { RoomFinder } from '../../lib/room-finder.js';
import { roomName, roomNameProblem } from '../../lib/room-name.js';
import { roomToMake, searchRooms } from '../../lib/room-search.js';
import { store } from '../../lib/store.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { icon } from '../icon.js';
import { onSubmit, onValue } from '../listeners.js';
import { menuItem } from '../menu-item.js';
import { Sheet } from '../sheet.js';
import { moveAlong } from './move-along.js';
import './people-search.js';
import { roomForm } from './room-form.js';
import { roomLine } from './room-line.js';
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
const STEP = 50; // rooms that are drawn, and as many more each time that the end of them is near
const NEAR = 300; // pixels from the end

export class HearthRoomDirectory extends Sheet {
  static topics = ['rooms', 'session'];
  #typed = '';
  #shown = STEP;
  #finder = new RoomFinder((asked) => this.request('room-pages', asked), () => this.update());

  /** @param {string} face */
  open(face) {
    this.#typed = '';
    this.#shown = STEP;
    this.#finder.reset();
    super.open(face);
  }

  card() {
    if (this.face === 'rooms') return html`${this.top('Rooms')}<div class="sheet-body" @scroll=${() => this.#follow()}
        @keydown=${(/** @type {KeyboardEvent} */ event) => moveAlong(event, 'input, .item')}>${this.#rooms()}</div>`;
    return html`${this.top(TITLES[this.face])}<div class="sheet-body"><p>${LEADS[this.face]}</p>
      ${this.face === 'direct' ? this.#directSearch() : this.#form()}</div>`;
  }

  drawn() {
    if (this.face !== 'rooms') return;
    const isNeeded = store.hasMoreRooms && !this.#finder.isAsked; // which may be known only after this was opened
    if (isNeeded) this.#finder.look(this.#typed.trim(), 0);
    this.#follow();
  }

  // What there is, and what there could be. A public room is made by opening it.
  #rooms() {
    const { found, problem, name } = this.#search();
    const count = this.#finder.hasMore ? `The first ${found.length}` : found.length;
    const status = problem || (this.#typed.trim() && this.#isSettled() ? `${count} found` : '');
    const fault = this.fault || this.#finder.fault;
    return html`<form @submit=${onSubmit(() => this.#submitSearch())} novalidate>
        <label class="labelled">Find or make a room
          <input class="field" name="room" type="search" placeholder="Its name, or what it is about" autocomplete="off"
            autocapitalize="none" spellcheck="false" enterkeyhint="go" maxlength="80" dir="auto" data-first
            aria-invalid=${String(Boolean(this.fault))} aria-describedby="hearth-room-directory-fault"
            @input=${onValue((text) => this.#type(text))}></label></form>
      <p class="fault" role="alert" id="hearth-room-directory-fault" ?hidden=${!fault}>${fault}</p>
      <p class=${problem && !fault ? 'hint' : 'quiet'} role="status">${fault ? '' : status}</p>
      ${name ? this.#newRoom(name) : nothing}
      <ul class="lines">${repeat(found.slice(0, this.#shown), (info) => info.name, (info, at) => roomLine(info, {
        open: () => this.#open(info.name), isFirst: at === 0 && Boolean(this.#typed.trim()),
      }))}</ul>
      ${this.#others()}`;
  }

  /**
   * In what we have where that is all, else in what the hub has found.
   * @returns {{ found: RoomInfo[] } & ReturnType<typeof roomToMake>}
   */
  #search() {
    if (store.hasMoreRooms) {
      const shared = this.#finder.rooms.filter(({ kind }) => kind !== 'direct');
      const made = this.#isSettled() ? roomToMake(shared, this.#typed) : { problem: '', name: '', exact: '' };
      return { found: shared, ...made };
    }
    const names = ['general', ...store.rooms.keys(), ...store.unlistedRooms()];
    const rooms = names.map((name) => store.roomInfo(name)).filter(({ kind }) => kind !== 'direct');
    return searchRooms(rooms, this.#typed);
  }

  // Whether what is shown is what was looked for.
  #isSettled() {
    return !store.hasMoreRooms || this.#finder.isSettled;
  }

  // More is drawn, and asked for, where the end is near.
  #follow() {
    const body = this.querySelector('.sheet-body');
    if (!body || body.scrollHeight - body.scrollTop - body.clientHeight > NEAR) return;
    const { length } = this.#search().found;
    if (length > this.#shown) {
      this.#shown += STEP;
      this.update();
    } else if (store.hasMoreRooms) {
      this.#finder.more();
    }
  }

  /** @param {string} name */
  #newRoom(name) {
    return html`<button type="button" class="item fresh" @click=${() => this.#open(name)}>${icon('plus')}
        <span class="what"><span>Make the room <b><bdi>${name}</bdi></b></span><small>Everybody here can read and
          write in it</small></span></button>`;
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

  // Enter opens the room that was typed, else the first that is like it; where there is none it is made.
  async #submitSearch() {
    if (store.hasMoreRooms) await this.#finder.settle();
    if (!this.#isSettled()) return this.update(); // the hub does not answer
    const { found, exact } = this.#search();
    const name = exact || (this.#typed.trim() && found[0]?.name) || roomName(this.#typed);
    this.fault = exact || found.length ? '' : roomNameProblem(name);
    if (!this.#typed.trim()) this.fault = roomNameProblem('');
    if (this.fault) this.update();
    else this.#open(name);
    return undefined;
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
    this.#shown = STEP;
    if (this.face === 'rooms' && store.hasMoreRooms) this.#finder.look(text.trim());
    this.update();
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

customElements.define('hearth-room-directory', HearthRoomDirectory);
