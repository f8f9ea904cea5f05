/**
 * One room as this page holds it: an unbroken stretch ("window") of its events, who is here, what was read.
 * The window is bounded; what falls off either end is loaded again when it is scrolled to. Knows no network, no DOM.
 */
import { MessageReducer, isMark } from './message-reducer.js';
import { mentions } from './mentions.js';
import { timeline } from './timeline.js';

const MOST = 600;
const SPARE = 100; // cut this much at once, not one by one
const TYPING = 4000;

export class Room {
  topic = '';
  last = 0; // the newest n that exists: the cursor for `after`
  ready = false;
  problem = null; // why the room cannot be shown
  start = false; // the window reaches the first event
  attached = true; // the window reaches the newest event
  following = true; // the reader is at the bottom
  loading = ''; // '', 'older' or 'newer'
  read = 0;
  told = 0; // what the hub knows to be read
  telling = 0; // the timer until it may be told more
  divider = 0;
  slowUntil = 0; // ms; until then slow mode takes nothing more from me
  here = 0;
  people = new Map();
  quotes = new Map();
  #order = [];
  #messages = new MessageReducer();
  #pins = [];
  #typing = new Map();

  /** `muted(message)`: whether it is nothing to the reader. */
  constructor(name, { muted = () => false } = {}) {
    this.name = name;
    this.muted = muted;
  }

  get first() {
    return this.#order[0] ?? 0;
  }

  get newest() {
    return this.#order[this.#order.length - 1] ?? 0;
  }

  /** Starts over with one page; `attached` says whether it is the room's last one. */
  reset({ events, last, damaged }, { attached = true } = {}) {
    this.#order = [];
    this.#messages = new MessageReducer();
    this.start = events.length === 0 && attached;
    this.#add(events, damaged);
    this.last = Math.max(last ?? 0, attached ? 0 : this.last);
    this.attached = attached || this.newest >= this.last;
    this.ready = true;
    this.problem = null;
  }

  /** A live event; false when it is old news. */
  take(event) {
    if (event.n <= this.last) return false;
    this.last = event.n;
    if (this.attached && (this.following || this.#order.length < MOST)) {
      this.#add([event]);
      if (this.#order.length > MOST + SPARE) this.#cutOld();
    } else {
      this.attached = false;
      if (isMark(event)) this.#messages.take(event);
    }
    if (event.do === 'topic') this.topic = event.text;
    if (event.who) this.#typing.delete(event.who);
    return true;
  }

  takeOlder({ events, damaged }) {
    const older = events.filter(({ n }) => !this.first || n < this.first);
    if (!older.length) this.start = true;
    this.#add(older, damaged);
    if (this.#order.length > MOST + SPARE) {
      for (const n of this.#order.splice(MOST)) this.#messages.drop(n);
      this.attached = false;
    }
  }

  takeNewer({ events, last }) {
    this.#add(events.filter(({ n }) => n > this.newest));
    this.last = Math.max(this.last, last ?? 0);
    this.attached = !events.length || this.newest >= this.last;
    if (this.#order.length > MOST + SPARE) this.#cutOld();
  }

  /** Leaves out what happened up to `n`: too much to be replayed. */
  skipTo(n) {
    this.last = n;
    this.attached = this.newest >= n;
  }

  /** The hub says which messages are pinned; some may be older than what is held. */
  takePins(list) {
    this.#pins = list;
  }

  message(n) {
    return this.#messages.message(n);
  }

  quote(n) {
    return this.#messages.message(n) ?? this.quotes.get(n) ?? null;
  }

  pinned() {
    return this.#messages.pinned(this.#pins);
  }

  /** `place` is what the list says of this room, `muted(message)` what is folded. */
  rows(pending, me, place, muted) {
    return timeline({
      place,
      muted,
      order: this.#order,
      message: (n) => this.#messages.message(n),
      quote: (n) => this.quote(n),
      seen: this.divider,
      start: this.start,
      pending: this.attached ? pending : [],
      me,
    });
  }

  /** Whether nothing by others came after `read`, as far as it is held. */
  caughtUp(me) {
    if (!this.attached) return this.last <= this.read;
    for (let i = this.#order.length - 1; i >= 0 && this.#order[i] > this.read; i -= 1) {
      const message = this.#messages.message(this.#order[i]);
      if (message?.do === 'say' && message.who !== me && !message.erased && !this.muted(message)) return false;
    }
    return this.first <= this.read + 1;
  }

  /** How many of them, as far as they are held, name somebody. */
  calls({ who, name }) {
    let count = 0;
    for (let i = this.#order.length - 1; i >= 0 && this.#order[i] > this.read; i -= 1) {
      const message = this.#messages.message(this.#order[i]);
      if (message?.do === 'say' && message.who !== who && !this.muted(message) && mentions(message.text, name)) count += 1;
    }
    return count;
  }

  /** The last message of `who` that can be edited. */
  lastOf(who) {
    for (let i = this.#order.length - 1; i >= 0; i -= 1) {
      const message = this.#messages.message(this.#order[i]);
      if (message?.do === 'say' && message.who === who && !message.erased) return message;
    }
    return null;
  }

  takeHere({ people, came = [], left = [], count }) {
    if (people) this.people = new Map(people.map((person) => [person.who ?? person.name, person]));
    for (const person of came) this.people.set(person.who ?? person.name, person);
    for (const who of left) this.people.delete(who);
    this.here = count ?? this.people.size;
    if (!people && !came.length && !left.length) this.people.clear();
  }

  takeTyping({ who, by }, now) {
    this.#typing.set(who ?? by, { by, until: now + TYPING });
  }

  typing(now) {
    for (const [who, { until }] of this.#typing) if (until <= now) this.#typing.delete(who);
    return [...this.#typing.values()].map(({ by }) => by);
  }

  #add(events, damaged = []) {
    for (const event of events) this.#messages.take(event);
    const numbers = events.map(({ n }) => n);
    if (numbers[0] > this.newest) this.#order.push(...numbers);
    else this.#order.unshift(...numbers);
    if (this.first === 1 || damaged.includes(1)) this.start = true;
  }

  #cutOld() {
    for (const n of this.#order.splice(0, this.#order.length - MOST)) this.#messages.drop(n);
    this.start = false;
  }
}
