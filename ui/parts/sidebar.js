/** The column of rooms, by kind and with what is unread in them, and below it who I am. */
import { RoomOrder } from '../lib/room-order.js';
import { rowWindow } from '../lib/row-window.js';
import { store } from '../lib/store.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { avatarIcon } from './avatar-icon.js';
import { Component } from './component.js';
import { icon } from './icon.js';
import { roomLink } from './room-link.js';
import { statusMark } from './status-mark.js';
/** @import { ConnectionState, RoomInfo } from '../lib/types.d.ts' */

/** @type {Partial<Record<ConnectionState, string>>} */
const STATES = {
  opening: 'Connecting', live: 'Connected', polling: 'Connected, a little late',
  lost: 'Reconnecting', gone: 'Not connected',
};

const WHOLE = 100; // rooms of a list that are all drawn, so that the browser finds them; of a longer one only some

class HearthSidebar extends Component {
  static topics = ['rooms', 'room', 'messages', 'session', 'connection', 'host-panel', 'presence', 'status'];
  #archiveOpen = false;
  /** @type {ResizeObserver | undefined} */
  #sizes;
  #order = new RoomOrder();
  /** @type {Map<string, { count: number, first: number, last: number }>} */
  #windows = new Map(); // what is drawn of each long list
  #height = 0; // of a row, as it was when one was drawn last
  /** @type {string[]} */
  #shown = []; // the names of the shared rooms that are drawn

  view() {
    return html`
      <div class="brand">${icon('mark', 'mark')}<span>Hearth</span>
        <button type="button" class="knob shut" aria-label="Close rooms"
          @click=${() => this.raise('drawer', { name: '' })}>${icon('close')}</button>
      </div>
      <div class="rooms" @scroll=${() => this.#follow()} @focusin=${() => this.#follow()}>${this.#groups()}</div>
      ${this.#self()}`;
  }

  drawn() {
    if (!this.#sizes) {
      this.#sizes = new ResizeObserver(() => this.#follow()); // a taller window has room for more rows
      this.#sizes.observe(/** @type {Element} */ (this.querySelector('.rooms')));
    }
    this.#follow();
    this.raise('rooms-drawn', { names: this.#shown });
  }

  // Draws again where other rows of a long list are in sight than those that are drawn, and asks for more of a list
  // whose end is near.
  #follow() {
    const height = this.#height;
    for (const [key, { count, first, last }] of this.#windows) {
      const now = this.#window(count, key);
      if (now.first !== first || now.last !== last || this.#height !== height) return this.update();
    }
    if (store.hasMoreRooms && this.#isEndNear()) this.raise('rooms-end');
    return undefined;
  }

  #groups() {
    this.#windows.clear();
    this.#shown = [];
    const current = store.room?.name;
    const all = this.#rooms();
    const live = all.filter(({ archived }) => !archived);
    const hidden = live.filter(({ kind }) => kind === 'private');
    const direct = live.filter(({ kind, last = 0, name }) => kind === 'direct' && (last > 1 || name === current));
    direct.sort((a, b) => String(b.at ?? '').localeCompare(String(a.at ?? '')));
    return html`
      ${this.#caption('Rooms', 'Find or make a room', 'rooms')}${this.#list(live.filter(isShared), 'shared')}
      ${this.#caption('Private', 'New private room', 'private')}${this.#list(hidden, 'private')}
      ${this.#caption('Direct messages', 'Write to somebody', 'direct')}${this.#list(direct, 'direct')}
      ${this.#archive(all.filter(({ archived }) => archived))}`;
  }

  #rooms() {
    const names = new Set(['general', ...store.rooms.keys(), ...store.unlistedRooms()]);
    if (store.room) names.add(store.room.name);
    return this.#order.sort([...names].map((name) => store.roomInfo(name)));
  }

  /**
   * @param {string} title
   * @param {string} label
   * @param {string} face
   */
  #caption(title, label, face) {
    return html`<div class="caption"><h2>${title}</h2>
      <button type="button" class="knob" aria-label=${label} title=${label}
        @click=${() => this.raise('show-directory', { face })}>${icon('plus')}</button></div>`;
  }

  /**
   * @param {RoomInfo[]} rooms
   * @param {string} key
   */
  #list(rooms, key) {
    if (!rooms.length) return nothing;
    const long = rooms.length > WHOLE;
    const { first, last } = long ? this.#window(rooms.length, key) : { first: 0, last: rooms.length };
    if (long) this.#windows.set(key, { count: rooms.length, first, last });
    if (key === 'shared') this.#shown = rooms.slice(first, last).map(({ name }) => name);
    const [above, below] = [first, rooms.length - last].map((rows) => rows * this.#height);
    return html`<ul data-list=${key} .style=${`padding-block: ${above}px ${below}px`}>
      ${repeat(rooms.slice(first, last), ({ name }) => name, (info, at) => roomLink(info, {
        open: () => this.raise('open-room', { room: info.name }),
        forget: () => this.raise('forget-room', { room: info.name }),
      }, long ? { at: first + at + 1, of: store.hasMoreRooms ? -1 : rooms.length } : null))}</ul>`;
  }

  // Whether a list comes to its end in sight, or a screen below.
  #isEndNear() {
    const box = /** @type {HTMLElement} */ (this.querySelector('.rooms'));
    const { top, bottom, height } = box.getBoundingClientRect();
    return [...box.querySelectorAll('[data-list]')].some((list) => {
      const end = list.getBoundingClientRect().bottom;
      return end > top && end < bottom + height;
    });
  }

  /**
   * The rows of a long list that are to be drawn.
   * @param {number} count
   * @param {string} key
   */
  #window(count, key) {
    const box = this.querySelector('.rooms');
    const list = /** @type {HTMLElement | null} */ (box?.querySelector(`[data-list="${key}"]`) ?? null);
    this.#height = list?.querySelector('li')?.offsetHeight || this.#height; // a list out of sight has no row
    const start = list ? list.offsetTop - /** @type {HTMLElement} */ (box).offsetTop : 0;
    const { scrollTop: top = 0, clientHeight: inSight = 0 } = box ?? {};
    const focused = list?.contains(document.activeElement) ? document.activeElement?.closest('li') : null;
    const focus = Number(focused?.getAttribute('aria-posinset') ?? 0) - 1;
    return rowWindow({ count, height: this.#height, start, top, inSight, focus });
  }

  /** @param {RoomInfo[]} rooms */
  #archive(rooms) {
    if (!rooms.length) return nothing;
    const open = this.#archiveOpen || rooms.some(({ name }) => name === store.room?.name);
    return html`<button type="button" class="caption fold" aria-expanded=${String(open)}
          @click=${() => this.#toggleArchive()}>${icon('go', 'go')}Archive <span
          class="count">${rooms.length}</span></button>
        ${open ? this.#list(rooms, 'archive') : nothing}`;
  }

  #toggleArchive() {
    this.#archiveOpen = !this.#archiveOpen;
    this.update();
  }

  #self() {
    const { me, connection } = store;
    if (!me) return nothing;
    const live = connection === 'live' || connection === 'polling';
    return html`<div class="self">
      <button type="button" class="me" aria-haspopup="dialog" title="Your name, devices and password"
        @click=${() => this.raise('show-you')}>
        ${avatarIcon(me.who ?? me.name, me.name)}
        <span class="who"><span class="quiet">You: </span><span class="name"
          title=${me.name}><bdi>${me.name}</bdi> ${statusMark(store.status)}</span>
        <span class="state"><span class="dot ${live ? 'live' : ''}"></span>${STATES[connection] ?? ''}</span></span>
      </button>
      ${me.host ? this.#hostButton() : nothing}
    </div>`;
  }

  #hostButton() {
    const count = store.waitingCount();
    const badge = html`<span class="badge mark-count" aria-hidden="true">${count}</span>`;
    return html`<button type="button" class="knob" aria-haspopup="dialog" title="Host panel"
        aria-label=${count ? `Host panel, ${count} waiting` : 'Host panel'} @click=${() => this.raise('show-host')}>
        ${icon('host')}${count ? badge : nothing}</button>`;
  }
}

/** @param {RoomInfo} info */
function isShared({ kind }) {
  return kind !== 'private' && kind !== 'direct';
}

customElements.define('hearth-sidebar', HearthSidebar);
