/** The top of a conversation: its name, and its topic, which is edited in place. */
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';
import { Component } from './component.js';

const SIGNS = { announcements: 'horn', private: 'lock' };

class HearthRoomHeader extends Component {
  static topics = ['room', 'rooms', 'people', 'phase', 'panel'];
  #editing = ''; // the room whose topic is being written
  #before = ''; // what it was then: another one's change does not take what is typed
  #whole = ''; // the room whose topic is shown in full

  view() {
    const { room } = store;
    if (!room) return nothing;
    const place = store.placeOf(room.name);
    const topical = mayChange(place) && !room.problem;
    if (this.#editing === room.name && topical) return html`<header class="head">${this.#form(room)}</header>`;
    this.#editing = '';
    const elsewhere = [...store.rooms.keys()].filter((name) => name !== room.name);
    const others = elsewhere.reduce((sum, name) => sum + store.unreadOf(name), 0);
    const calls = elsewhere.reduce((sum, name) => sum + store.callsOf(name), 0);
    const asking = store.asking();
    const label = others ? `Rooms, ${others} unread` : 'Rooms';
    return html`<header class="head">
      <button type="button" class="knob menu" aria-label=${label} @click=${() => this.raise('drawer', { name: 'rooms' })}>
        ${icon('menu')}${calls ? html`<span class="badge count" aria-hidden="true">${calls > 99 ? '99+' : calls}</span>` : others ? html`<span class="spot" aria-hidden="true"></span>` : nothing}
      </button>
      ${SIGNS[place.kind] ? icon(SIGNS[place.kind], 'sign') : nothing}
      <div class="title">
        <h1 title=${place.title}><bdi>${place.title}</bdi></h1>
        ${this.#topic(room, topical)}
      </div>
      ${asking ? html`<button type="button" class="knob wide asks" aria-haspopup="dialog" aria-label=${`${asking} waiting, open the host panel`} @click=${() => this.raise('host-panel')}>${icon('host')}<span class="count">${asking}</span><span class="word">waiting</span></button>` : nothing}
      ${room.problem ? nothing : html`${this.#about(place)}${this.#invite(place)}
      <button type="button" class="knob wide" aria-label=${`People here: ${room.here}`} aria-pressed=${String(this.hasAttribute('people'))}
        @click=${() => this.raise('drawer', { name: 'people' })}>${icon('people')}<span class="count">${room.here || ''}</span></button>`}
    </header>`;
  }

  // Who may not change it can still read all of it.
  #topic({ name, topic }, topical) {
    if (topical) {
      return html`<button type="button" class="topic ${topic ? '' : 'none'}" title=${topic || nothing} aria-label=${topic ? `Topic: ${topic}. Change it` : nothing} dir="auto"
        @click=${() => this.#edit(name)}>${topic || 'Add a topic'}</button>`;
    }
    if (!topic) return nothing;
    const whole = this.#whole === name;
    return html`<button type="button" class="topic ${whole ? 'whole' : ''}" title=${topic} aria-label=${`Topic: ${topic}`} aria-expanded=${String(whole)} dir="auto"
      @click=${() => this.#unfold(whole ? '' : name)}>${topic}</button>`;
  }

  #form({ name }) {
    const topic = this.#before;
    const save = (event) => {
      event.preventDefault();
      const text = event.target.elements.topic.value.trim();
      if (text !== topic) this.raise('topic', { text });
      this.#edit('');
    };
    return html`<form class="topic-form" aria-label=${`Topic of ${store.titleOf(name)}`} @submit=${save} @keydown=${(event) => event.key === 'Escape' && (event.stopPropagation(), this.#edit(''))}>
      <input class="field" name="topic" aria-label="Topic" placeholder="What is it about?" maxlength="200" dir="auto" autocomplete="off" enterkeyhint="done" .value=${topic}>
      <button class="knob" aria-label="Save the topic" title="Save">${icon('check')}</button>
      <button type="button" class="knob" aria-label="Leave the topic as it is" title="Cancel" @click=${() => this.#edit('')}>${icon('close')}</button>
    </form>`;
  }

  #edit(room) {
    this.#editing = room;
    this.#before = store.room.topic;
    this.update();
    setTimeout(() => {
      this.querySelector(room ? '[name=topic]' : '.topic')?.focus();
      if (room) this.querySelector('[name=topic]')?.select();
    });
  }

  #unfold(room) {
    this.#whole = room;
    this.update();
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

function mayChange({ kind, owner, may_write: write }) {
  if (kind === 'announcements') return Boolean(store.me?.host);
  return Boolean(kind === 'private' ? owner : write);
}

customElements.define('hearth-room-header', HearthRoomHeader);
