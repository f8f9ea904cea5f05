/** How far others have read the room on view: asked for when it is joined, then followed by what the hub tells. */
/** @import { Store } from './store.js' */
/** @import { Api, Command, HubEvent, ReadMark, ReadsEvent } from './types.d.ts' */

const SMALL = 20; // people here: with more the hub is not asked, which would only say that the room is not small
const SOON = 150; // ms in which reasons to ask are gathered
const POLL = 3000; // ms between two requests where the hub cannot tell by itself

export class Reads {
  #store;
  #api;
  #send;
  #isJoined;
  #timer = 0;
  #poll = 0;

  /**
   * `send(command)` says whether it could be sent; `isJoined(room)`: the hub tells us of it.
   * @param {{
   *   store: Store, api: Pick<Api, 'reads'>, send: (command: Command) => boolean, isJoined: (room: string) => boolean,
   * }} parts
   */
  constructor({ store, api, send, isJoined }) {
    this.#store = store;
    this.#api = api;
    this.#send = send;
    this.#isJoined = isJoined;
    store.watch(['room', 'preferences'], () => this.#changed());
  }

  /**
   * Takes what matters here of the events of the hub.
   * @param {HubEvent} event
   */
  take(event) {
    if (!event.room || event.room !== this.#store.room?.name) return;
    if (event.do === 'joined') this.#askSoon();
    else if (event.do === 'reads') this.#heard(event);
    else if (event.do === 'remove') this.#merge([{ who: event.whom, name: event.name, n: 0 }]);
  }

  /**
   * Asks every few seconds, or no longer.
   * @param {boolean} on
   */
  poll(on) {
    clearInterval(this.#poll);
    if (on) this.#poll = setInterval(() => this.#store.reads?.small && this.#ask(), POLL);
  }

  // Another room is on view, or the person has switched this on or off.
  #changed() {
    const { room, reads } = this.#store;
    const off = this.#store.preferences.reads === false;
    if (reads && (off || reads.room !== room?.name)) this.#store.setReads(null);
    if (room && !off && !this.#store.reads && this.#isJoined(room.name)) this.#askSoon();
  }

  #askSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), SOON);
  }

  // What is not answered now is asked for again once the room is joined again.
  async #ask() {
    const { room, preferences } = this.#store;
    if (!room || preferences.reads === false) return;
    if (room.here > SMALL) {
      this.#show(room.name, false, []);
    } else if (!this.#send({ do: 'reads', room: room.name }) && this.#store.connection === 'polling') {
      const answer = await this.#api.reads(room.name).catch(() => null);
      if (answer && room === this.#store.room) this.#show(room.name, answer.small, answer.reads);
    }
  }

  /** @param {ReadsEvent} event */
  #heard({ room, all, reads }) {
    const held = this.#store.reads;
    if (!reads || all) this.#show(room, Boolean(reads), reads ?? []);
    else if (held?.small) this.#merge(reads);
    else if (held) this.#askSoon(); // it was large, and we know nobody's
  }

  /** @param {ReadMark[]} marks */
  #merge(marks) {
    const held = this.#store.reads;
    if (held?.small) this.#show(held.room, true, [...held.marks.values(), ...marks]);
  }

  /**
   * Of two marks of one person the later one counts.
   * @param {string} room
   * @param {boolean} small
   * @param {ReadMark[]} marks
   */
  #show(room, small, marks) {
    if (this.#store.preferences.reads === false) return; // the answer comes too late
    const all = new Map(marks.map((mark) => [mark.who, mark]));
    for (const { who, n } of all.values()) if (!n) all.delete(who);
    this.#store.setReads({ room, small, marks: all });
  }
}
