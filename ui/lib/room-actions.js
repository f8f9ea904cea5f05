/** Actions on a room as a whole. Each throws a Problem where the hub refuses it. */
/** @import { RoomList } from './room-list.js' */
/** @import { Store } from './store.js' */
/** @import { Api, NewRoom, RoomCommand, Without } from './types.d.ts' */
export class RoomActions {
  #store;
  #api;
  #list;
  /** @type {Set<string>} */
  #leaving = new Set(); // rooms that we ourselves are leaving

  /** @param {{ store: Store, api: Api, list: RoomList }} parts */
  constructor({ store, api, list }) {
    this.#store = store;
    this.#api = api;
    this.#list = list;
  }

  /**
   * Makes a private room or one for announcements; returns its name.
   * @param {NewRoom} room
   */
  async make(room) {
    const made = await this.#api.makeRoom(room);
    await this.#list.refresh();
    return made.room;
  }

  /**
   * Returns the name of the room for only me and one other.
   * @param {string} who
   */
  direct(who) {
    return this.make({ kind: 'direct', whom: who });
  }

  /**
   * @param {string} name
   * @param {Without<RoomCommand, 'room'>} command
   */
  async change(name, command) {
    await this.#api.change(name, command);
    this.#list.refreshSoon();
  }

  /** @param {string} name */
  leave(name) {
    return this.#leave(name, () => this.#api.change(name, { do: 'remove', whom: this.#store.me?.who ?? '' }));
  }

  /** @param {string} name */
  delete(name) {
    return this.#leave(name, () => this.#api.removeRoom(name));
  }

  /**
   * We are no longer in a room; returns the sentence for the person at the page, '' where they left it themselves.
   * @param {string} name
   */
  removed(name) {
    const title = this.#store.roomTitle(name);
    const known = this.#list.remove(name);
    const own = this.#leaving.delete(name);
    return known && !own ? `You are no longer in “${title}”.` : '';
  }

  /**
   * @param {string} name
   * @param {() => Promise<unknown>} act
   */
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
