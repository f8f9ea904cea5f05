/**
 * Being the same person again without a password: the other devices of that person and the hosts are asked. Also the
 * other side: somebody asks to be us.
 */
/** @import { Problem } from './api.js' */
/** @import { Store } from './store.js' */
/** @import { Api, Memory, Recovery, ReturnRequest, Standing } from './types.d.ts' */
const POLL = 2000; // ms between two requests for the answer
const AWAY = new Set([0, 429, 503]); // statuses with which the hub says nothing of it now

/** @typedef {{ ask: string, name: string }} Asking the request's id, and whom we ask to be */

export class IdentityRecovery {
  #store;
  #api;
  #memory;
  #onWaiting;
  #onAnswer;
  #timer = 0;

  /**
   * `memory` lasts as long as the tab; `onWaiting()` is called when we wait for the answer, and
   * `onAnswer(me, reason)` with what the hub knows of us then.
   * @param {{
   *   store: Store, api: Api, memory: Memory, onWaiting: () => void, onAnswer: (me: Standing, reason?: string) => void,
   * }} parts
   */
  constructor({ store, api, memory, onWaiting, onAnswer }) {
    this.#store = store;
    this.#api = api;
    this.#memory = memory;
    this.#onWaiting = onWaiting;
    this.#onAnswer = onAnswer;
  }

  /**
   * Asks to be `name` again. Throws a Problem.
   * @param {{ name: string, code?: string }} asked
   */
  async ask({ name, code }) {
    const { ask, heard } = await this.#api.askBack({ name, ...(code ? { code } : {}) });
    this.#memory.set('asking', { ask, name });
    this.#wait({ ask, name, heard });
  }

  /** The page was loaded again while we waited. */
  resume() {
    const asking = this.#memory.get('asking', /** @type {Asking | null} */ (null));
    if (asking) this.#wait({ heard: this.#store.recovery.heard, ...asking });
  }

  /** Waits no longer. Throws a Problem where the hub cannot be told, and waits on. */
  async withdraw() {
    clearTimeout(this.#timer);
    try {
      await this.#api.comeBack(this.#memory.get('asking', /** @type {Asking | null} */ (null))?.ask ?? '', true);
      const me = await this.#api.me();
      this.#end();
      this.#onAnswer(me);
    } catch (problem) {
      this.resume();
      throw problem;
    }
  }

  /**
   * Offers `name` at the join form; `ask` says whether it can be recovered by asking.
   * @param {{ name: string, ask: boolean }} way
   */
  offer({ name, ask }) {
    this.#store.setRecovery({ name, heard: true, ask });
  }

  /**
   * All requests of others to be us.
   * @param {ReturnRequest[]} requests
   */
  setRequests(requests) {
    this.#store.setRecoveryRequests(requests);
  }

  /**
   * Answers such a request. Throws a Problem.
   * @param {string} id
   * @param {boolean} yes
   */
  async answer(id, yes) {
    await this.#api.answerReturn(id, yes);
    this.setRequests(this.#store.recoveryRequests.filter((request) => request.id !== id));
  }

  /** @param {Asking & { heard: boolean }} asking */
  #wait({ ask, name, heard }) {
    this.#store.setRecovery({ name, heard });
    this.#onWaiting();
    this.#timer = setTimeout(() => this.#poll(ask, name), POLL);
  }

  /**
   * @param {string} ask
   * @param {string} name
   */
  async #poll(ask, name) {
    try {
      const answer = await this.#api.comeBack(ask);
      if (this.#store.phase !== 'recovering') return;
      if (!('hub' in answer)) return void this.#wait({ ask, name, heard: answer.heard });
      this.#end();
      this.#onAnswer(answer);
    } catch (problem) {
      if (this.#store.phase !== 'recovering') return;
      if (AWAY.has(problem.status)) this.#timer = setTimeout(() => this.#poll(ask, name), POLL);
      else await this.#refused(problem);
    }
  }

  /** @param {Problem} problem */
  async #refused({ code, message }) {
    this.#end();
    // Too late, it can be tried again; else the name is not ours.
    if (code !== 'return_late') this.#store.setRecovery({ ...this.#store.recovery, name: '' });
    const me = await this.#api.me().catch(() => null);
    if (me) this.#onAnswer(me, message);
  }

  #end() {
    clearTimeout(this.#timer);
    this.#memory.set('asking', undefined);
  }
}
