/** The people muted in this browser, kept separately for each person who uses it. */
/** @import { Author, Memory } from './types.d.ts' */
export class Mutes {
  #memory;
  #owner;
  /** @type {{ owner: string | null, people: Map<string, string> }} */
  #loaded = { owner: null, people: new Map() };

  /**
   * `owner()` is the id of that person, undefined before they are in.
   * @param {Memory} memory
   * @param {() => string | undefined} owner
   */
  constructor(memory, owner) {
    this.#memory = memory;
    this.#owner = owner;
  }

  /**
   * id -> name. Somebody who has not proved a name has the id `name:` and that name.
   * @returns {Map<string, string>}
   */
  people() {
    const owner = this.#owner() ?? '';
    if (this.#loaded.owner !== owner) this.#loaded = { owner, people: new Map(Object.entries(this.#read())) };
    return this.#loaded.people;
  }

  /** @param {Author} author */
  has({ who, by }) {
    return this.people().has(who ?? `name:${by}`);
  }

  /**
   * Mutes, or with no name unmutes.
   * @param {string} id
   * @param {string} [name]
   */
  set(id, name) {
    const { [id]: before, ...others } = this.#read();
    if (this.#owner()) this.#memory.set(this.#key(), name ? { ...others, [id]: name } : others);
    this.#loaded = { owner: null, people: new Map() };
  }

  /** @returns {Record<string, string>} */
  #read() {
    return this.#owner() ? this.#memory.get(this.#key(), {}) : {};
  }

  #key() {
    return `muted:${this.#owner()}`;
  }
}
