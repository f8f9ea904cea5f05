/** The card about the room on view: what it is, who is in it, and what its owner or a host can do with it. */
import { store } from '../../lib/store.js';
import { keepSentence } from '../../lib/keep-text.js';
import { html, nothing } from '../../vendor/lit.js';
import { menuItem } from '../menu-item.js';
import { Sheet } from '../sheet.js';
import { mayChangeTopic } from '../room-topic.js';
import { alertChoice } from './alert-choice.js';
import './keep-form.js';
import './look-form.js';
import './people-search.js';
import { roomMembers } from './room-members.js';
import { roomMenu } from './room-menu.js';
import { titleForm } from './title-form.js';
/** @import { NamedPerson, Question, RoomCommand, RoomDetails, RoomInfo, Without } from '../../lib/types.d.ts' */

const KINDS = {
  public: 'Anybody who may come into this Hearth can read and write here.',
  announcements: 'Everybody reads here. Hosts write, and whom they choose.',
  private: 'Only people who were invited see this room.',
  direct: 'Only the two of you see what is said here.',
};
/** @type {Record<string, string>} */
const TITLES = {
  invite: 'Invite people', writer: 'Let somebody write', title: 'Rename the room', look: 'How the room looks',
  keep: 'How long files stay',
};

export class HearthRoomCard extends Sheet {
  static topics = ['room', 'rooms', 'session', 'preferences'];
  /** @type {RoomDetails | null} */
  #details = null; // what the hub tells of the room
  #open = ''; // the id of the member whose line is unfolded
  #name = ''; // of the room on view
  #first = ''; // the face with which it was opened: what is done there ends the card

  open(face = '') {
    [this.#details, this.#open, this.#first] = [null, '', face];
    super.open(face);
    this.#load();
  }

  update() {
    super.update();
    if (this.showing && store.room?.name !== this.#name) this.close();
    this.#name = store.room?.name ?? '';
  }

  card() {
    const { room, me } = store;
    if (!room) return nothing;
    const info = store.roomInfo(room.name);
    const back = () => this.turn('');
    if (this.face) {
      const done = this.face === this.#first ? () => this.close() : back;
      return html`${this.top(TITLES[this.face], back)}<div class="sheet-body">${this.#face(info, done)}</div>`;
    }
    const mine = Boolean(me) && this.#details?.owner === me?.who;
    const about = info.closed ? 'It is closed: everybody can read here, only hosts write.' : KINDS[info.kind] ?? '';
    return html`${this.top(info.title)}<div class="sheet-body">
      <p>${about}${info.archived ? ' It is archived.' : ''}</p>
      ${info.kind === 'private' ? this.#members(info, mine) : nothing}
      ${info.kind === 'announcements' ? this.#writers() : nothing}
      ${this.#listItem(info)}${this.#menu(info, mine)}${this.faultLine()}</div>`;
  }

  /**
   * @param {RoomInfo} info
   * @param {() => void} done
   */
  #face({ name, title }, done) {
    if (this.face === 'keep') return html`<hearth-keep-form .room=${name} .done=${done}></hearth-keep-form>`;
    if (this.face === 'look') return html`<hearth-look-form .room=${name} .done=${done}></hearth-look-form>`;
    if (this.face === 'title') {
      return titleForm({
        title, done, fault: this.faultLine(), busy: this.busy,
        save: (text) => text === title || this.attempt(() => this.#change({ do: 'title', text })),
      });
    }
    const invite = this.face === 'invite';
    const there = invite ? this.#details?.members : this.#details?.writers;
    const act = (/** @type {NamedPerson} */ { who: whom }) => this.#change({ do: invite ? 'invite' : 'writer', whom });
    return html`<hearth-people-search .verb=${invite ? 'Invite' : 'Choose'} .act=${act}
            .without=${new Set(there?.map(({ who }) => who))}></hearth-people-search>
          <div class="card-foot"><button type="button" class="button primary" @click=${done}>Done</button></div>`;
  }

  /**
   * @param {RoomInfo} info
   * @param {boolean} mine
   */
  #members({ archived }, mine) {
    return this.#people({
      title: 'In this room',
      people: this.#details?.members ?? [],
      owner: this.#details?.owner,
      tools: mine ? this.#memberTools : null,
      add: mine && !archived ? { label: 'Invite', act: () => this.turn('invite') } : null,
    });
  }

  #writers() {
    const host = store.me?.host;
    return this.#people({
      title: 'May write, besides hosts',
      people: this.#details?.writers ?? [],
      tools: host ? this.#writerTools : null,
      add: host ? { label: 'Choose', act: () => this.turn('writer') } : null,
      empty: this.#details ? 'Nobody yet.' : '',
    });
  }

  /** @param {Omit<Parameters<typeof roomMembers>[0], 'open' | 'toggle'>} options */
  #people(options) {
    return roomMembers({ ...options, open: this.#open, toggle: (who) => this.#toggle(who) });
  }

  /** @param {NamedPerson} person */
  #memberTools = ({ who, name }) => html`
    <button type="button" class="button small" @click=${() => this.#confirm({
      title: `Hand the room over to ${name}?`,
      text: 'Then it is theirs: they invite, remove and delete, and you no longer do.',
      yes: 'Hand over',
    }, { do: 'owner', whom: who })}>Hand over</button>
    <button type="button" class="button small danger" @click=${() => this.#confirm({
      title: `Remove ${name}?`,
      text: 'They can no longer see this room, nor what was said in it.',
      yes: 'Remove',
    }, { do: 'remove', whom: who })}>Remove</button>`;

  /** @param {NamedPerson} person */
  #writerTools = ({ who }) => html`
    <button type="button" class="button small danger"
      @click=${() => this.attempt(() => this.#change({ do: 'writer', whom: who, off: true }))}>May no longer
      write</button>`;

  /** @param {RoomInfo} info */
  #listItem(info) {
    const act = () => {
      this.close();
      this.raise('show-room-options', { room: info.name });
    };
    const item = menuItem({ name: 'rows', label: 'In your list of rooms', note: 'Favourite, hide, order', act });
    const toFiles = () => {
      this.close();
      this.raise('show-files');
    };
    const note = keepSentence(info) || 'Pictures, documents and other files';
    const files = menuItem({ name: 'file', label: 'Files', note, act: toFiles });
    return html`<div class="menu-list">${files}${alertChoice(info, this)}${item}</div>`;
  }

  /**
   * @param {RoomInfo} info
   * @param {boolean} mine
   */
  #menu(info, mine) {
    return roomMenu(info, {
      mine,
      host: Boolean(store.me?.host),
      change: (command) => this.attempt(() => this.#change(command), { patient: true }),
      look: mayChangeTopic(info, store.me) && info.kind !== 'direct' ? () => this.turn('look') : null,
      keep: () => this.turn('keep'),
      rename: () => this.turn('title'),
      leave: () => this.#leave(info),
      remove: () => this.#remove(info),
    });
  }

  async #load() {
    const name = this.#name;
    await this.attempt(async () => {
      const details = await this.request('room-details', { name });
      if (name === this.#name) this.#details = details;
    });
  }

  // Resolves to true; what is shown afterwards is how it is now.
  /** @param {Without<RoomCommand, 'room'>} command */
  async #change(command) {
    const name = this.#name;
    await this.request('change-room', { name, command });
    this.#details = await this.request('room-details', { name });
    this.update();
    return true;
  }

  /**
   * @param {Question} question
   * @param {Without<RoomCommand, 'room'>} command
   */
  async #confirm(question, command) {
    if (!await this.request('confirm', question)) return;
    this.#open = '';
    await this.attempt(() => this.#change(command), { patient: true });
  }

  /** @param {RoomInfo} info */
  async #leave({ name, title }) {
    const text = 'You no longer see this room, until somebody invites you again.';
    const sure = await this.request('confirm', { title: `Leave “${title}”?`, text, yes: 'Leave' });
    if (sure && await this.attempt(() => this.request('leave-room', { name }))) this.close();
  }

  /** @param {RoomInfo} info */
  async #remove({ name, title }) {
    const text = 'It goes away for everybody in it, with all that was said. This cannot be undone.';
    const question = { title: 'Delete this room?', text, yes: 'Delete', typed: title };
    const sure = await this.request('confirm', question);
    if (sure && await this.attempt(() => this.request('delete-room', { name }))) this.close();
  }

  /** @param {string} who */
  #toggle(who) {
    this.#open = this.#open === who ? '' : who;
    this.update();
  }
}

customElements.define('hearth-room-card', HearthRoomCard);
