/** The side: all rooms by kind with what is unread in them, ways to others, and who I am. */
import { initials, tint } from '../lib/avatar.js';
import { pathOf } from '../lib/room-name.js';
import { store } from '../lib/store.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { icon } from './icon.js';
import { Component } from './component.js';

const WORDS = { live: 'Connected', polling: 'Connected, a little late', lost: 'Reconnecting', gone: 'Not connected', opening: 'Connecting' };

const SIGNS = { announcements: 'horn', private: 'lock' };
const NAMES = { announcements: 'announcements', private: 'private' };

class HearthSidebar extends Component {
  static topics = ['rooms', 'room', 'log', 'phase', 'connection', 'panel'];
  #archive = false;

  view() {
    return html`
      <div class="brand">${icon('mark', 'mark')}<span>Hearth</span>
        <button type="button" class="knob shut" aria-label="Close rooms" @click=${() => this.raise('drawer', { name: '' })}>${icon('close')}</button>
      </div>
      <div class="rooms">${this.#groups()}</div>
      ${this.#self()}`;
  }

  #groups() {
    const here = store.room?.name;
    const names = new Set(['general', ...store.rooms.keys(), ...store.opened()]);
    if (here) names.add(here);
    const all = [...names].map((name) => store.placeOf(name)).sort((a, b) => Number(b.name === 'general') - Number(a.name === 'general') || a.title.localeCompare(b.title));
    const live = all.filter(({ archived }) => !archived);
    const direct = live.filter(({ kind, last, name }) => kind === 'direct' && (last > 1 || name === here));
    direct.sort((a, b) => String(b.at ?? '').localeCompare(String(a.at ?? '')));
    const old = all.filter(({ archived }) => archived);
    const unfolded = this.#archive || old.some(({ name }) => name === here);
    return html`
      ${this.#caption('Rooms', 'Find or make a room', 'rooms')}${this.#list(live.filter(({ kind }) => kind !== 'private' && kind !== 'direct'))}
      ${this.#caption('Private', 'New private room', 'private')}${this.#list(live.filter(({ kind }) => kind === 'private'))}
      ${this.#caption('Direct messages', 'Write to somebody', 'direct')}${this.#list(direct)}
      ${old.length ? html`<button type="button" class="caption fold" aria-expanded=${String(unfolded)} @click=${() => this.#unfold()}>${icon('go', 'go')}Archive <span class="count">${old.length}</span></button>
        ${unfolded ? this.#list(old) : nothing}` : nothing}`;
  }

  #caption(title, label, kind) {
    return html`<div class="caption"><h2>${title}</h2>
      <button type="button" class="knob" aria-label=${label} title=${label} @click=${() => this.raise('new-room', { kind })}>${icon('plus')}</button></div>`;
  }

  #list(places) {
    if (!places.length) return nothing;
    return html`<ul>${repeat(places, ({ name }) => name, (place) => this.#room(place))}</ul>`;
  }

  #room({ name, kind, title, with: other }) {
    const current = name === store.room?.name;
    const count = store.unreadOf(name);
    const calls = store.callsOf(name);
    const unsaid = kind === 'public' && name !== 'general' && !store.rooms.has(name);
    const note = unsaid ? 'nothing said yet' : NAMES[kind]; // read out with the title, in one: between two parts a space is read
    const open = (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      this.raise('open', { room: name });
    };
    const sign = kind === 'direct'
      ? html`<span class="avatar tiny tint-${tint(other ?? title)}" aria-hidden="true">${initials(title)}</span>`
      : icon(SIGNS[kind] ?? 'room', 'sign');
    return html`<li class=${unsaid ? 'unsaid' : ''}><a class="room ${count && !current ? 'unread' : ''}" href=${pathOf(name)} aria-current=${current ? 'page' : nothing} @click=${open}>
      ${sign}<span class="label" title=${title} aria-hidden=${note ? 'true' : nothing}><bdi>${title}</bdi></span>${note ? html`<span class="quiet">${title}, ${note}</span>` : nothing}
      ${calls ? html`<span class="badge" role="img" aria-label=${calls < count ? `${count} unread, ${calls} for you` : `${count} unread`}>${calls > 99 ? '99+' : calls}</span>`
        : count ? html`<span class="quiet" role="img" aria-label=${`${count} unread`}></span>` : nothing}
    </a>${unsaid ? html`<button type="button" class="knob" aria-label=${`Take ${title} off the list`} title="Take off the list" @click=${() => this.raise('forget', { room: name })}>${icon('close')}</button>` : nothing}</li>`;
  }

  #unfold() {
    this.#archive = !this.#archive;
    this.update();
  }

  #self() {
    const { me, connection } = store;
    if (!me) return nothing;
    const asking = store.asking();
    return html`<div class="self">
      <button type="button" class="me" aria-haspopup="dialog" title="Your name, devices and password" @click=${() => this.raise('you')}>
        <span class="avatar tint-${tint(me.who ?? me.name)}" aria-hidden="true">${initials(me.name)}</span>
        <span class="who"><span class="quiet">You: </span><span class="name" title=${me.name}><bdi>${me.name}</bdi></span>
        <span class="state"><span class="dot ${connection === 'live' || connection === 'polling' ? 'live' : ''}"></span>${WORDS[connection] ?? ''}</span></span>
      </button>
      ${me.host ? html`<button type="button" class="knob" aria-haspopup="dialog" aria-label=${asking ? `Host panel, ${asking} waiting` : 'Host panel'} title="Host panel" @click=${() => this.raise('host-panel')}>
        ${icon('host')}${asking ? html`<span class="badge mark-count" aria-hidden="true">${asking}</span>` : nothing}</button>` : nothing}
    </div>`;
  }
}

customElements.define('hearth-sidebar', HearthSidebar);
