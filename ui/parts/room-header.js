/** The top of a conversation: its name, its topic, and ways to what is beside it. */
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { Component } from './component.js';
import { icon } from './icon.js';
import { roomSign } from './room-sign.js';
import { mayChangeTopic, topicButton, topicForm, topicText } from './room-topic.js';
/** @import { Room } from '../lib/room.js' */
/** @import { RoomInfo } from '../lib/types.d.ts' */

export class HearthRoomHeader extends Component {
  static topics = ['session', 'host-panel', 'preferences'];
  static frequentTopics = ['room', 'rooms', 'people'];
  #editing = ''; // the room whose topic is being edited
  #before = ''; // its topic then: somebody else's change does not take what is typed
  #whole = ''; // the room whose topic is shown in full

  view() {
    const { room } = store;
    if (!room) return nothing;
    const info = store.roomInfo(room.name);
    const mayChange = mayChangeTopic(info, store.me) && !room.problem;
    if (this.#editing === room.name && mayChange) return this.#form(info);
    this.#editing = '';
    return html`<header class="head">
      ${this.#roomsButton(room)}
      ${roomSign(info, '')}
      <div class="title">
        <h1 title=${info.title}><bdi>${info.title}</bdi></h1>
        ${this.#topic(room, mayChange)}
      </div>
      ${this.#waiting()}
      ${room.problem ? nothing : html`${this.#about()}${this.#invite(info)}
      ${this.#people(room)}`}
    </header>`;
  }

  /** @param {Room} room */
  #roomsButton(room) {
    const others = [...store.rooms.keys()].filter((name) => name !== room.name);
    const unread = others.reduce((sum, name) => sum + store.toldIn(name), 0);
    const mentions = others.reduce((sum, name) => sum + Math.min(store.toldIn(name), store.mentionsIn(name)), 0);
    const badge = html`<span class="badge count" aria-hidden="true">${mentions > 99 ? '99+' : mentions}</span>`;
    const dot = html`<span class="spot" aria-hidden="true"></span>`;
    return html`<button type="button" class="knob menu" aria-label=${unread ? `Rooms, ${unread} unread` : 'Rooms'}
        @click=${() => this.raise('drawer', { name: 'rooms' })}>
        ${icon('menu')}${mentions ? badge : unread ? dot : nothing}
      </button>`;
  }

  /**
   * @param {Room} room
   * @param {boolean} mayChange
   */
  #topic(room, mayChange) {
    const { name } = room;
    const topic = topicOf(room);
    if (mayChange) return topicButton(topic, () => this.#edit(name));
    const whole = this.#whole === name;
    return topicText(topic, whole, () => this.#showWhole(whole ? '' : name));
  }

  /** @param {RoomInfo} info */
  #form({ title }) {
    const form = topicForm({
      title,
      topic: this.#before,
      save: (text) => this.raise('topic', { text }),
      close: () => this.#edit(''),
    });
    return html`<header class="head">${form}</header>`;
  }

  /** Opens the form for the topic of the room on view. */
  editTopic() {
    if (store.room) this.#edit(store.room.name);
  }

  /** @param {string} room */
  #edit(room) {
    this.#editing = room;
    this.#before = store.room ? topicOf(store.room) : '';
    this.update();
    setTimeout(() => {
      this.querySelector(room ? 'input' : '.topic')?.focus();
      if (room) this.querySelector('input')?.select();
    });
  }

  /** @param {string} room */
  #showWhole(room) {
    this.#whole = room;
    this.update();
  }

  // How many people wait for a host.
  #waiting() {
    const count = store.waitingCount();
    if (!count) return nothing;
    return html`<button type="button" class="knob wide asks" aria-haspopup="dialog"
      aria-label=${`${count} waiting, open the host panel`} @click=${() => this.raise('show-host')}>${icon('host')}<span
        class="count">${count}</span><span class="word">waiting</span></button>`;
  }

  // What there is to know or do beyond the topic.
  #about() {
    return html`<button type="button" class="knob" aria-haspopup="dialog" aria-label="About this room"
      title="About this room" @click=${() => this.raise('show-room')}>${icon('more')}</button>`;
  }

  // To the hub, or into a private room; a direct conversation is full.
  /** @param {RoomInfo} info */
  #invite({ kind, owner, archived }) {
    if (kind === 'direct' || (kind === 'private' && (!owner || archived))) return nothing;
    const toRoom = () => this.raise('show-room', { face: 'invite' });
    const toHub = () => this.raise('show-invite');
    return html`<button type="button" class="knob wide to-invite" aria-label="Invite"
      @click=${kind === 'private' ? toRoom : toHub}>${icon('invite')}<span class="word">Invite</span></button>`;
  }

  /** @param {Room} room */
  #people({ here }) {
    return html`<button type="button" class="knob wide" aria-label=${`People here: ${here}`}
        aria-pressed=${String(this.hasAttribute('people'))}
        @click=${() => this.raise('drawer', { name: 'people' })}>${icon('people')}<span
        class="count">${here || ''}</span></button>`;
  }
}

// Until one has joined, what the list of rooms says.
/** @param {Room} room */
function topicOf({ name, topic }) {
  return topic || store.roomInfo(name).topic;
}

customElements.define('hearth-room-header', HearthRoomHeader);
