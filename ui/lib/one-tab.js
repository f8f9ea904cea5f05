/**
 * Of several tabs of this hub in a browser, one acts. Works on plain http too, where there are no locks: each tab tells
 * the others its lot, and whoever has the highest acts.
 */
const WAIT = 200; // ms for the lots of the others
const SETTLED = 2; // higher than any lot
const PAUSE = 4000; // ms after one acted in which none does

export class OneTab {
  #channel;
  #chance;
  /** @type {Map<string, number>} */
  #lots = new Map(); // by what it is about: the highest of others
  #acted = -Infinity; // when any of us did, in ms

  /**
   * `channel` joins the tabs; `chance()` gives 0 to 1.
   * @param {{ channel?: Pick<BroadcastChannel, 'postMessage' | 'onmessage'> | null, chance?: () => number }} [parts]
   */
  constructor({ channel = globalThis.BroadcastChannel ? new BroadcastChannel('hearth-alerts') : null,
    chance = Math.random } = {}) {
    this.#channel = channel;
    this.#chance = chance;
    if (channel) channel.onmessage = ({ data }) => this.#heard(data);
  }

  /**
   * Resolves to whether this tab is to act on something. All tabs ask about it, sooner or later.
   * @param {string} id
   */
  async acts(id) {
    if (this.#isTooSoon() || this.#lots.get(id) === SETTLED) return false;
    const lot = this.#chance();
    this.#channel?.postMessage({ id, lot });
    await new Promise((done) => setTimeout(done, WAIT));
    if ((this.#lots.get(id) ?? -1) >= lot || this.#isTooSoon()) return false;
    this.#acted = Date.now();
    this.#channel?.postMessage({ id, lot: SETTLED, acted: true }); // for those who hear of it later
    return true;
  }

  /**
   * Somebody looks at this tab: none is to act.
   * @param {string} id
   */
  settle(id) {
    this.#channel?.postMessage({ id, lot: SETTLED });
  }

  #isTooSoon() {
    return Date.now() - this.#acted < PAUSE;
  }

  /** @param {{ id: string, lot: number, acted?: boolean }} told */
  #heard({ id, lot, acted }) {
    if (acted) this.#acted = Date.now();
    if (this.#lots.size > 100) this.#lots.clear();
    this.#lots.set(id, Math.max(lot, this.#lots.get(id) ?? 0));
  }
}
