/** The same events by asking every 1.5 s, for where a WebSocket cannot be had. */
const EVERY = 1500;

export class Polling {
  #api;
  #rooms;
  #page;
  #failed;
  #timer = 0;
  #busy = false;

  /** `rooms()`: pairs of room and cursor; `page(room, page)` and `failed(problem, room)` are told. */
  constructor({ api, rooms, page, failed }) {
    this.#api = api;
    this.#rooms = rooms;
    this.#page = page;
    this.#failed = failed;
  }

  start() {
    this.stop();
    this.#timer = setInterval(() => this.now(), EVERY);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  async now() {
    if (this.#busy || !this.#timer) return;
    this.#busy = true;
    for (const [room, after] of this.#rooms()) await this.#ask(room, after);
    this.#busy = false;
  }

  async #ask(room, after) {
    try {
      const page = await this.#api.page(room, { after, limit: 500 });
      if (this.#timer) this.#page(room, page);
    } catch (problem) {
      if (this.#timer) this.#failed(problem, room);
    }
  }
}
