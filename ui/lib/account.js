/** One's own name, password, devices and tokens. Every deed throws a Problem when it was not done. */
export class Account {
  #store;
  #api;
  #be;

  /** `be(changes)` is told what is different about me. */
  constructor({ store, api, be }) {
    this.#store = store;
    this.#api = api;
    this.#be = be;
  }

  async claim(password) {
    await this.#api.claim(password);
    this.#be({ account: true });
  }

  async rename(name) {
    this.#be(await this.#api.rename(name));
  }

  password(old, fresh) {
    return this.#api.changePassword(old, fresh);
  }

  devices() {
    return this.#api.devices();
  }

  end(device) {
    return this.#api.endDevice(device);
  }

  phone() {
    return this.#api.linkDevice();
  }

  token(purpose) {
    return this.#api.makeToken(purpose);
  }

  people(like) {
    return this.#api.people(like);
  }
}
