/** The column of rooms, by kind and with what is unread in them, and below it who I am. */
import { store } from '../lib/store.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { avatarIcon } from './avatar-icon.js';
import { Component } from './component.js';
import { icon } from './icon.js';
import { roomLink } from './room-link.js';
/** @import { ConnectionState, RoomInfo } from '../lib/types.d.ts' */

/** @type {Partial<Record<ConnectionState, string>>} */
const STATES = {
  opening: 'Connecting', live: 'Connected', polling: 'Connected, a little late',
  lost: 'Reconnecting', gone: 'Not connected',
};

class HearthSidebar extends Component {
  static topics = ['rooms', 'room', 'messages', 'session', 'connection', 'host-panel'];
  #archiveOpen = false;

  view() {
    return html`
      <div class="brand">${icon('mark', 'mark')}<span>Hearth</span>
        <button type="button" class="knob shut" aria-label="Close rooms"
          @click=${() => this.raise('drawer', { name: '' })}>${icon('close')}</button>
      </div>
      <div class="rooms">${this.#groups()}</div>
      ${this.#self()}`;
  }

  #groups() {
    const current = store.room?.name;
    const all = this.#rooms();
    const live = all.filter(({ archived }) => !archived);
    const hidden = live.filter(({ kind }) => kind === 'private');
    const direct = live.filter(({ kind, last = 0, name }) => kind === 'direct' && (last > 1 || name === current));
    direct.sort((a, b) => String(b.at ?? '').localeCompare(String(a.at ?? '')));
    return html`
      ${this.#caption('Rooms', 'Find or make a room', 'rooms')}${this.#list(live.filter(isShared))}
      ${this.#caption('Private', 'New private room', 'private')}${this.#list(hidden)}
      ${this.#caption('Direct messages', 'Write to somebody', 'direct')}${this.#list(direct)}
      ${this.#archive(all.filter(({ archived }) => archived))}`;
  }

  // All rooms, general first, the others by title.
  #rooms() {
    const names = new Set(['general', ...store.rooms.keys(), ...store.unlistedRooms()]);
    if (store.room) names.add(store.room.name);
    const isGeneral = (/** @type {RoomInfo} */ { name }) => Number(name === 'general');
    return [...names].map((name) => store.roomInfo(name))
      .sort((a, b) => isGeneral(b) - isGeneral(a) || a.title.localeCompare(b.title));
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

  /** @param {RoomInfo[]} rooms */
  #list(rooms) {
    if (!rooms.length) return nothing;
    return html`<ul>${repeat(rooms, ({ name }) => name, (info) => roomLink(info, {
      open: () => this.raise('open-room', { room: info.name }),
      forget: () => this.raise('forget-room', { room: info.name }),
    }))}</ul>`;
  }

  /** @param {RoomInfo[]} rooms */
  #archive(rooms) {
    if (!rooms.length) return nothing;
    const open = this.#archiveOpen || rooms.some(({ name }) => name === store.room?.name);
    return html`<button type="button" class="caption fold" aria-expanded=${String(open)}
          @click=${() => this.#toggleArchive()}>${icon('go', 'go')}Archive <span
          class="count">${rooms.length}</span></button>
        ${open ? this.#list(rooms) : nothing}`;
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
          title=${me.name}><bdi>${me.name}</bdi></span>
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
