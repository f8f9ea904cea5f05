/** What is done to a room rather than in it. Every action throws a Problem where the hub refuses it. */
export class RoomActions {
  #store;
  #api;
  #list;
  #leaving = new Set(); // rooms that we ourselves are leaving

  constructor({ store, api, list }) {
    this.#store = store;
    this.#api = api;
    this.#list = list;
  }

  /** Makes a private room or one for announcements; returns its name. */
  async make(room) {
    const made = await this.#api.makeRoom(room);
    await this.#list.refresh();
    return made.room;
  }

  /** Returns the name of the room for only me and one other. */
  direct(who) {
    return this.make({ kind: 'direct', whom: who });
  }

  async change(name, command) {
    await this.#api.change(name, command);
    this.#list.refreshSoon();
  }

  leave(name) {
    return this.#leave(name, () => this.#api.change(name, { do: 'remove', whom: this.#store.me.who }));
  }

  delete(name) {
    return this.#leave(name, () => this.#api.removeRoom(name));
  }

  /** We are no longer in a room; returns the sentence for the person at the page, '' where they left it themselves. */
  removed(name) {
    const title = this.#store.roomTitle(name);
    const known = this.#list.remove(name);
    const own = this.#leaving.delete(name);
    return known && !own ? `You are no longer in “${title}”.` : '';
  }

  async #leave(name, act) {
    this.#leaving.add(name);
    try {
      await act();
    } catch (problem) {
      this.#leaving.delete(name);
      throw problem;
    }
  }
}
