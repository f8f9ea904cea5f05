/** Coming in and going out: who this browser is for the hub, and so which face the page shows. Knows no DOM. */
import { IdentityRecovery } from './identity-recovery.js';

const AGAIN = 2000; // the hub is away
const WAITING = 3000; // a host has yet to decide

export class Session {
  #store;
  #api;
  #came;
  #went;
  #ask;
  #brought = {};
  #timer = 0;

  /** `came(person)` when this browser is let in, `went()` when it is out again; `ask(question)` gives whether yes; the rest is Returning’s. */
  constructor({ store, api, came, went, ask, ...rest }) {
    this.recovery = new IdentityRecovery({ store, api, ask, known: (answer, reason) => this.#known(answer, reason), ...rest });
    this.#store = store;
    this.#api = api;
    this.#came = came;
    this.#went = went;
    this.#ask = ask;
  }

  /** Finds out who we are. Waits as long as the hub is away. `brought` is what the address bore. */
  async start(brought = {}) {
    this.#bring(brought);
    for (;;) {
      try {
        const why = await this.#useUp();
        this.#known(await this.#api.me(), why);
        return this.#back();
      } catch (problem) {
        if (problem.status === 403) return this.#out(problem.message);
        this.#store.connection = 'gone';
        this.#store.changed('link');
        await new Promise((done) => setTimeout(done, AGAIN));
      }
    }
  }

  /** A link was opened in a page that is there already. */
  async bring(brought) {
    this.#bring(brought);
    if (brought.ticket || brought.link || brought.to) await this.start();
    else this.#store.changed('phase');
  }

  /** First visit. Throws a Problem when the hub does not want this name, code or password. */
  async join({ name, code, password }) {
    const { code: known, invite } = this.#brought;
    const given = { code: code || known, password, invite };
    try {
      await this.#api.enter({ name, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value)) });
    } catch (problem) {
      if (problem.code === 'invite_used') this.#bring({ invite: '' }); // the next try asks the host instead
      if (problem.status === 401) await this.look(); // the hub may ask for something else than it did
      throw problem;
    }
    this.#store.callMe(name);
    this.#known(await this.#api.me());
  }

  /** The gate is looked at again: by now the hub may ask for something else, or know this browser. */
  async look() {
    const answer = await this.#api.me().catch(() => null);
    if (!answer || this.#store.phase !== 'gate') return;
    if (phaseOf(answer) !== 'gate') return void this.#known(answer);
    Object.assign(this.#store, { hub: answer.hub, host: Boolean(answer.host), before: answer.room });
    this.#store.changed('phase');
  }

  /** Somebody without a password says that the name is theirs. Throws a Problem. */
  askBack({ name, code }) {
    return this.recovery.ask({ name, code: code || this.#brought.code });
  }

  /** The same person from one more device. Throws a Problem. */
  async login({ name, password }) {
    const answer = await this.#api.login(name, password);
    this.#store.callMe(name);
    this.#known(answer);
  }

  /** This browser forgets who it was; `everywhere`, so do all others. Throws a Problem. */
  async leave({ everywhere = false } = {}) {
    await (everywhere ? this.#api.endDevices() : this.#api.forget());
    this.#brought = {};
    this.#known(await this.#api.me());
  }

  /** The hub has ended the session: asks where that leaves us. */
  async ended(reason) {
    const answer = await this.#api.me().catch(() => null);
    if (this.#store.phase !== 'in') return;
    if (!answer || (answer.person && mayStay(answer))) this.#out(reason || 'This Hearth does not let you in.');
    else {
      if (!answer.person && !this.#store.hadAccount()) this.#store.callMe(''); // that name is no longer ours to say
      this.#known(answer, reason);
    }
  }

  /** What we may do has changed. */
  async refresh() {
    const answer = await this.#api.me().catch(() => null);
    if (answer?.person && this.#store.phase === 'in') this.be(answer.person);
  }

  be(person) {
    this.#store.me = { ...this.#store.me, ...person };
    this.#store.callMe(this.#store.me.name, this.#store.me.account);
    this.#store.changed('phase');
  }

  #bring(brought) {
    this.#brought = { ...this.#brought, ...brought };
    this.#store.brought = { code: Boolean(this.#brought.code), invite: Boolean(this.#brought.invite) };
  }

  // A ticket and a link work once. Gives the reason where one did not.
  async #useUp() {
    const { ticket, link, state, to } = this.#brought;
    let why = '';
    try {
      if (ticket) await this.#api.redeem(ticket);
      if (link && state && !this.recovery.expects(state)) why = 'That link was not asked for here. Say your name.';
      else if (link) await this.#follow(link, state);
    } catch (problem) {
      if (!problem.status) throw problem; // not reached: once more
      if (link) why = problem.message; // a ticket that was used up is no misfortune
    }
    delete this.#brought.ticket;
    delete this.#brought.link;
    if (link && state) this.recovery.arrived();
    if (!to) delete this.#brought.state;
    return why;
  }

  /** A link makes this browser somebody else: never without asking who is somebody already. */
  async #follow(link, state) {
    try {
      await this.#api.follow(link, false, state);
    } catch (problem) {
      if (problem.code !== 'already_in') throw problem;
      const text = `${problem.message} This link makes this browser somebody else. Go on only if you made it yourself.`;
      if (await this.#ask({ title: 'Be somebody else here?', text, yes: 'Go on' })) await this.#api.follow(link, true, state);
    }
  }

  // The page of another address sent us here to find out who we are; or we were waiting for an answer.
  async #back() {
    const { to, state } = this.#brought;
    delete this.#brought.to;
    delete this.#brought.state;
    if (to && state && this.#store.phase === 'in') await this.recovery.sendBack({ to, state });
    else if (to && this.#store.phase === 'gate') {
      this.recovery.turnBack(); // to where one can ask; this is what stands here otherwise
      this.#known(await this.#api.me(), 'This browser is not known here either. Say your name.');
    } else if (this.#store.phase === 'gate') {
      const reason = this.recovery.cameToNothing();
      if (reason) this.#known(await this.#api.me(), reason);
      this.recovery.resume();
    }
  }

  #known(answer, reason = '') {
    const { person, host, hub, limits, room: before } = answer;
    const phase = phaseOf(answer);
    clearTimeout(this.#timer);
    if (this.#store.phase === 'in') this.#went();
    Object.assign(this.#store, { me: person, hub, host: Boolean(host), limits: limits ?? this.#store.limits, before, phase, reason });
    if (phase === 'in') {
      this.#store.callMe(person.name, person.account);
      this.recovery.arrived();
      this.#came(person);
      if (reason) this.#store.tell(reason);
    }
    if (phase === 'waiting') this.#timer = setTimeout(() => this.#askAgain(), WAITING);
    this.#store.changed('phase');
  }

  async #askAgain() {
    const answer = await this.#api.me().catch(() => null);
    if (this.#store.phase !== 'waiting') return;
    if (!answer || answer.waiting) this.#timer = setTimeout(() => this.#askAgain(), WAITING);
    else this.#known(answer, answer.person ? '' : 'The host did not let you in.');
  }

  #out(reason) {
    Object.assign(this.#store, { phase: 'out', reason });
    this.#store.changed('phase');
  }
}

function phaseOf(answer) {
  if (answer.banned) return 'banned';
  if (answer.person && mayStay(answer)) return 'in';
  return answer.waiting ? 'waiting' : 'gate';
}

// Who came in with a name alone has to choose a password once the hub wants one: the gate takes it, and the name stays theirs.
function mayStay({ person, hub }) {
  return hub.mode !== 'login' || person.account || person.host;
}
