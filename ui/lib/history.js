/** History by the page: the last one when a room is opened, older and newer ones by scrolling, any one by a jump. */
import { isMark } from './message-reducer.js';
/** @import { Problem } from './api.js' */
/** @import { Room } from './room.js' */
/** @import { Store } from './store.js' */
/** @import { Api, Page, RoomEvent } from './types.d.ts' */
const PAGE = 60; // events
const FURTHER = 30; // events of each page that scrolling adds: all that is held makes each frame longer
const LARGEST = 960; // events after pages in which nothing was said: a message may have thousands of reactions
const AGAIN = 1500; // ms before a page that failed is asked for again
const FRESH = 2000; // ms for which a page that was asked for ahead will do

export class History {
  #store;
  #api;
  #onLoaded;
  #onSessionEnded;
  /** @type {Map<Room, Promise<void>>} */
  #loading = new Map(); // room -> promise
  #limit = FURTHER; // events of the next page that scrolling adds
  #jump = 0; // counts jumps: of several at once the latest one counts
  /** @type {{ name: string, page: Promise<Page>, at: number } | null} */
  #ahead = null; // the last page of the room that is about to be opened

  /**
   * `onLoaded(room, events)` is called with every last page, `onSessionEnded(problem)` where we are logged out.
   * @param {{
   *   store: Store, api: Api, onLoaded: (room: Room, events: RoomEvent[]) => void,
   *   onSessionEnded: (problem: Problem) => void,
   * }} parts
   */
  constructor({ store, api, onLoaded, onSessionEnded }) {
    this.#store = store;
    this.#api = api;
    this.#onLoaded = onLoaded;
    this.#onSessionEnded = onSessionEnded;
  }

  /**
   * Starts the room over with its last page, or with the one around the message that it is to begin at.
   * @param {Room} room
   */
  load(room) {
    if (!this.#loading.has(room)) {
      this.#loading.set(room, this.#load(room).finally(() => this.#loading.delete(room)));
    }
    return this.#loading.get(room);
  }

  /**
   * Asks for the last page of a room that is about to be opened.
   * @param {string} name
   */
  expect(name) {
    const page = this.#api.page(name, { limit: PAGE });
    page.catch(() => null); // then it is asked for once more
    this.#ahead = { name, page, at: Date.now() };
  }

  /**
   * Loads one more page at the end `older` or `newer`.
   * @param {'older' | 'newer'} kind
   */
  async more(kind) {
    const { room } = this.#store;
    if (!room?.ready || room.loading || (kind === 'older' ? room.start : room.attached)) return;
    const { first, newest } = room;
    room.setLoading(kind);
    let failed = false;
    try {
      const range = kind === 'older' ? { before: first } : { after: newest };
      const page = await this.#api.page(room.name, { ...range, limit: this.#limit });
      if (kind === 'older' && room.first === first) room.takeOlder(page);
      if (kind === 'newer' && room.newest === newest) room.takeNewer(page);
      this.#limit = page.events.every(isMark) ? Math.min(LARGEST, 2 * this.#limit) : FURTHER;
    } catch {
      failed = true;
      await new Promise((done) => setTimeout(done, AGAIN)); // scrolling asks again
    } finally {
      room.setLoading('', failed);
    }
    this.#store.changed('history');
  }

  /** Back to the newest messages. Where they do not come, the reader stays where they are. */
  async newest() {
    const { room } = this.#store;
    if (!room) return;
    this.#jump += 1;
    room.follow(true);
    if (!room.attached) await this.load(room);
    if (!room.attached && room.following) {
      room.follow(false);
      if (room === this.#store.room) this.#store.notify('The newest messages did not come.');
    }
    this.#store.changed('messages');
  }

  /**
   * Shows message `n`, or with 0 the beginning of the room, with what is around it where it was not held.
   * @param {number} n
   */
  async goTo(n) {
    const { room } = this.#store;
    const jump = this.#jump += 1;
    if (!room?.ready) return;
    room.setBegin(0);
    try {
      if (n ? !room.message(n) : !room.start) {
        const page = await this.#api.page(room.name, around(n));
        if (room !== this.#store.room || jump !== this.#jump) return;
        room.follow(false);
        room.reset(page, { attached: false });
        this.#store.changed('messages');
      }
      this.#store.scrollTo(n);
    } catch (problem) {
      this.#store.notify(problem.message);
    }
  }

  /**
   * Fetches one message that is quoted or pinned but not held.
   * @param {number} n
   */
  async fetchQuote(n) {
    const { room } = this.#store;
    if (!room?.needsQuote(n)) return;
    room.keepQuote(n, null);
    const page = await this.#api.page(room.name, { after: n - 1, limit: 1 }).catch(() => null);
    const found = page?.events.find((event) => event.n === n);
    if (!found) return;
    room.keepQuote(n, found);
    this.#store.changed('messages');
  }

  /**
   * Starts the room over with its last page, or the one around the message that it is to begin at, which has come.
   * @param {Room} room
   * @param {Page} page
   */
  show(room, page) {
    const { begin } = room;
    room.setBegin(0);
    const read = this.#store.readUpTo(room.name);
    if (!room.ready && read !== null && read < page.last) room.setDivider(read);
    if (begin) room.follow(false); // or all that came after that message would count as seen
    room.reset(page, { attached: !begin });
    room.readTo(Math.min(read ?? room.last, room.last));
    this.#onLoaded(room, page.events);
    this.#store.changed('room', 'messages');
  }

  /** @param {Room} room */
  async #load(room) {
    try {
      const range = room.begin ? around(room.begin) : { limit: PAGE };
      const ahead = room.begin ? null : await this.#expected(room.name);
      return this.show(room, ahead ?? await this.#api.page(room.name, range));
    } catch (problem) {
      if (problem.status === 401) this.#onSessionEnded(problem);
      else if (problem.status >= 500) setTimeout(() => room === this.#store.room && this.load(room), AGAIN);
      else if (problem.status && !room.ready) room.setProblem(problem);
      return this.#store.changed('room', 'messages');
    }
  }

  /** @param {string} name */
  #expected(name) {
    const ahead = this.#ahead;
    this.#ahead = null;
    const serves = ahead?.name === name && Date.now() - ahead.at < FRESH;
    return serves ? ahead.page.catch(() => null) : null;
  }
}

/**
 * The page around message `n`.
 * @param {number} n
 */
function around(n) {
  return { after: Math.max(0, n - PAGE / 2), limit: PAGE };
}
