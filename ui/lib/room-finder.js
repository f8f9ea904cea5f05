/**
 * Finds rooms at the hub, as somebody types and scrolls: a piece at a time, and of answers that come late only the one
 * that was asked for last counts.
 */
/** @import { ListedRoom, RoomsPiece } from './types.d.ts' */
const PAUSE = 150; // ms after the last letter

export class RoomFinder {
  text = ''; // what the rooms were found by
  /** @type {ListedRoom[]} */
  rooms = [];
  isAsked = false; // something was looked for
  ready = false; // an answer is there
  fault = '';
  #ask;
  #told;
  #wanted = '';
  #next = '';
  #timer = 0;
  #turn = 0; // of the last question
  #asking = false; // for more of the same

  /**
   * `ask` gives the piece after a place, of the rooms with a text; `told()` is called when there is something to show.
   * @param {(asked: { text: string, after?: string }) => Promise<RoomsPiece>} ask
   * @param {() => void} told
   */
  constructor(ask, told) {
    this.#ask = ask;
    this.#told = told;
  }

  get hasMore() {
    return Boolean(this.#next);
  }

  /** Whether the rooms are those of the text that was looked for last. */
  get isSettled() {
    return this.ready && this.text === this.#wanted;
  }

  /**
   * Looks for a text, '' for all rooms, a moment after it was typed. What was found stays until there is an answer.
   * @param {string} text
   */
  look(text, wait = PAUSE) {
    [this.#wanted, this.isAsked] = [text, true];
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.#timer = setTimeout(() => this.#look(), wait);
  }

  /** Resolves once the text that was looked for last is answered, without a pause. */
  async settle() {
    if (!this.isSettled) await this.refresh();
  }

  /** Asks for the text that was looked for last at once, though it may be answered: what was found has changed. */
  refresh() {
    clearTimeout(this.#timer);
    return this.#look();
  }

  /** Fetches the next piece, if there is one. */
  async more() {
    if (!this.#next || this.#asking || !this.isSettled) return;
    this.#asking = true;
    await this.#take({ text: this.text, after: this.#next }, this.rooms);
    this.#asking = false;
  }

  /** Forgets what was found, and what is still to come. */
  reset() {
    clearTimeout(this.#timer);
    this.#turn += 1;
    Object.assign(this, { text: '', rooms: [], isAsked: false, ready: false, fault: '' });
    [this.#wanted, this.#next] = ['', ''];
  }

  #look() {
    this.#turn += 1;
    return this.#take({ text: this.#wanted }, []);
  }

  /**
   * @param {{ text: string, after?: string }} asked
   * @param {ListedRoom[]} before
   */
  async #take(asked, before) {
    const turn = this.#turn;
    /** @type {RoomsPiece | null} */
    let piece = null;
    let fault = '';
    try {
      piece = await this.#ask(asked);
    } catch (problem) {
      fault = problem.message;
    }
    if (turn !== this.#turn) return; // something else was asked meanwhile
    this.fault = fault;
    if (piece) {
      const known = new Set(before.map(({ name }) => name)); // one that moved comes once more
      this.rooms = [...before, ...piece.rooms.filter(({ name }) => !known.has(name))];
      [this.text, this.#next, this.ready] = [asked.text, piece.next ?? '', true];
    }
    this.#told();
  }
}
