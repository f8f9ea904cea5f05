/** The view of the hub that only hosts get: kept fresh, and what hosts do. */
/** @import { Store } from './store.js' */
/** @import { Api, HostAction } from './types.d.ts' */
const WATCHED = 1000; // minimum ms between two requests while the panel is open
const UNWATCHED = 5000; // the same while it is closed and only shows how many people wait

export class HostPanel {
  #store;
  #api;
  #onDemoted;
  #timer = 0;
  #asked = 0;
  #watched = false;
  #requests = 0;
  #shown = 0; // which of the requests is shown: the answer to an earlier one comes too late

  /**
   * `onDemoted()` is called when the hub no longer takes us for a host.
   * @param {{ store: Store, api: Api, onDemoted: () => void }} parts
   */
  constructor({ store, api, onDemoted }) {
    this.#store = store;
    this.#api = api;
    this.#onDemoted = onDemoted;
  }

  /**
   * The panel was opened or closed.
   * @param {boolean} on
   */
  watch(on) {
    this.#watched = on;
    if (on) this.refresh();
  }

  /** The hub has news for the panel. */
  refreshSoon() {
    const wait = this.#asked + (this.#watched ? WATCHED : UNWATCHED) - Date.now();
    if (wait <= 0) this.refresh();
    else this.#timer ||= setTimeout(() => this.refresh(), wait);
  }

  async refresh() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#asked = Date.now();
    const before = this.#notices();
    this.#requests += 1;
    const request = this.#requests;
    try {
      const panel = await this.#api.panel();
      if (request < this.#shown) return;
      this.#shown = request;
      this.#store.setHostPanel(panel);
      const now = this.#notices();
      const current = new Set(now.values());
      for (const text of before.values()) if (!current.has(text)) this.#store.retract(text);
      for (const [id, text] of now) if (!before.has(id) && !this.#watched) this.#store.notify(text);
    } catch (problem) {
      if (problem.status !== 403) return;
      this.#store.setHostPanel(null);
      this.#onDemoted();
    }
  }

  /**
   * Does what `action` says, see `POST /api/host`; returns the answer. Throws a Problem.
   * @param {HostAction} action
   */
  async act(action) {
    const answer = await this.#api.hostAction(action);
    await this.refresh();
    return answer;
  }

  clear() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#store.setHostPanel(null);
  }

  /**
   * Of everybody who waits for a host: id -> the notice about them.
   * @returns {Map<string, string>}
   */
  #notices() {
    const { people = [], returns = [] } = this.#store.hostPanel ?? {};
    const nameOf = (/** @type {string | undefined} */ id) => people.find(({ who }) => who === id)?.name;
    const notices = new Map();
    for (const { who, name, waiting } of people) if (waiting) notices.set(who, `${name} asks to come in.`);
    for (const { id, who } of returns) notices.set(id, `Somebody asks to come back as ${nameOf(who)}.`);
    return notices;
  }
}
