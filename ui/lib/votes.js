/** The votes of one poll: as the hub told them, and live from then on. Pure. */
/** @import { Message, RoomEvent, VotesAnswer } from './types.d.ts' */

/**
 * A poll and its count: of each answer the people who chose it.
 * @typedef {{ answer: string, people: { who: string, name: string }[] }} Choice
 */

export class Votes {
  ready = false; // it is known
  stale = true; // but there may be more
  ended = false;
  #last = 0; // the event up to which it is known
  /** @type {Map<string, { name: string, choice: number[] }>} */
  #votes = new Map(); // who -> what they chose last

  /** @param {VotesAnswer} answer */
  takeAll({ ended, votes, last }) {
    if (last < this.#last) return; // what came live is newer
    this.#votes = new Map(votes.map(({ who, name, choice }) => [who, { name, choice }]));
    Object.assign(this, { ready: true, stale: false, ended });
    this.#last = last;
  }

  /**
   * Takes a live event about this poll; says whether it changes anything.
   * @param {RoomEvent} event
   */
  take(event) {
    if (event.n <= this.#last) return false;
    this.#last = event.n;
    if (!this.ready) return false; // the answer that is on its way may be older: then it is asked for again
    if (event.do === 'end') this.ended = true;
    else if (event.do !== 'vote' || !event.who || this.ended) return false;
    else if (event.choice.length) this.#votes.set(event.who, { name: event.by, choice: event.choice });
    else this.#votes.delete(event.who);
    return true;
  }

  /** How many people have voted. */
  get count() {
    return this.#votes.size;
  }

  /**
   * The numbers of the answers that somebody chose.
   * @param {string | undefined} who
   */
  of(who) {
    return this.#votes.get(who ?? '')?.choice ?? [];
  }

  /**
   * The answers in order, each with who chose it.
   * @param {string[]} answers
   * @returns {Choice[]}
   */
  tally(answers) {
    const found = answers.map((answer) => ({ answer, people: /** @type {Choice['people']} */ ([]) }));
    for (const [who, { name, choice }] of this.#votes) {
      for (const n of choice) found[n - 1]?.people.push({ who, name });
    }
    return found;
  }
}
