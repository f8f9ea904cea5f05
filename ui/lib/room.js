/** One room as this page holds it: its events, who is here and who is typing, and how far it was read. */
import { EventWindow } from './event-window.js';
import { ReplyCounts } from './reply-counts.js';
import { timeline } from './timeline.js';
/** @import { Problem } from './api.js' */
/** @import { Here, IsMuted, Me, Message, OutboxEntry, Page, Quote, RoomEvent, RoomInfo } from './types.d.ts' */
/** @import { Somebody, TypingEvent } from './types.d.ts' */

const TYPING = 4000; // ms for which somebody counts as typing
const QUOTES = 500; // single messages held for quotes and pins

export class Room extends EventWindow {
  topic = '';
  /** @type {Problem | null} */
  problem = null; // why the room cannot be shown
  /** @type {'' | 'older' | 'newer'} */
  loading = ''; // '', 'older' or 'newer'
  failed = false; // the page that was last loaded did not come
  begin = 0; // the `n` of the message to begin at, until that is loaded; else 0
  read = 0; // the `n` up to which it was read
  divider = 0; // the `n` above the "new" line, or 0
  slowUntil = 0; // in ms: slow mode takes nothing from me before
  here = 0; // how many people are here
  /** @type {Map<string, Somebody>} */
  people = new Map(); // those of them who are named
  /** @type {Map<number, Quote | null>} */
  #quotes = new Map(); // n -> a message held for a quote or a pin, or null while it is fetched
  /** @type {number[]} */
  #pins = [];
  /** @type {Map<string, { by: string, until: number }>} */
  #typing = new Map();
  replies = new ReplyCounts();

  /**
   * `muted(message)`: whether the reader has muted its author.
   * @param {string} name
   * @param {{ muted?: IsMuted }} [options]
   */
  constructor(name, { muted = () => false } = {}) {
    super();
    this.name = name;
    this.muted = muted;
  }

  /**
   * The room comes on view; `read` is the mark of this browser or null, `last` the newest `n` known, `begin` the `n` of
   * the message to begin at, if it is not the newest.
   * @param {{ read: number | null, last: number, begin?: number }} marks
   */
  open({ read, last, begin = 0 }) {
    this.setBegin(begin);
    this.read = read ?? this.read;
    this.divider = read !== null && read < last ? read : 0;
    this.follow(true);
  }

  /**
   * @param {Page} page
   * @param {{ attached?: boolean }} [options]
   */
  reset(page, options) {
    super.reset(page, options);
    this.replies.clear();
    this.replies.takePage(page);
    this.problem = null;
  }

  /** @param {Page} page */
  takeOlder(page) {
    super.takeOlder(page);
    this.replies.takePage(page);
  }

  /** @param {Page} page */
  takeNewer(page) {
    super.takeNewer(page);
    this.replies.takePage(page);
  }

  /**
   * Gives up what is far from its reader, but for what is quoted by what stays.
   * @param {number} first
   * @param {number} last
   */
  trim(first, last) {
    const stays = (/** @type {number} */ n) => n >= first && n <= last;
    const quoted = this.order.filter(stays).map((n) => this.message(n)?.re ?? 0);
    for (const n of [...quoted, ...this.pinned()]) {
      const message = stays(n) ? undefined : this.message(n);
      if (message) this.keepQuote(n, message);
    }
    super.trim(first, last);
  }

  /** @param {RoomEvent} event */
  take(event) {
    if (!super.take(event)) return false;
    this.replies.take(event);
    if (event.do === 'topic') this.topic = event.text;
    if (event.who) this.#typing.delete(event.who);
    return true;
  }

  /**
   * The message to begin at when the room is loaded; 0 for the newest.
   * @param {number} n
   */
  setBegin(n) {
    this.begin = n;
  }

  /** @param {number} n */
  readTo(n) {
    this.read = n;
  }

  /**
   * Puts the "new" line below event `n`; 0 takes it away.
   * @param {number} n
   */
  setDivider(n) {
    this.divider = n;
  }

  /** @param {string} topic */
  setTopic(topic) {
    this.topic = topic;
  }

  /** @param {Problem | null} problem */
  setProblem(problem) {
    this.problem = problem;
  }

  /**
   * A page is being loaded, or none any more; `failed`: it did not come.
   * @param {'' | 'older' | 'newer'} kind
   */
  setLoading(kind, failed = false) {
    this.loading = kind;
    this.failed = failed;
  }

  /** @param {number} ms */
  setSlowUntil(ms) {
    this.slowUntil = ms;
  }

  /**
   * The `n` of the pinned messages as the hub tells them; some may be older than what is held.
   * @param {number[]} list
   */
  setPins(list) {
    this.#pins = list;
  }

  pinned() {
    return this.pinnedBesides(this.#pins);
  }

  /**
   * Keeps one message that is not in the window, or null to say that it is being fetched.
   * @param {number} n
   * @param {Quote | null} message
   */
  keepQuote(n, message) {
    if (this.#quotes.size > QUOTES) this.#quotes.clear();
    this.#quotes.set(n, message);
  }

  /** @param {number} n */
  needsQuote(n) {
    return !this.#quotes.has(n) && !this.message(n);
  }

  /** @param {number} n */
  quote(n) {
    return this.message(n) ?? this.#quotes.get(n) ?? null;
  }

  /**
   * The rows of the message list. `info` is what the list of rooms says, `muted(message)` what folds to one row.
   * @param {OutboxEntry[]} pending
   * @param {string} me
   * @param {Partial<RoomInfo>} info
   * @param {(message: Message) => boolean} muted
   */
  rows(pending, me, info, muted) {
    return timeline({
      info,
      muted,
      order: this.order,
      message: (n) => this.message(n),
      quote: (n) => this.quote(n),
      divider: this.divider,
      start: this.start,
      pending: this.attached ? pending : [],
      me,
    });
  }

  /**
   * Whether nothing by others came after `read`, as far as it is held.
   * @param {string} me
   */
  caughtUp(me) {
    if (!this.attached) return this.last <= this.read;
    for (const message of this.newestFirst(this.read)) {
      if (message.who !== me && !message.erased && !this.muted(message)) return false;
    }
    return this.first <= this.read + 1;
  }

  /**
   * The last message of `who` that can be edited; null for none, and where the newest ones are not held.
   * @param {string} who
   * @param {Iterable<Message>} [newestFirst]
   */
  lastOf(who, newestFirst = this.attached ? this.newestFirst() : []) {
    for (const message of newestFirst) {
      if (message.who === who && !message.erased && !message.poll && !message.fwd) return message;
    }
    return null;
  }

  /**
   * Takes a `here` event: everybody who is here, or who came and left; where there are too many only a count.
   * @param {Omit<Here, 'do' | 'room'>} event
   */
  takeHere({ people, came = [], left = [], count }) {
    if (people) this.people = new Map(people.map((person) => [person.who ?? person.name, person]));
    for (const person of came) this.people.set(person.who ?? person.name, person);
    for (const who of left) this.people.delete(who);
    this.here = count ?? this.people.size;
    if (!people && !came.length && !left.length) this.people.clear();
  }

  /**
   * @param {Pick<TypingEvent, 'who' | 'by'>} event
   * @param {number} now
   */
  takeTyping({ who, by }, now) {
    this.#typing.set(who ?? by, { by, until: now + TYPING });
  }

  /**
   * The names of those who type at `now`.
   * @param {number} now
   */
  typing(now) {
    for (const [who, { until }] of this.#typing) if (until <= now) this.#typing.delete(who);
    return [...this.#typing.values()].map(({ by }) => by);
  }
}
