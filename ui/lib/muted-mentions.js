/** What people whom I muted say to me: the hub counts it, as it does not know of mutes, and the page does not. */
/** @import { Store } from './store.js' */
/** @import { Api, MentionEvent } from './types.d.ts' */

export class MutedMentions {
  #store;
  #api;

  /** @param {{ store: Store, api: Pick<Api, 'mentions'> }} parts */
  constructor({ store, api }) {
    this.#store = store;
    this.#api = api;
  }

  /** @param {Pick<MentionEvent, 'room' | 'of'>} mention */
  add({ room, of }) {
    const known = this.#store.mutedMentions;
    this.#store.setMutedMentions(new Map(known).set(room, [...known.get(room) ?? [], of]));
  }

  /** Finds out which of the unread ones are by muted people: some came while we were away, or others are muted now. */
  async review() {
    this.#store.setMutedMentions(new Map());
    if (!this.#store.mutes.people().size || !this.#store.mentions()) return;
    const page = await this.#api.mentions('').catch(() => null);
    for (const { room, n, who, by, unread } of page?.mentions ?? []) {
      if (unread && this.#store.isMuted({ who, by })) this.add({ room, of: n });
    }
  }
}
