/**
 * What I say of myself, and whether those are here with whom I write: the hub tells it of those whom the page follows.
 */
/** @import { Store } from './store.js' */
/** @import { Command, PersonEvent, Status, StatusEvent } from './types.d.ts' */

const MOST = 200; // people whom the hub lets a client follow
const SOON = 1000; // ms between a change of the list of rooms and what it means

export class Whereabouts {
  #store;
  #send;
  #told = '';
  #shown = ''; // on a card
  #timer = 0;

  /**
   * `send(command)` says whether it could be sent.
   * @param {{ store: Store, send: (command: Command) => boolean }} parts
   */
  constructor({ store, send }) {
    this.#store = store;
    this.#send = send;
    store.watch(['rooms'], () => {
      this.#timer ||= setTimeout(() => this.#follow(), SOON);
    });
  }

  /**
   * The hub knows nothing any more: the connection is a new one.
   * @param {Status | undefined} status
   */
  renew(status) {
    this.#told = '';
    this.#store.setStatus(status ?? null);
    this.#follow();
  }

  /**
   * Somebody's card is open, or with '' none is.
   * @param {string} who
   */
  show(who) {
    this.#shown = who;
    this.#follow();
  }

  /** @param {StatusEvent | PersonEvent} event */
  take(event) {
    if (event.do === 'status') {
      this.#store.setStatus(event.status);
    } else {
      const { here, away, status, last } = event;
      this.#store.setPresence(new Map(this.#store.presence).set(event.who, { here, away, status, last }));
    }
  }

  /** The person is out again. */
  clear() {
    clearTimeout(this.#timer);
    [this.#timer, this.#told, this.#shown] = [0, '', ''];
    this.#store.setStatus(null);
    this.#store.setPresence(new Map());
  }

  #follow() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const people = this.#shown ? [this.#shown] : [];
    for (const { kind, with: other } of this.#store.rooms.values()) {
      if (people.length < MOST && kind === 'direct' && other && other !== this.#shown) people.push(other);
    }
    const told = people.join(' ');
    if (told !== this.#told && this.#send({ do: 'follow', people })) this.#told = told;
  }
}
