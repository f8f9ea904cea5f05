/** The room list: fetched from the hub, then kept up to date from events, with the unread count of each room. */
/** @import { Store } from './store.js' */
/** @import { Api, Counts, ListedRoom, Moved, NoteEvent } from './types.d.ts' */
const SOON = 300; // ms between a reason to fetch the list again and the request

export class RoomList {
  #store;
  #api;
  #readAhead;
  #timer = 0;

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
    const list = await this.#api.rooms().catch(() => null);
    if (list) this.take(list, { afresh }); // the list as it was is better than none
  }

  /**
   * Takes a list of the hub. With `afresh` what we heard before does not count.
   * @param {ListedRoom[]} list
   */
  take(list, { afresh = false } = {}) {
    const heard = this.#store.rooms;
    this.#store.setRooms(new Map(list.map((room) => [room.name, room])));
    for (const { name, last, said, read = last, unread = 0 } of list) {
      const known = heard.get(name);
      if (afresh && (this.#store.readUpTo(name) ?? 0) > last) this.#store.readMarks.set(name, read);
      this.#count(name, !afresh && known && known.last > last ? known : { last, said, unread });
      const ours = this.#store.readUpTo(name) ?? 0;
      if (unread && ours > read && ours <= last) this.#readAhead(name, ours);
    }
    this.keepOpened();
    this.#store.changed('room');
  }

  /** Fetches the list soon and once, however often it is asked for meanwhile. */
  refreshSoon() {
    this.#timer ||= setTimeout(() => this.refresh(), SOON);
  }

  /**
   * A room has a new last event. `said`: how many messages there have been in it; `erased`: for each by others that
   * was erased, the n of the event that did it and its own; `mine`: how many of the new ones are my own. Of a room that
   * is new here, the list brings what is unread.
   * @param {Omit<Moved, 'do' | 'at'> & { at?: string, mine?: number }} news
   */
  moved({ room, last, said, erased = [], mine = 0, at, topic, kind, title }) {
    const known = this.#store.rooms.get(room);
    const before = known ?? { here: 0, topic: '', may_write: true, kind, title, last: 0, said, unread: 0 };
    if (last <= before.last) return; // counted already
    const read = this.#store.readUpTo(room) ?? 0;
    const gone = erased.filter(([n, of]) => n > before.last && of > read).length;
    const unread = Math.max(0, (before.unread ?? 0) + said - before.said - mine - gone);
    const names = { topic: topic ?? before.topic, title: title || before.title };
    this.#store.rooms.set(room, { ...before, ...names, name: room, last, said, unread, at });
    this.#store.changed('rooms');
    if (!known || (kind && before.kind !== kind)) this.refreshSoon();
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
    const info = this.#store.rooms.get(name);
    this.setCounts(name, { last: info?.last ?? n, said: info?.said ?? 0, unread: 0 });
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
    const fresh = unlisted && this.#store.roomInfo(room.name).kind === 'public' ? [room.name] : [];
    this.#store.openedRooms.set([...this.#store.unlistedRooms(), ...fresh]);
    this.#store.changed('rooms');
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
    this.#store.setRooms(new Map());
  }

  /**
   * @param {string} name
   * @param {Counts} counts
   */
  #count(name, { last, said, unread = 0 }) {
    const info = this.#store.rooms.get(name);
    const after = last - (this.#store.readUpTo(name) ?? 0);
    const left = after < 0 ? unread : Math.min(unread, after); // a mark beyond the end is from a room that was deleted
    if (info) this.#store.rooms.set(name, { ...info, last, said, unread: left });
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
    case 'slow':
      return { slow: event.seconds };
    case 'close':
      return { closed: !event.off };
    case 'archive':
      return { archived: !event.off };
    default:
      return {};
  }
}
