/** The top of the conversation: its name and topic, and below it the lines for connection and pinned message. */
import { store } from '../lib/store.js';
import { snippet } from '../lib/text.js';
import { html, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';
import { Part } from './part.js';

const PATIENCE = 1200; // a loss shorter than this is not worth a word

const SIGNS = { announcements: 'horn', private: 'lock' };

class HearthHeader extends Part {
  static topics = ['room', 'rooms', 'people', 'phase', 'panel'];

  view() {
    const { room } = store;
    if (!room) return nothing;
    const others = [...store.rooms.keys()].filter((name) => name !== room.name).reduce((sum, name) => sum + store.unreadOf(name), 0);
    const place = store.placeOf(room.name);
    const asking = store.asking();
    const label = others ? `Rooms, ${others} unread` : 'Rooms';
    return html`<header class="head">
      <button type="button" class="knob menu" aria-label=${label} @click=${() => this.raise('drawer', { name: 'rooms' })}>
        ${icon('menu')}${others ? html`<span class="badge count" aria-hidden="true">${others > 99 ? '99+' : others}</span>` : nothing}
      </button>
      ${SIGNS[place.kind] ? icon(SIGNS[place.kind], 'sign') : nothing}
      <div class="title">
        <h1 title=${place.title}><bdi>${place.title}</bdi></h1>
        ${room.topic ? html`<p class="topic" dir="auto" title=${room.topic}>${room.topic}</p>` : nothing}
      </div>
      ${asking ? html`<button type="button" class="knob wide asks" aria-haspopup="dialog" aria-label=${`${asking} waiting, open the host panel`} @click=${() => this.raise('host-panel')}>${icon('host')}<span class="count">${asking}</span><span class="word">waiting</span></button>` : nothing}
      ${room.problem ? nothing : html`${this.#about(place)}${this.#invite(place)}
      <button type="button" class="knob wide" aria-label=${`People here: ${room.here}`} aria-pressed=${String(this.hasAttribute('people'))}
        @click=${() => this.raise('drawer', { name: 'people' })}>${icon('people')}<span class="count">${room.here || ''}</span></button>`}
    </header>`;
  }

  // What there is to know or do beyond the topic.
  #about({ kind }) {
    if (kind === 'public' && !store.me?.host) return nothing;
    return html`<button type="button" class="knob" aria-haspopup="dialog" aria-label="About this room" title="About this room" @click=${() => this.raise('about', {})}>${icon('more')}</button>`;
  }

  // To the hub, or into a private room; a talk of two is full.
  #invite({ kind, owner, archived }) {
    if (kind === 'direct' || (kind === 'private' && (!owner || archived))) return nothing;
    const act = () => (kind === 'private' ? this.raise('about', { face: 'invite' }) : this.raise('invite'));
    return html`<button type="button" class="knob wide to-invite" aria-label="Invite" @click=${act}>${icon('invite')}<span class="word">Invite</span></button>`;
  }
}

class HearthStatus extends Part {
  static topics = ['link'];
  #since = 0;
  #timer = 0;

  view() {
    const state = store.link;
    if (state === 'live' || state === 'idle') {
      this.#since = 0;
      return html`<div role="status"></div>`;
    }
    this.#since ||= Date.now();
    clearTimeout(this.#timer);
    const early = Date.now() - this.#since < PATIENCE;
    if (early) this.#timer = setTimeout(() => this.update(), PATIENCE);
    return html`<div role="status">${early ? nothing : this.#line(state)}</div>`;
  }

  #line(state) {
    const again = html`<button type="button" @click=${() => this.raise('renew')}>Try now</button>`;
    if (state === 'polling') return html`<p class="line status">${icon('clock')}<span>Something between here and Hearth blocks live messages. They arrive a little later.</span></p>`;
    if (state === 'ended') return nothing;
    if (navigator.onLine === false) return html`<p class="line status">${icon('alert')}<span>This device has no network. What you write is kept and sent later.</span></p>`;
    if (state === 'gone') return html`<p class="line status">${icon('alert')}<span>Hearth cannot be reached. What you write is kept and sent later.</span>${again}</p>`;
    return html`<p class="line status"><span class="spinner"></span><span>${state === 'opening' ? 'Connecting…' : 'Reconnecting…'}</span></p>`;
  }
}

class HearthPins extends Part {
  static topics = ['log', 'room'];
  #turn = 0;
  #of = '';

  view() {
    const { room } = store;
    const pins = room?.ready ? room.pinned() : [];
    const key = `${room?.name} ${pins}`;
    if (key !== this.#of) [this.#of, this.#turn] = [key, 0];
    if (!pins.length) return nothing;
    const n = pins[this.#turn % pins.length];
    const message = room.quote(n);
    if (!message) this.raise('want', { n });
    const go = () => {
      this.raise('jump', { n });
      this.#turn += 1;
      this.update();
    };
    return html`<button type="button" class="line pinned" @click=${go}>${icon('pin')}
      <span dir="auto">${message ? html`<span class="quiet">Pinned: </span><b>${message.by}</b> ${snippet(message.text ?? '')}` : 'Pinned message'}</span>
      ${pins.length > 1 ? html`<span class="count">${(this.#turn % pins.length) + 1} of ${pins.length}</span>` : nothing}
    </button>`;
  }
}

customElements.define('hearth-header', HearthHeader);
customElements.define('hearth-status', HearthStatus);
customElements.define('hearth-pins', HearthPins);
