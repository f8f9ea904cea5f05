/**
 * A contiguous range of a room's events, ascending by `n`. What comes live pushes the oldest ones out, and the list
 * gives up what is far from its reader; both are loaded again when somebody scrolls there. Knows no network and no DOM.
 */
import { MessageReducer } from './message-reducer.js';
/** @import { Message, Page, RoomEvent } from './types.d.ts' */

const LIMIT = 200; // events with a row held of those that come live: each row more makes every frame longer
const SLACK = 59; // events over the limit before they are cut: not one by one

export class EventWindow {
  last = 0; // the newest `n` that exists in the room: the cursor for `after`
  ready = false;
  start = false; // the window reaches the first event
  attached = true; // the window reaches the newest event
  following = true; // the reader is at the bottom
  /** @type {number[]} */
  #order = [];
  #messages = new MessageReducer();

  /** The reader stays with the newest message; not yet where they want to go there and it is still to come. */
  get atNewest() {
    return this.following && this.attached;
  }

  /** The `n` of all events held. */
  get order() {
    return this.#order;
  }

  /** The `n` of the first event held, or 0. */
  get first() {
    return this.#order[0] ?? 0;
  }

  /** The `n` of the last event held, or 0. */
  get newest() {
    return this.#order[this.#order.length - 1] ?? 0;
  }

  /** How many of them have a row of their own. */
  get size() {
    return this.#messages.size;
  }

  /** @param {number} n */
  message(n) {
    return this.#messages.message(n);
  }

  /**
   * Whether an event told that the file of this id has expired.
   * @param {string} id
   */
  isExpired(id) {
    return this.#messages.isExpired(id);
  }

  /**
   * The `n` of pinned messages, the latest pin first; `known` are those that the hub told.
   * @param {number[]} known
   */
  pinnedBesides(known) {
    return this.#messages.pinned(known);
  }

  /** The messages held, the newest first, down to `after`. */
  * newestFirst(after = 0) {
    for (let i = this.#order.length - 1; i >= 0 && this.#order[i] > after; i -= 1) {
      const message = this.message(this.#order[i]);
      if (message?.do === 'say') yield message;
    }
  }

  /**
   * Starts over with one page; `attached` says whether it is the room's last one.
   * @param {Page} page
   * @param {{ attached?: boolean }} [options]
   */
  reset({ events, last, damaged }, { attached = true } = {}) {
    this.#order = [];
    this.#messages = new MessageReducer();
    this.start = events.length === 0 && attached;
    this.#add(events, damaged);
    this.last = Math.max(last ?? 0, attached ? 0 : this.last);
    this.attached = attached || this.newest >= this.last;
    this.ready = true;
  }

  /**
   * Takes a live event; returns false for one that is known already.
   * @param {RoomEvent} event
   */
  take(event) {
    if (event.n <= this.last) return false;
    this.last = event.n;
    if (this.attached && (this.following || this.size < LIMIT)) {
      this.#add([event]);
      if (this.size > LIMIT + SLACK) this.#cutOldest(() => this.size > LIMIT);
    } else {
      this.attached = false;
      this.#messages.takeElsewhere(event);
    }
    return true;
  }

  /** @param {Page} page */
  takeOlder({ events, damaged }) {
    const older = events.filter(({ n }) => !this.first || n < this.first);
    if (!older.length) this.start = true;
    this.#add(older, damaged);
  }

  /** @param {Page} page */
  takeNewer({ events, last }) {
    this.#add(events.filter(({ n }) => n > this.newest));
    this.last = Math.max(this.last, last ?? 0);
    this.attached = !events.length || this.newest >= this.last;
  }

  /**
   * Gives up the events before `first` and after `last`, which are far from what somebody reads.
   * @param {number} first
   * @param {number} last
   */
  trim(first, last) {
    while (this.newest > last) {
      this.#messages.drop(this.newest);
      this.#order.pop();
      this.attached = false;
    }
    this.#cutOldest((n) => n < first);
  }

  /**
   * Leaves out the events up to `n`: too many to be replayed.
   * @param {number} n
   */
  skipTo(n) {
    this.startAt(n);
    this.attached = this.newest >= n;
  }

  /**
   * Sets the cursor of a room of which nothing is held.
   * @param {number} n
   */
  startAt(n) {
    this.last = n;
  }

  /** @param {boolean} on */
  follow(on) {
    this.following = on;
  }

  /**
   * @param {RoomEvent[]} events
   * @param {number[]} damaged
   */
  #add(events, damaged = []) {
    for (const event of events) this.#messages.take(event);
    const numbers = events.map(({ n }) => n);
    if (numbers[0] > this.newest) this.#order.push(...numbers);
    else this.#order.unshift(...numbers);
    if (this.first === 1 || damaged.includes(1)) this.start = true;
  }

  /** @param {(n: number) => boolean} goes whether event `n`, the oldest one, goes */
  #cutOldest(goes) {
    let cut = 0;
    while (cut < this.#order.length && goes(this.#order[cut])) this.#messages.drop(this.#order[cut++]);
    if (!cut) return;
    this.#order.splice(0, cut);
    this.start = false;
  }
}
