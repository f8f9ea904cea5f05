/** The card in which messages are sent on: to rooms and people, found as one types; one tap sends. */
import { newKey } from '../lib/random-key.js';
import { searchRooms } from '../lib/room-search.js';
import { saidText } from '../lib/said-text.js';
import { store } from '../lib/store.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { avatarIcon } from './avatar-icon.js';
import { onValue } from './listeners.js';
import { roomSign } from './room-sign.js';
import { Sheet } from './sheet.js';
/** @import { FoundPerson, Message, RoomInfo } from '../lib/types.d.ts' */

const SHOWN = 30; // rooms
const PAUSE = 200; // ms after the last letter

export class HearthForwardCard extends Sheet {
  static topics = ['rooms'];
  /** @type {Message[]} */
  #messages = [];
  #typed = '';
  #timer = 0;
  /** @type {FoundPerson[]} */
  #people = [];
  /** @type {Map<string, { title: string, room: string }>} */
  #sent = new Map(); // to what it was sent, by id
  /** @type {Map<string, string>} */
  #keys = new Map(); // so that trying again sends nothing twice
  #last = '';

  /** @param {Message[]} messages */
  begin(messages) {
    this.#messages = messages.filter(({ erased }) => !erased);
    this.#typed = '';
    this.#last = '';
    this.#sent.clear();
    this.#keys.clear();
    this.open();
    this.#search();
  }

  card() {
    const names = ['general', ...store.rooms.keys()];
    const rooms = names.map((name) => store.roomInfo(name)).filter(({ name, may_write: write }) => write
      && name !== store.room?.name);
    const { found } = searchRooms(rooms, this.#typed);
    const partners = new Set(rooms.map((info) => info.with));
    const people = this.#people.filter(({ who }) => who !== store.me?.who && !partners.has(who));
    const [first] = this.#messages;
    const what = this.#messages.length === 1
      ? html`<bdi>${first.by}</bdi>: <bdi>${saidText(first, 80)}</bdi>`
      : `${this.#messages.length} messages`;
    return html`${this.top('Forward')}<div class="sheet-body">
      <p>${what}</p>
      <label class="labelled">To which room or person?
        <input class="field" type="search" name="to" placeholder="A name" autocomplete="off" spellcheck="false"
          maxlength="64" dir="auto" data-first @input=${onValue((text) => this.#type(text))}></label>
      ${this.faultLine()}
      <p class="hint" role="status">${this.#done()}</p>
      <ul class="lines">${repeat(found.slice(0, SHOWN), ({ name }) => name, (info) => this.#room(info))}
        ${repeat(people, ({ who }) => who, (person) => this.#person(person))}
        ${found.length || people.length ? nothing : html`<li class="nobody">Nothing of that name.</li>`}</ul>
    </div>`;
  }

  #done() {
    const sent = this.#sent.get(this.#last);
    if (!sent) return nothing;
    return html`Forwarded to <bdi>${sent.title}</bdi>.
      <button type="button" class="plainlink" @click=${() => this.#open(sent.room)}>Open it</button>`;
  }

  /** @param {RoomInfo} info */
  #room(info) {
    const { name, title, with: other } = info;
    const sign = other ? avatarIcon(other, title) : roomSign(info);
    return this.#row({ id: name, title, sign, room: async () => name });
  }

  /** @param {FoundPerson} person */
  #person({ who, name }) {
    const room = () => this.request('direct', { who });
    return this.#row({ id: who, title: name, sign: avatarIcon(who, name), room });
  }

  // All of it can be pressed: what is pressed on the button is heard here too.
  /** @param {{ id: string, title: string, sign: unknown, room: () => Promise<string> }} row */
  #row({ id, title, sign, room }) {
    const sent = this.#sent.has(id);
    const verb = sent ? 'Sent' : 'Forward';
    return html`<li class="item forward-item" @click=${() => sent || this.#send(id, title, room)}>${sign}
      <span class="what"><span><bdi>${title}</bdi></span></span>
      <button type="button" class="button small" aria-label=${`${verb} to ${title}`}
        aria-disabled=${String(sent)}>${verb}</button></li>`;
  }

  /**
   * @param {string} id
   * @param {string} title
   * @param {() => Promise<string>} find
   */
  async #send(id, title, find) {
    await this.attempt(async () => {
      const to = await find();
      for (const { room, n } of this.#messages) {
        const key = this.#keys.get(`${id} ${n}`) ?? newKey();
        this.#keys.set(`${id} ${n}`, key);
        await this.request('forward', { room, n, to, key });
      }
      this.#sent.set(id, { title, room: to });
      this.#last = id;
    });
    const { fault } = this;
    if (!fault) return;
    this.fault = `Not sent to ${title}: ${fault}`;
    this.update();
  }

  /** @param {string} room */
  #open(room) {
    this.close();
    this.raise('open-room', { room });
  }

  /** @param {string} text */
  #type(text) {
    this.#typed = text;
    this.fault = '';
    this.update();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), PAUSE);
  }

  // What the hub finds: rooms join the list of rooms.
  async #search() {
    const like = this.#typed.trim();
    try {
      if (like) await this.request('find-rooms', { text: like });
      const people = await this.request('find-people', { like });
      if (like === this.#typed.trim()) this.#people = people;
    } catch (problem) {
      this.fault = problem.message;
    }
    this.update();
  }
}

customElements.define('hearth-forward-card', HearthForwardCard);
