/** The column of rooms, by kind and with what is unread in them, and below it who I am. */
import { RoomOrder, newsFirst } from '../lib/room-order.js';
import { handAfterMove, inHandOrder, roomPreferences } from '../lib/room-preferences.js';
import { rowWindow } from '../lib/row-window.js';
import { store } from '../lib/store.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { avatarIcon } from './avatar-icon.js';
import { Component } from './component.js';
import { icon } from './icon.js';
import { roomLink } from './room-link.js';
import { RowGestures } from './room/row-gestures.js';
import { statusMark } from './status-mark.js';
/** @import { ConnectionState, RoomInfo } from '../lib/types.d.ts' */

/** @type {Partial<Record<ConnectionState, string>>} */
const STATES = {
  opening: 'Connecting', live: 'Connected', polling: 'Connected, a little late',
  lost: 'Reconnecting', gone: 'Not connected', paused: 'Paused by the host',
};

const WHOLE = 100; // rooms of a list that are all drawn, so that the browser finds them; of a longer one only some

export class HearthSidebar extends Component {
  static topics = ['session', 'connection', 'host-panel', 'preferences', 'status'];
  static frequentTopics = ['rooms', 'room', 'messages', 'presence'];
  /** @type {Set<string>} */
  #unfolded = new Set(); // keys of lists that are folded otherwise
  /** @type {ResizeObserver | undefined} */
  #sizes;
  #order = new RoomOrder();
  /** @type {Map<string, { count: number, first: number, last: number }>} */
  #windows = new Map(); // what is drawn of each long list
  #height = 0; // of a row, as it was when one was drawn last
  /** @type {string[]} */
  #shown = []; // the names of the shared rooms that are drawn
  /** @type {Map<string, string[]>} */
  #lists = new Map(); // the names of each list in order, drawn or not
  #moved = ''; // the room whose row is to have the focus again

  view() {
    return html`
      <div class="brand">${icon('mark', 'mark')}<bdi title=${store.hub.name}>${store.hub.name}</bdi>
        <button type="button" class="knob shut" aria-label="Close rooms"
          @click=${() => this.raise('drawer', { name: '' })}>${icon('close')}</button>
      </div>
      <div class="rooms" @scroll=${() => this.#follow()} @focusin=${() => this.#follow()}
        @keydown=${this.#key}>${this.#mentions()}${this.#groups()}</div>
      ${this.#self()}`;
  }

  drawn() {
    if (!this.#sizes) {
      this.#sizes = new ResizeObserver(() => this.#follow()); // a taller window has room for more rows
      const box = /** @type {HTMLElement} */ (this.querySelector('.rooms'));
      this.#sizes.observe(box);
      new RowGestures(box, {
        menu: (room) => this.raise('show-room-options', { room }),
        move: (room, other, after) => this.#moveBeside(room, other, after),
      });
    }
    if (this.#moved) this.querySelector(`[data-room="${CSS.escape(this.#moved)}"] a`)?.focus();
    this.#moved = '';
    this.#follow();
    this.raise('rooms-drawn', { names: this.#shown });
    const { favourites, hand, sort } = roomPreferences(store.preferences);
    const names = sort === 'hand' ? [...favourites, ...hand] : favourites;
    if (store.hasMoreRooms && names.length) this.raise('rooms-needed', { names });
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

  #mentions() {
    const count = store.mentions();
    const shown = count > 99 ? '99+' : count;
    const badge = html`<span class="badge" role="img" aria-label=${`${count} unread`}>${shown}</span>`;
    return html`<button type="button" class="room to-mentions ${count ? 'unread' : ''}" aria-haspopup="dialog"
        @click=${() => this.raise('show-mentions')}>${icon('at', 'sign')}<span class="label">Mentions</span>
        ${count ? badge : nothing}</button>`;
  }

  #groups() {
    this.#windows.clear();
    this.#shown = [];
    this.#lists.clear();
    const current = store.room?.name;
    const { sort, hand, of } = roomPreferences(store.preferences);
    const all = this.#rooms();
    const live = all.filter(({ archived, kind, last = 0, name }) => (
      !archived && (kind !== 'direct' || last > 1 || name === current)));
    const isHidden = (/** @type {RoomInfo} */ { name }) => Boolean(of(name).hidden) && name !== current;
    const isFavourite = (/** @type {RoomInfo} */ { name }) => Boolean(of(name).favourite);
    const shown = live.filter((info) => !isHidden(info));
    const favourites = shown.filter(isFavourite);
    const others = shown.filter((info) => !isFavourite(info));
    const direct = others.filter(({ kind }) => kind === 'direct').sort(newsFirst);
    return html`
      ${favourites.length ? html`<div class="caption"><h2>Favourites</h2></div>` : nothing}
      ${this.#list(favourites, 'favourites')}
      ${this.#caption('Rooms', 'Find or make a room', 'rooms')}${this.#list(others.filter(isShared), 'shared')}
      ${this.#caption('Private', 'New private room', 'private')}
      ${this.#list(others.filter(({ kind }) => kind === 'private'), 'private')}
      ${this.#caption('Direct messages', 'Write to somebody', 'direct')}
      ${this.#list(sort === 'hand' ? inHandOrder(direct, hand) : direct, 'direct')}
      ${this.#fold('Hidden', live.filter(isHidden), 'hidden')}
      ${this.#fold('Archive', all.filter(({ archived }) => archived), 'archive')}`;
  }

  #rooms() {
    const names = new Set(['general', ...store.rooms.keys(), ...store.unlistedRooms()]);
    if (store.room) names.add(store.room.name);
    return this.#order.sort([...names].map((name) => store.roomInfo(name)), roomPreferences(store.preferences));
  }

  /**
   * Where a room stands in its list, -1 for one that is in none, and how many are in it.
   * @param {string} name
   */
  placeOf(name) {
    const list = this.#listOf(name);
    return { at: list.indexOf(name), count: list.length };
  }

  /**
   * Moves a room up or down in its list.
   * @param {string} name
   * @param {number} step
   */
  step(name, step) {
    const { at, count } = this.placeOf(name);
    if (at >= 0 && at + step >= 0 && at + step < count) this.#move(name, at + step);
  }

  /**
   * @param {string} name
   * @param {string} other
   * @param {boolean} after
   */
  #moveBeside(name, other, after) {
    const rest = this.#listOf(name).filter((each) => each !== name);
    if (rest.includes(other)) this.#move(name, rest.indexOf(other) + Number(after));
  }

  // From now on the order is the one by hand, which begins as what is seen.
  /**
   * @param {string} name
   * @param {number} to
   */
  #move(name, to) {
    const list = this.#listOf(name);
    const { sort, hand } = roomPreferences(store.preferences);
    const seen = sort === 'news' ? list.slice(0, WHOLE) : [];
    const before = sort === 'hand' ? hand : [...seen, ...hand.filter((each) => !list.includes(each))];
    const patch = { rooms: { sort: 'hand', hand: handAfterMove(list, before, name, to) } };
    if (document.activeElement?.closest('[data-room]')) this.#moved = name;
    this.raise('prefer', { patch });
    this.raise('notice', { text: `“${store.roomTitle(name)}” is now number ${to + 1} of ${list.length}.` });
  }

  /** @param {string} name */
  #listOf(name) {
    return [...this.#lists.values()].find((names) => names.includes(name)) ?? [];
  }

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    const name = event.target.closest('[data-room]')?.dataset.room;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!name || !event.altKey || (!step && event.key !== 'Enter')) return;
    event.preventDefault();
    if (step) this.step(name, step);
    else this.raise('show-room-options', { room: name });
  };

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
    this.#lists.set(key, rooms.map(({ name }) => name));
    const long = rooms.length > WHOLE;
    const { first, last } = long ? this.#window(rooms.length, key) : { first: 0, last: rooms.length };
    if (long) this.#windows.set(key, { count: rooms.length, first, last });
    if (key === 'shared') this.#shown = rooms.slice(first, last).map(({ name }) => name);
    const [above, below] = [first, rooms.length - last].map((rows) => rows * this.#height);
    return html`<ul data-list=${key} .style=${`padding-block: ${above}px ${below}px`}>
      ${repeat(rooms.slice(first, last), ({ name }) => name, (info, at) => roomLink(info, {
        expect: () => this.raise('expect-room', { room: info.name }),
        open: () => this.raise('open-room', { room: info.name }),
        menu: () => this.raise('show-room-options', { room: info.name }),
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

  /**
   * A list that is folded unless it was unfolded or has the room on view.
   * @param {string} title
   * @param {RoomInfo[]} rooms
   * @param {string} key
   */
  #fold(title, rooms, key) {
    if (!rooms.length) return nothing;
    const open = this.#unfolded.has(key) || rooms.some(({ name }) => name === store.room?.name);
    return html`<button type="button" class="caption fold" aria-expanded=${String(open)}
          @click=${() => this.#toggleFold(key)}>${icon('go', 'go')}${title} <span
          class="count">${rooms.length}</span></button>
        ${open ? this.#list(rooms, key) : nothing}`;
  }

  /** @param {string} key */
  #toggleFold(key) {
    if (!this.#unfolded.delete(key)) this.#unfolded.add(key);
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
