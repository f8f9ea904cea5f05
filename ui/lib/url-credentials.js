/** The credentials that the address carried: a ticket and a link, used up at once, others for the join form. */
/** @import { Handover } from './handover.js' */
/** @import { Api, Confirm, UrlParts } from './types.d.ts' */
export class UrlCredentials {
  #api;
  #confirm;
  #handover;
  /** @type {UrlParts} */
  #held = {};

  /**
   * `confirm(question)` resolves to whether the person says yes; `handover` knows the states of links.
   * @param {{ api: Api, confirm: Confirm, handover: Handover }} parts
   */
  constructor({ api, confirm, handover }) {
    this.#api = api;
    this.#confirm = confirm;
    this.#handover = handover;
  }

  /**
   * Adds what `takeFragment` found.
   * @param {UrlParts} found
   */
  add(found) {
    this.#held = { ...this.#held, ...found };
  }

  /** What to send with a name: {code?, invite?}. */
  get forJoin() {
    const { code, invite } = this.#held;
    return { code, invite };
  }

  clear() {
    this.#held = {};
  }

  /** Uses up a ticket and a link; returns why one of them did not work, or ''. Throws where the hub is away. */
  async redeem() {
    const { ticket, link, state, to } = this.#held;
    let why = '';
    try {
      if (ticket) await this.#api.redeem(ticket);
      if (link && state && !this.#handover.expects(state)) why = 'That link was not asked for here. Say your name.';
      else if (link) await this.#follow(link, state);
    } catch (problem) {
      if (!problem.status) throw problem; // not reached: they are still good
      if (link) why = problem.message; // a ticket that was used up is no misfortune
    }
    delete this.#held.ticket;
    delete this.#held.link;
    if (link && state) this.#handover.end();
    if (!to) delete this.#held.state;
    return why;
  }

  /** Takes the address that sent us here to find out who we are: {to, state}, or {} where none did. */
  takeHandover() {
    const { to, state } = this.#held;
    delete this.#held.to;
    delete this.#held.state;
    return { to, state };
  }

  /**
   * A link makes this browser somebody else: never without asking a person who is in already.
   * @param {string} link
   * @param {string} [state]
   */
  async #follow(link, state) {
    try {
      await this.#api.follow(link, false, state);
    } catch (problem) {
      if (problem.code !== 'already_in') throw problem;
      const text = `${problem.message} This link makes this browser somebody else. Go on only if you made it yourself.`;
      if (await this.#confirm({ title: 'Be somebody else here?', text, yes: 'Go on' })) {
        await this.#api.follow(link, true, state);
      }
    }
  }
}
