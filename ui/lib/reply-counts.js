/** How many messages answer each one that is held: as pages of history tell it, and live from then on. */
/** @import { Page, RoomEvent } from './types.d.ts' */

export class ReplyCounts {
  /** @type {Map<number, { count: number, until: number }>} */
  #counts = new Map(); // n -> how many answers there are up to the event `until`

  /** @param {number} n */
  of(n) {
    return this.#counts.get(n)?.count ?? 0;
  }

  /** @param {Page} page */
  takePage({ events, replies = [], last }) {
    const told = new Map(replies);
    for (const { n } of events) this.#counts.set(n, { count: told.get(n) ?? 0, until: last });
  }

  /**
   * Takes a live event. What it answers may not be held: then its page will tell.
   * @param {RoomEvent} event
   */
  take(event) {
    if (event.do !== 'say') return;
    const { n, re = 0 } = event;
    this.#counts.set(n, { count: 0, until: n });
    const { count, until } = this.#counts.get(re) ?? { count: 0, until: Infinity };
    if (re < n && n > until) this.#counts.set(re, { count: count + 1, until: n });
  }

  clear() {
    this.#counts.clear();
  }
}
