/**
 * Coming back without a password: by way of another address of this Hearth, where this browser is known, or by asking
 * those who can tell. Knows no DOM.
 */
import { newKey } from './random-key.js';

const LOOK = 2000; // between two looks for the answer
const AWAY = new Set([0, 429, 503]); // the hub says nothing of it now

export class IdentityRecovery {
  #store;
  #api;
  #memory;
  #ask;
  #known;
  #leave;
  #here;
  #timer = 0;

  /**
   * `memory` lasts as long as the tab; `ask(question)` gives whether yes; `known(answer, reason)` is told where we stand;
   * `leave(base, fragment)` leaves for the same room at another address, `turnBack()` for the page before this one;
   * `here` is the host of this one.
   */
  constructor({ store, api, memory, ask, known, leave, turnBack, here }) {
    [this.#store, this.#api, this.#memory, this.#ask, this.#known, this.#leave, this.#here] = [store, api, memory, ask, known, leave, here];
    this.turnBack = turnBack;
  }

  /**
   * Leaves for the address `base`, whose page may send us back with a link. Only a page with this state can use it.
   * Whether `name` can be asked about is `ask`, for who comes back without one.
   */
  goBy({ base, name, ask }) {
    const state = newKey();
    this.#memory.set('state', state);
    this.#memory.set('way', { at: new URL(base).host, name, ask });
    this.#leave(base, { to: this.#here, state });
  }

  /** Whether we asked for the link that came with this state; no other one is taken. */
  expects(state) {
    return state === this.#memory.get('state', '');
  }

  /** We are back, with a link or without one that is good. */
  arrived() {
    this.#memory.set('state', undefined);
    this.#memory.set('way', undefined);
  }

  /** We are back from another address without a link: takes up the name again, and gives what to say, once. */
  cameToNothing() {
    const { at, name, ask } = this.#memory.get('way', {});
    this.#memory.set('way', undefined);
    if (!at) return '';
    this.#store.back = { name, heard: true, ask };
    return `Going by ${at} did not bring you in. ${ask ? 'You can ask to be let in, or choose' : 'Choose'} another name.`;
  }

  /** The page of another address asks who we are here. The hub makes a link only for an address of its own. */
  async sendBack({ to, state }) {
    try {
      const { url, link } = await this.#api.handOver(to, state);
      const title = `Go on as ${this.#store.me.name} at ${to}?`;
      const text = 'You came from there a moment ago to go on as the same person. If that was not you, cancel.';
      if (await this.#ask({ title, text, yes: 'Go on', calm: true })) this.#leave(url, { link, state });
    } catch (problem) {
      this.#store.tell(problem.message);
    }
  }

  /** Has the other devices of this person and the hosts asked whether it is us. Throws a Problem. */
  async ask({ name, code }) {
    const { ask, heard } = await this.#api.askBack({ name, ...(code ? { code } : {}) });
    this.#memory.set('asking', { ask, name });
    this.#wait({ ask, name, heard });
  }

  /** The page was loaded again while we waited. */
  resume() {
    const asking = this.#memory.get('asking', null);
    if (asking) this.#wait({ heard: this.#store.back.heard, ...asking });
  }

  /** Waits no longer. Throws a Problem where the hub cannot be told, and waits on. */
  async withdraw() {
    clearTimeout(this.#timer);
    try {
      await this.#api.comeBack(this.#memory.get('asking', {}).ask ?? '', true);
      const answer = await this.#api.me();
      this.#end();
      this.#known(answer);
    } catch (problem) {
      this.resume();
      throw problem;
    }
  }

  /** Says whether somebody who asks to come back as us is us. Throws a Problem. */
  async answer(id, yes) {
    await this.#api.answerReturn(id, yes);
    this.#store.returns = this.#store.returns.filter((asked) => asked.id !== id);
    this.#store.changed('returns');
  }

  #wait({ ask, name, heard }) {
    Object.assign(this.#store, { phase: 'asking', back: { name, heard }, reason: '' });
    this.#store.changed('phase');
    this.#timer = setTimeout(() => this.#look(ask, name), LOOK);
  }

  async #look(ask, name) {
    try {
      const answer = await this.#api.comeBack(ask);
      if (this.#store.phase !== 'asking') return;
      if (!answer.hub) return void this.#wait({ ask, name, heard: answer.heard });
      this.#end();
      this.#known(answer);
    } catch (problem) {
      if (this.#store.phase !== 'asking') return;
      if (AWAY.has(problem.status)) this.#timer = setTimeout(() => this.#look(ask, name), LOOK);
      else await this.#refused(problem);
    }
  }

  async #refused({ code, message }) {
    this.#end();
    if (code !== 'return_late') this.#store.back.name = ''; // it is not ours to try again
    const answer = await this.#api.me().catch(() => null);
    if (answer) this.#known(answer, message);
  }

  #end() {
    clearTimeout(this.#timer);
    this.#memory.set('asking', undefined);
  }
}
