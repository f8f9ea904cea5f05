/** Polling: asks for the events that a socket would bring, for where no WebSocket can be had. */
/** @import { Problem } from './api.js' */
/** @import { Api, Page } from './types.d.ts' */
const EVERY = 1500; // ms
const PAGE = 500; // events

export class Polling {
  #api;
  #cursors;
  #onPage;
  #onProblem;
  #timer = 0;
  #busy = false;

  /**
   * `cursors()` gives pairs of room and cursor; `onPage(room, page)` and `onProblem(problem, room)` are called.
   * @param {{
   *   api: Api, cursors: () => [string, number][], onPage: (room: string, page: Page) => void,
   *   onProblem: (problem: Problem, room: string) => void,
   * }} parts
   */
  constructor({ api, cursors, onPage, onProblem }) {
    this.#api = api;
    this.#cursors = cursors;
    this.#onPage = onPage;
    this.#onProblem = onProblem;
  }

  start() {
    this.stop();
    this.#timer = setInterval(() => this.now(), EVERY);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  /** Asks at once, if polling is on and no request is under way. */
  async now() {
    if (this.#busy || !this.#timer) return;
    this.#busy = true;
    for (const [room, after] of this.#cursors()) await this.#ask(room, after);
    this.#busy = false;
  }

  /**
   * @param {string} room
   * @param {number} after
   */
  async #ask(room, after) {
    try {
      const page = await this.#api.page(room, { after, limit: PAGE });
      if (this.#timer) this.#onPage(room, page);
    } catch (problem) {
      if (this.#timer) this.#onProblem(problem, room);
    }
  }
}
