/** The person who was last in this browser, for the join form. */
export class LastPerson {
  #memory;

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

  set(name, account = false) {
    this.#memory.set('name', name);
    this.#memory.set('account', account || undefined);
  }
}
