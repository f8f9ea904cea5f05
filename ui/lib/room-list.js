/** The list of rooms as the hub tells it, and everything that is done to a room rather than in it. Knows no DOM. */
const SOON = 300;

export class RoomList {
  #store;
  #api;
  #ahead;
  #left = new Set(); // rooms that we ourselves are leaving
  #timer = 0;

  /** `ahead(name, n)`: this browser has read further than the hub knows. */
  constructor({ store, api, ahead }) {
    this.#store = store;
    this.#api = api;
    this.#ahead = ahead;
  }

  /** With `afresh` also what we heard since does not count: the hub may have restarted with less. */
  async refresh({ afresh = false } = {}) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    try {
      const list = await this.#api.rooms();
      const heard = this.#store.rooms;
      this.#store.rooms = new Map(list.map((room) => [room.name, room]));
      for (const { name, last, said, read = last, unread = 0 } of list) {
        const known = heard.get(name);
        if (afresh && this.#store.readOf(name) > last) this.#store.setRead(name, read); // another Hearth, or one with less
        this.#store.count(name, !afresh && known?.last > last ? known : { last, said, unread });
        if (unread && !this.#store.unreadOf(name)) this.#ahead(name, last);
      }
      this.#store.keepRoom();
      for (const topic of ['rooms', 'room']) this.#store.changed(topic);
    } catch {
      // The list as it was is better than none.
    }
  }

  /** The list is asked for once more, soon and once, however much has changed. */
  soon() {
    this.#timer ||= setTimeout(() => this.refresh(), SOON);
  }

  /** A room's own event: what it says holds at once, the rest comes with the list. */
  changed({ room, do: what, off = false, text, seconds }) {
    const change = { title: { title: text }, slow: { slow: seconds }, close: { closed: !off }, archive: { archived: !off } }[what];
    const place = this.#store.rooms.get(room);
    if (place && change) this.#store.rooms.set(room, { ...place, ...change });
    this.soon();
  }

  /** A private room, or one of announcements; gives its name. Throws a Problem, as all below do. */
  async make(room) {
    const made = await this.#api.makeRoom(room);
    await this.refresh();
    return made.room;
  }

  /** The room that is only for me and one other. */
  direct(who) {
    return this.make({ kind: 'direct', whom: who });
  }

  details(name) {
    return this.#api.room(name);
  }

  async change(name, command) {
    await this.#api.change(name, command);
    this.soon();
  }

  leave(name) {
    return this.#going(name, () => this.#api.change(name, { do: 'remove', whom: this.#store.me.who }));
  }

  remove(name) {
    return this.#going(name, () => this.#api.removeRoom(name));
  }

  /** The hub has taken a room away; gives what to tell the person at the page. */
  gone(name) {
    const title = this.#store.titleOf(name);
    const known = this.#store.rooms.delete(name);
    const own = this.#left.delete(name);
    this.#store.changed('rooms');
    return known && !own ? `You are no longer in “${title}”.` : '';
  }

  async #going(name, act) {
    this.#left.add(name);
    try {
      await act();
    } catch (problem) {
      this.#left.delete(name);
      throw problem;
    }
  }
}
