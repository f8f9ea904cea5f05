/** The last person to use this browser, remembered for the join form. */
/** @import { Memory } from './types.d.ts' */
export class LastPerson {
  #memory;

  /** @param {Memory} memory */
  constructor(memory) {
    this.#memory = memory;
  }

  name() {
    return this.#memory.get('name', '');
  }

  /** Whether that name has a password. */
  hasAccount() {
    return this.#memory.get('account', false);
  }

  /**
   * @param {string} name
   * @param {boolean} account
   */
  set(name, account = false) {
    this.#memory.set('name', name);
    this.#memory.set('account', account || undefined);
  }
}
