/** History by the page: the last one when a room is opened, older and newer ones by scrolling, any one by a jump. */
const PAGE = 60;
const AGAIN = 1500;

export class History {
  #store;
  #api;
  #loading = new Map(); // room -> promise
  #going = 0; // of several ways to go the latest counts
  #loaded;

  /** `loaded(room, events)` is told of every last page; `refused(problem)` of a session that is none. */
  constructor({ store, api, loaded, refused }) {
    this.#store = store;
    this.#api = api;
    this.#loaded = loaded;
    this.refused = refused;
  }

  /** Starts the room over with its last page. */
  load(room) {
    if (!this.#loading.has(room)) this.#loading.set(room, this.#load(room).finally(() => this.#loading.delete(room)));
    return this.#loading.get(room);
  }

  /** One more page: `older` or `newer`. */
  async more(kind) {
    const { room } = this.#store;
    const { first, newest } = room;
    if (!room.ready || room.loading || (kind === 'older' ? room.start : room.attached)) return;
    room.loading = kind;
    try {
      const page = await this.#api.page(room.name, { ...(kind === 'older' ? { before: first } : { after: newest }), limit: PAGE });
      if (kind === 'older' && room.first === first) room.takeOlder(page);
      if (kind === 'newer' && room.newest === newest) room.takeNewer(page);
    } catch {
      await new Promise((done) => setTimeout(done, AGAIN)); // scrolling asks again
    } finally {
      room.loading = '';
    }
    this.#store.changed('log');
  }

  /** Back to the newest messages. */
  async newest() {
    const { room } = this.#store;
    this.#going += 1;
    room.following = true;
    if (!room.attached) await this.load(room);
    this.#store.changed('log');
  }

  /** Shows message `n`, or with 0 where the room begins, with what is around it when it was not held. */
  async goTo(n) {
    const { room } = this.#store;
    const going = this.#going += 1;
    if (!room.ready) return;
    try {
      if (n ? !room.message(n) : !room.start) {
        const page = await this.#api.page(room.name, { after: Math.max(0, n - PAGE / 2), limit: PAGE });
        if (room !== this.#store.room || going !== this.#going) return;
        room.following = false;
        room.reset(page, { attached: false });
        this.#store.changed('log');
      }
      this.#store.show(n);
    } catch (problem) {
      this.#store.tell(problem.message);
    }
  }

  /** Fetches one message that is quoted or pinned but not held. */
  async want(n) {
    const { room } = this.#store;
    if (room.quotes.has(n) || room.message(n)) return;
    if (room.quotes.size > 500) room.quotes.clear();
    room.quotes.set(n, null);
    const page = await this.#api.page(room.name, { after: n - 1, limit: 1 }).catch(() => null);
    const found = page?.events.find((event) => event.n === n);
    if (!found) return;
    room.quotes.set(n, found);
    this.#store.changed('log');
  }

  async #load(room) {
    try {
      const page = await this.#api.page(room.name, { limit: PAGE });
      const read = this.#store.readOf(room.name);
      if (!room.ready && read !== null && read < page.last) room.divider = read;
      room.reset(page);
      room.read = Math.min(read ?? room.last, room.last);
      this.#loaded(room, page.events);
    } catch (problem) {
      if (problem.status === 401) this.refused(problem);
      else if (problem.status >= 500) setTimeout(() => room === this.#store.room && this.load(room), AGAIN); // the hub stumbled
      else if (problem.status && !room.ready) room.problem = problem;
    }
    this.#store.changed('room');
    this.#store.changed('log');
  }
}
