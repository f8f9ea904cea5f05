/**
 * One message with all that it answers and all that answers it, directly or through others: a view of `re`. Pages of it
 * come from the hub, events live. Knows no network and no DOM.
 */
import { MessageReducer } from './message-reducer.js';
/** @import { Message, RepliesPage, RoomEvent } from './types.d.ts' */

export class Thread {
  ready = false;
  more = false; // the hub has answers behind those that are held
  count = 0; // of the answers that there are
  /** @type {number[]} */
  above = []; // the `n` of what it answers, the root first
  /** @type {number[]} */
  below = []; // the `n` of what answers it, rising
  #messages = new MessageReducer();
  /** @type {RoomEvent[] | null} */
  #since = null; // what came live while a page is on its way: the page may be older
  /** @type {WeakMap<Message, Message>} */
  #bare = new WeakMap();

  /**
   * @param {string} room
   * @param {number} n
   */
  constructor(room, n) {
    this.room = room;
    this.n = n;
  }

  /** The `n` of the last answer held, or 0. */
  get last() {
    return this.below[this.below.length - 1] ?? 0;
  }

  /** A page is asked for. */
  asks() {
    this.#since = [];
  }

  /**
   * Takes a page: the first one, or with `further` the one behind what is held.
   * @param {RepliesPage} page
   */
  takePage({ chain, message, events, count, more }, further = false) {
    if (!further) {
      this.#messages = new MessageReducer();
      this.above = chain.map(({ n }) => n).filter((n) => n < this.n);
      this.below = [];
    }
    for (const event of [...chain, message, ...events]) this.#messages.take(event);
    this.below.push(...events.map(({ n }) => n).filter((n) => n > this.last));
    Object.assign(this, { count, more, ready: true });
    const since = this.#since ?? [];
    this.#since = null;
    for (const event of since) if (event.do !== 'say' || !more) this.take(event);
  }

  /**
   * Takes a live event of the room; says whether it changes anything here.
   * @param {RoomEvent} event
   */
  take(event) {
    this.#since?.push(event);
    if (!this.ready) return false;
    if (event.do === 'say') return this.#add(event);
    if (event.do === 'expire') {
      this.#messages.takeElsewhere(event);
      return true;
    }
    if (!('of' in event) || !this.message(event.of)) return false;
    this.#messages.take(event);
    return true;
  }

  /** @param {number} n */
  message(n) {
    return this.#messages.message(n);
  }

  /**
   * A message without what it quotes: that stands right above it.
   * @param {Message} message
   */
  bare(message) {
    const bare = this.#bare.get(message) ?? Object.freeze({ ...message, re: undefined });
    this.#bare.set(message, bare);
    return bare;
  }

  /**
   * Whether a message that answers `re` belongs to this thread.
   * @param {number | undefined} re
   */
  holds(re) {
    return re === this.n || (re !== undefined && re > this.n && Boolean(this.message(re)));
  }

  /** @param {RoomEvent & { do: 'say' }} event */
  #add(event) {
    if (event.n <= this.last || event.n <= (event.re ?? 0) || !this.holds(event.re)) return false;
    this.count += 1;
    if (this.more) return true; // it comes with its page
    this.#messages.take(event);
    this.below.push(event.n);
    return true;
  }
}
