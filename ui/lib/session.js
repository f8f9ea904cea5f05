/** The session: joining, logging in and out, and who this browser is for the hub. Knows no DOM. */
import { Handover } from './handover.js';
import { IdentityRecovery } from './identity-recovery.js';
import { UrlCredentials } from './url-credentials.js';
/** @import { Store } from './store.js' */
/** @import { Api, Confirm, FirstState, Me, Memory, Navigation, Phase, Standing } from './types.d.ts' */
/** @import { HubInfo, UrlParts } from './types.d.ts' */

const AGAIN = 2000; // ms between two tries while the hub is away
const POLL = 3000; // ms between two requests while a host has yet to decide

export class Session {
  #store;
  #api;
  #on;
  #credentials;
  #timer = 0;

  /**
   * `on` has what is told: `came(person, state)` when this browser is let in, `left()` when it is out again,
   * `unreachable()` when the hub is away. `confirm(question)` resolves to whether the person says yes; `memory` lasts
   * as long as the tab; for `navigation` see Handover.
   * @param {{
   *   store: Store, api: Api, memory: Memory, confirm: Confirm, navigation: Navigation,
   *   on: { came: (person: Me, state: FirstState) => void, left: () => void, unreachable: () => void },
   * }} parts
   */
  constructor({ store, api, memory, confirm, navigation, on }) {
    this.#store = store;
    this.#api = api;
    this.#on = on;
    this.handover = new Handover({ store, api, memory, confirm, navigation });
    this.#credentials = new UrlCredentials({ api, confirm, handover: this.handover });
    this.recovery = new IdentityRecovery({
      store, api, memory,
      onWaiting: () => this.#set({ phase: 'recovering', reason: '' }),
      onAnswer: (me, reason) => this.#apply(me, reason),
    });
  }

  /**
   * Finds out who we are, and waits as long as the hub is away. `found` is what the address carried.
   * @param {UrlParts} found
   * @returns {Promise<void>}
   */
  async start(found = {}) {
    this.#add(found);
    for (;;) {
      try {
        const why = await this.#credentials.redeem();
        const { me, ...state } = await this.#api.start();
        this.#apply(me, why, state);
        return this.#finishHandover();
      } catch (problem) {
        if (problem.status === 403) return this.#refuse(problem.message);
        this.#on.unreachable();
        await new Promise((done) => setTimeout(done, AGAIN));
      }
    }
  }

  /**
   * A link was opened in a page that is there already.
   * @param {UrlParts} found
   */
  async takeLink(found) {
    this.#add(found);
    if (found.ticket || found.link || found.to) await this.start();
  }

  /**
   * First visit. Throws a Problem when the hub does not want this name, code or password.
   * @param {{ name: string, code?: string, password?: string }} given
   */
  async join({ name, code, password }) {
    const known = this.#credentials.forJoin;
    const given = { code: code || known.code, password, invite: known.invite };
    try {
      await this.#api.enter({ name, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value)) });
    } catch (problem) {
      if (problem.code === 'invite_used') this.#add({ invite: '' }); // the next try asks the host instead
      if (problem.status === 401) await this.recheck(); // the hub may ask for something else than it did
      throw problem;
    }
    this.#store.lastPerson.set(name);
    const { me, ...state } = await this.#api.start();
    this.#apply(me, '', state);
  }

  /** While the join form is shown: by now the hub may ask for something else, or know this browser. */
  async recheck() {
    const answer = await this.#api.me().catch(() => null);
    if (!answer || this.#store.phase !== 'joining') return;
    if (phaseOf(answer) !== 'joining') return void this.#apply(answer);
    this.#set({ hub: answer.hub, browserIsHost: Boolean(answer.host), preview: answer.room });
  }

  /**
   * The hub has another name, or other notices for hosts.
   * @param {Partial<HubInfo>} facts
   */
  hubChanged(facts) {
    this.#set({ hub: { ...this.#store.hub, ...facts } });
  }

  /** What was said above the join form is no longer about it. */
  clearReason() {
    this.#set({ reason: '' });
  }

  /**
   * Somebody without a password says that the name is theirs. Throws a Problem.
   * @param {{ name: string, code?: string }} given
   */
  recover({ name, code }) {
    return this.recovery.ask({ name, code: code || this.#credentials.forJoin.code });
  }

  /**
   * The same person from one more device. Throws a Problem.
   * @param {{ name: string, password?: string }} given
   */
  async login({ name, password }) {
    const answer = await this.#api.login(name, password);
    this.#store.lastPerson.set(name);
    this.#apply(answer);
  }

  /** This browser forgets who it was, and with `everywhere` all others do too. Throws a Problem. */
  async logOut({ everywhere = false } = {}) {
    await (everywhere ? this.#api.endDevices() : this.#api.forget());
    this.#credentials.clear();
    this.#add({});
    this.#apply(await this.#api.me());
  }

  /**
   * The hub has ended the session: asks where that leaves us.
   * @param {string} [reason]
   */
  async ended(reason) {
    const answer = await this.#api.me().catch(() => null);
    if (this.#store.phase !== 'in') return;
    if (!answer || (answer.person && mayStay(answer))) this.#refuse(reason || 'This Hearth does not let you in.');
    else {
      // Without a password that name is no longer ours to offer.
      if (!answer.person && !this.#store.lastPerson.hasAccount()) this.#store.lastPerson.set('');
      this.#apply(answer, reason);
    }
  }

  /** What we may do has changed. */
  async refresh() {
    const answer = await this.#api.me().catch(() => null);
    if (!answer?.person || this.#store.phase !== 'in') return;
    this.#set({ hub: answer.hub });
    this.update(answer.person);
  }

  /**
   * Protects the name with a first password. Throws a Problem, as the next one does.
   * @param {string} password
   */
  async claim(password) {
    await this.#api.claim(password);
    this.update({ account: true });
  }

  /** @param {string} name */
  async rename(name) {
    this.update(await this.#api.rename(name));
  }

  /**
   * Something about me is different.
   * @param {Partial<Me>} changes
   */
  update(changes) {
    if (!this.#store.me) return;
    const me = { ...this.#store.me, ...changes };
    this.#store.lastPerson.set(me.name, me.account);
    this.#set({ me });
  }

  /** @param {Parameters<Store['setSession']>[0]} changes */
  #set(changes) {
    this.#store.setSession(changes);
  }

  /** @param {UrlParts} found */
  #add(found) {
    this.#credentials.add(found);
    const { code, invite } = this.#credentials.forJoin;
    this.#set({ fromUrl: { code: Boolean(code), invite: Boolean(invite) } });
  }

  // Another address sent us here to find out who we are; or we are back from one; or we were waiting for an answer.
  async #finishHandover() {
    const { to, state } = this.#credentials.takeHandover();
    if (to && state && this.#store.phase === 'in') {
      await this.handover.answer({ to, state });
    } else if (to && this.#store.phase === 'joining') {
      this.handover.turnBack(); // to where one can ask; the sentence stays where that cannot be done
      this.#apply(await this.#api.me(), 'This browser is not known here either. Say your name.');
    } else if (this.#store.phase === 'joining') {
      const failed = this.handover.takeFailure();
      if (failed) {
        const choice = failed.ask ? 'You can ask to be let in, or choose' : 'Choose';
        this.recovery.offer(failed);
        this.#apply(await this.#api.me(), `Going by ${failed.at} did not bring you in. ${choice} another name.`);
      }
      this.recovery.resume();
    }
  }

  /**
   * @param {Standing} answer
   * @param {string} [reason]
   * @param {FirstState} [state]
   */
  #apply(answer, reason = '', state = {}) {
    const { person, host, hub, limits = this.#store.limits, room: preview } = answer;
    const phase = phaseOf(answer);
    clearTimeout(this.#timer);
    if (this.#store.phase === 'in') this.#on.left();
    this.#set({ me: person, hub, browserIsHost: Boolean(host), limits, preview, phase, reason });
    if (person && phase === 'in') {
      this.#store.lastPerson.set(person.name, person.account);
      this.handover.end();
      this.#on.came(person, state);
      if (reason) this.#store.notify(reason);
    }
    if (phase === 'waiting') this.#timer = setTimeout(() => this.#poll(), POLL);
  }

  async #poll() {
    const answer = await this.#api.me().catch(() => null);
    if (this.#store.phase !== 'waiting') return;
    if (!answer || answer.waiting) this.#timer = setTimeout(() => this.#poll(), POLL);
    else this.#apply(answer, answer.person ? '' : 'The host did not let you in.');
  }

  /** @param {string} reason */
  #refuse(reason) {
    this.#set({ phase: 'refused', reason });
  }
}

/**
 * @param {Standing} answer
 * @returns {Phase}
 */
function phaseOf(answer) {
  if (answer.banned) return 'banned';
  if (answer.person && mayStay(answer)) return 'in';
  return answer.waiting ? 'waiting' : 'joining';
}

/**
 * People who came in with only a name must choose a password once the hub wants one: the join form takes it, and the
 * name stays theirs.
 * @param {Pick<Standing, 'person' | 'hub'>} answer
 */
function mayStay({ person, hub }) {
  return hub.mode !== 'login' || Boolean(person?.account || person?.host);
}
