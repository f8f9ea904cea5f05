/** One's own name, password, devices and tokens. Every deed throws a Problem when it was not done. */
export class Account {
  #store;
  #pages;
  #be;

  /** `be(changes)` is told what is different about me. */
  constructor({ store, pages, be }) {
    this.#store = store;
    this.#pages = pages;
    this.#be = be;
  }

  async claim(password) {
    await this.#pages.claim(password);
    this.#be({ account: true });
  }

  async rename(name) {
    this.#be(await this.#pages.rename(name));
  }

  password(old, fresh) {
    return this.#pages.changePassword(old, fresh);
  }

  devices() {
    return this.#pages.devices();
  }

  end(device) {
    return this.#pages.endDevice(device);
  }

  phone() {
    return this.#pages.linkDevice();
  }

  token(purpose) {
    return this.#pages.makeToken(purpose);
  }

  people(like) {
    return this.#pages.people(like);
  }
}
