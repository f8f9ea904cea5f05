/**
 * The room list: fetched from the hub, then kept up to date from events, with the unread count of each room. Of very
 * many rooms it has the latest, and more as they are asked for.
 */
/** @import { Problem } from './api.js' */
/** @import { Store } from './store.js' */
/** @import { Api, Counts, KnownRoom, ListedRoom, MentionEvent, Moved, NoteEvent } from './types.d.ts' */
const SOON = 300; // ms between a reason to fetch the list again and the request
const AGAIN = 10000; // the same where the list did not come
const LATER = 300000; // the same where the reason is a room that was not among the latest: there always is one
const FOUND = 200; // rooms that the hub is to find at most
const NEEDED = 50; // rooms that are looked up one by one at most

export class RoomList {
  #store;
  #api;
  #readAhead;
  #timer = 0;
  #due = 0; // when the timer ends, in ms
  #next = ''; // the place of the next piece at the hub, '' where the list is whole
  #piece = 0; // the last piece that we have
  #asking = false;
  #isStale = false; // what we heard does not count, and the list that tells it has not come
  /** @type {Set<string>} */
  #lookedUp = new Set(); // rooms on view that were in no piece

  /**
   * `readAhead(name, n)`: this browser has read further than the hub knows.
   * @param {{ store: Store, api: Api, readAhead: (name: string, n: number) => void }} parts
   */
  constructor({ store, api, readAhead }) {
    this.#store = store;
    this.#api = api;
    this.#readAhead = readAhead;
  }

  /** Fetches the list. With `afresh` what we heard since does not count: the hub may have restarted with less. */
  async refresh({ afresh = false } = {}) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#isStale ||= afresh;
    const told = await this.#api.rooms().catch((/** @type {Problem} */ { status }) => {
      if (!status || status >= 429) this.refreshSoon(AGAIN); // it was not reached, or has too much to do
      return null;
    });
    if (told) this.take(told.rooms, { afresh: this.#isStale, next: told.next }); // what we have is better than none
  }

  /**
   * Takes a list of the hub, of which more follows where there is a `next`: then other rooms that are known stay in it.
   * With `afresh` what we heard before does not count.
   * @param {ListedRoom[]} list
   */
  take(list, { afresh = false, next = '' } = {}) {
    this.#isStale = false;
    if (afresh || !next) this.#lookedUp.clear();
    const goesOn = !afresh && this.#next && next; // with the pieces that came after the first one
    if (!goesOn) [this.#next, this.#piece] = [next, 0];
    this.#add(list, 0, goesOn ? this.#store.rooms : new Map(), afresh);
    this.keepOpened();
    this.#store.changed('room');
  }

  /** Fetches the next piece of the list, if there is one. */
  async more() {
    const after = this.#next;
    if (!after || this.#asking) return;
    this.#asking = true;
    const told = await this.#api.rooms({ after }).catch(() => null);
    this.#asking = false;
    if (!told || this.#next !== after) return;
    [this.#next, this.#piece] = [told.next ?? '', this.#piece + 1];
    this.#add(told.rooms, this.#piece, this.#store.rooms);
  }

  /**
   * Has the hub look for a text in the names and titles of all rooms, where the list has only some. Those that it finds
   * join it. Throws a Problem.
   * @param {string} text
   */
  async find(text) {
    if (!this.#next || !text) return;
    const { rooms } = await this.#api.rooms({ find: text, limit: String(FOUND) });
    this.#add(rooms, this.#piece + 1, this.#store.rooms);
  }

  /**
   * Rooms that are known already stay where they are in the list.
   * @param {ListedRoom[]} list
   * @param {number} piece
   * @param {Map<string, KnownRoom>} others
   */
  #add(list, piece, others, afresh = false) {
    const heard = this.#store.rooms;
    const rooms = new Map(others);
    for (const room of list) {
      const [known, before] = [others.get(room.name), heard.get(room.name)];
      const topic = !afresh && before && before.last > room.last ? before.topic : room.topic;
      rooms.set(room.name, { ...room, topic, piece: known ? known.piece : piece });
    }
    this.#store.setRooms(rooms, Boolean(this.#next));
    for (const { name, last, said, read = last, unread = 0, mentions } of list) {
      const known = heard.get(name);
      if (afresh && (this.#store.readUpTo(name) ?? 0) > last) this.#store.readMarks.set(name, read);
      this.#count(name, !afresh && known && known.last > last ? known : { last, said, unread, mentions });
      const ours = this.#store.readUpTo(name) ?? 0;
      if (unread && ours > read && ours <= last) this.#readAhead(name, ours);
    }
  }

  /** Fetches the list soon and once, however often it is asked for meanwhile. */
  refreshSoon(wait = SOON) {
    const due = Date.now() + wait;
    if (this.#timer && this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.refresh(), wait);
  }

  /**
   * A room has a new last event. `said`: how many messages there have been in it; `erased`: for each by others that
   * was erased, the n of the event that did it and its own; `mine`: how many of the new ones are my own. Of a room that
   * is new here, the list brings what is unread: until then it is one message at least.
   * @param {Omit<Moved, 'do' | 'at'> & { at?: string, mine?: number }} news
   */
  moved({ room, last, said, erased = [], mine = 0, at, topic, kind, title, icon, tint, closed = false }) {
    const known = this.#store.rooms.get(room);
    const some = this.#next && said ? said - 1 : said;
    /** @type {KnownRoom | Omit<KnownRoom, 'name'>} */
    const before = known ?? { here: 0, topic: '', may_write: true, kind, title, last: 0, said: some, unread: 0 };
    if (last <= before.last) return; // counted already
    const read = this.#store.readUpTo(room) ?? 0;
    const gone = erased.filter(([n, of]) => n > before.last && of > read).length;
    const unread = Math.max(0, (before.unread ?? 0) + said - before.said - mine - gone);
    const looks = { icon: icon ?? before.icon, tint: tint ?? before.tint };
    const names = { topic: topic ?? before.topic, title: title || before.title, ...looks };
    this.#store.rooms.set(room, { ...before, ...names, closed, name: room, last, said, unread, at });
    this.#store.changed('rooms');
    const shut = closed !== Boolean(before.closed); // who may write then, the list tells
    if (!known || shut || (kind && before.kind !== kind)) this.refreshSoon(this.#next && !kind ? LATER : SOON);
  }

  /**
   * One of a room's own events: what it says holds at once, the list brings the rest.
   * @param {NoteEvent} event
   */
  changedBy(event) {
    const info = this.#store.rooms.get(event.room);
    if (info) this.#store.rooms.set(event.room, { ...info, ...changeOf(event) });
    this.refreshSoon();
  }

  /**
   * A message means me that is not read here.
   * @param {Pick<MentionEvent, 'room' | 'of'>} event
   */
  mentioned({ room, of }) {
    const info = this.#store.rooms.get(room);
    if (!info || of <= (this.#store.readUpTo(room) ?? 0)) return;
    this.#store.rooms.set(room, { ...info, mentions: (info.mentions ?? 0) + 1 });
    this.#store.changed('rooms');
  }

  /**
   * What the hub counts in a room up to its event `last`. This browser may have read further than the hub knows: no
   * more is unread than came after that.
   * @param {string} name
   * @param {Counts} counts
   */
  setCounts(name, counts) {
    this.#count(name, counts);
    this.#store.changed('rooms');
  }

  /**
   * This browser has read up to event `n`, the room's last.
   * @param {string} name
   * @param {number} n
   */
  readAll(name, n) {
    this.#store.readMarks.set(name, n);
    const { last = n, said = 0, unread, mentions } = this.#store.rooms.get(name) ?? {};
    if (unread || mentions) this.setCounts(name, { last, said, unread: 0 });
  }

  /**
   * The hub knows of reading up to `n`, on any device of mine.
   * @param {string} name
   * @param {number} n
   */
  readElsewhere(name, n) {
    if (n > (this.#store.readUpTo(name) ?? -1)) this.#store.readMarks.set(name, n);
  }

  /** The room on view stays in the list though nobody has said anything in it. */
  keepOpened() {
    const { room, rooms } = this.#store;
    const unlisted = room && !room.problem && room.name !== 'general' && !rooms.has(room.name);
    if (unlisted && this.#next && !this.#lookedUp.has(room.name)) {
      this.#lookUp(room.name);
      return;
    }
    const fresh = unlisted && this.#store.roomInfo(room.name).kind === 'public' ? [room.name] : [];
    this.#store.openedRooms.set([...this.#store.unlistedRooms(), ...fresh]);
    this.#store.changed('rooms');
  }

  /**
   * Takes these rooms into the list, as far as they are in none of its pieces: somebody has put them on top.
   * @param {string[]} names
   */
  need(names) {
    if (!this.#next) return;
    const missing = names.filter((name) => !this.#store.rooms.has(name) && !this.#lookedUp.has(name));
    for (const name of missing.slice(0, Math.max(0, NEEDED - this.#lookedUp.size))) this.#lookUp(name);
  }

  /**
   * Takes a room into the list that is in none of its pieces so far, or keeps it as one that was opened here.
   * @param {string} name
   */
  async #lookUp(name) {
    this.#lookedUp.add(name);
    const told = await this.#api.room(name).catch(() => null);
    if (told && !this.#store.rooms.has(name)) {
      const owner = told.owner === this.#store.me?.who || undefined;
      this.#add([{ ...told, owner }], this.#piece + 1, this.#store.rooms);
    }
    this.keepOpened();
    this.#store.changed('room');
  }

  /**
   * Takes a room in which nothing was said off this browser's list.
   * @param {string} name
   */
  forgetOpened(name) {
    this.#store.openedRooms.set(this.#store.unlistedRooms().filter((other) => other !== name));
    this.#store.changed('rooms');
  }

  /**
   * We may no longer see this room; says whether it was in the list.
   * @param {string} name
   */
  remove(name) {
    const known = this.#store.rooms.delete(name);
    this.#store.changed('rooms');
    return known;
  }

  clear() {
    clearTimeout(this.#timer);
    [this.#timer, this.#next, this.#piece, this.#isStale] = [0, '', 0, false];
    this.#store.setRooms(new Map());
  }

  /**
   * @param {string} name
   * @param {Counts} counts
   */
  #count(name, { last, said, unread = 0, mentions = 0 }) {
    const info = this.#store.rooms.get(name);
    const after = last - (this.#store.readUpTo(name) ?? 0);
    const left = after < 0 ? unread : Math.min(unread, after); // a mark beyond the end is from a room that was deleted
    if (info) this.#store.rooms.set(name, { ...info, last, said, unread: left, mentions: Math.min(mentions, left) });
  }
}

/**
 * What an event alone tells of the room in the list.
 * @param {NoteEvent} event
 * @returns {Partial<ListedRoom>}
 */
function changeOf(event) {
  switch (event.do) {
    case 'title':
      return { title: event.text };
    case 'look':
      return { icon: event.icon, tint: event.tint };
    case 'slow':
      return { slow: event.seconds };
    case 'keep':
      return { keep_days: event.days, keep_bytes: event.bytes };
    case 'close':
      return { closed: !event.off };
    case 'archive':
      return { archived: !event.off };
    default:
      return {};
  }
}
