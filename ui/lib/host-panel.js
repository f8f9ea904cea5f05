/** The host's desk: the picture of the hub that only hosts get, kept fresh, and their deeds. Knows no DOM. */
const EVERY = 1000; // at most this often while somebody looks
const IDLE = 5000; // and this often for the mark that somebody waits

export class HostPanel {
  #store;
  #api;
  #demoted;
  #timer = 0;
  #asked = 0;
  #looking = false;

  /** `demoted()` is told when the hub no longer takes us for a host. */
  constructor({ store, api, demoted }) {
    this.#store = store;
    this.#api = api;
    this.#demoted = demoted;
  }

  /** Somebody looks at the panel, or no longer does. */
  look(on) {
    this.#looking = on;
    if (on) this.refresh();
  }

  /** The picture has changed. */
  soon() {
    const wait = this.#asked + (this.#looking ? EVERY : IDLE) - Date.now();
    if (wait <= 0) this.refresh();
    else this.#timer ||= setTimeout(() => this.refresh(), wait);
  }

  async refresh() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#asked = Date.now();
    const known = this.#waiting();
    try {
      this.#store.panel = await this.#api.panel();
      const now = this.#waiting();
      const still = new Set(now.values());
      for (const told of known.values()) if (!still.has(told)) this.#store.untell(told);
      for (const [id, told] of now) if (!known.has(id) && !this.#looking) this.#store.tell(told);
    } catch (problem) {
      if (problem.status !== 403) return;
      this.#store.panel = null;
      this.#demoted();
    }
    this.#store.changed('panel');
  }

  #waiting() {
    const { people = [], returns = [] } = this.#store.panel ?? {};
    const named = (id) => people.find(({ who }) => who === id)?.name;
    return new Map([
      ...people.filter(({ waiting }) => waiting).map(({ who, name }) => [who, `${name} asks to come in.`]),
      ...returns.map(({ id, who }) => [id, `Somebody asks to come back as ${named(who)}.`]),
    ]);
  }

  /** One deed, see `POST /api/host`; gives what the hub answers. Throws a Problem. */
  async act(deed) {
    const answer = await this.#api.deed(deed);
    await this.refresh();
    return answer;
  }

  clear() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#store.panel = null;
  }
}
