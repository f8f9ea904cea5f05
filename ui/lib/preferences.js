/**
 * What a person set for themself. The hub keeps it, the same on all their devices; what is set here counts at once and
 * is sent as soon as that is possible, together with what else was set meanwhile.
 */
/** @import { Store } from './store.js' */
/** @import { Api, MergePatch, Preferences } from './types.d.ts' */

const AGAIN = 5000; // ms until what could not be sent is tried again

export class PreferencesKeeper {
  #store;
  #api;
  /** @type {Preferences} */
  #kept = {}; // as the hub has them
  /** @type {MergePatch | null} */
  #sending = null;
  /** @type {MergePatch} */
  #waiting = {};
  /** @type {Set<MergePatch[]>} */
  #missed = new Set(); // for each answer that is waited for, what was heard meanwhile
  #session = 0; // whose answers count
  #timer = 0;

  /** @param {{ store: Store, api: Pick<Api, 'preferences' | 'changePreferences'> }} parts */
  constructor({ store, api }) {
    this.#store = store;
    this.#api = api;
  }

  /**
   * Takes what the hub has.
   * @param {Preferences} preferences
   */
  take(preferences) {
    this.#kept = preferences;
    this.#show();
  }

  /**
   * They were changed, perhaps on another device.
   * @param {MergePatch} patch
   */
  heard(patch) {
    for (const missed of this.#missed) missed.push(patch);
    this.take(mergePatch(this.#kept, patch));
  }

  /** Asks the hub what it has: something may have been changed while we were away. */
  async refresh() {
    const session = this.#session;
    const preferences = await this.#answer(this.#api.preferences()).catch(() => null);
    if (preferences && session === this.#session) this.take(preferences);
  }

  /** @param {MergePatch} patch */
  change(patch) {
    this.#waiting = joinPatches(this.#waiting, patch);
    this.#show();
    this.#send();
  }

  /** The page is left: what waits for an answer of the hub goes at once. */
  leave() {
    const waiting = this.#waiting;
    this.#waiting = {};
    if (Object.keys(waiting).length) this.#api.changePreferences(waiting).catch(() => null);
  }

  /** The person is out again. */
  clear() {
    clearTimeout(this.#timer);
    this.#session += 1;
    [this.#sending, this.#waiting] = [null, {}];
    this.take({});
  }

  async #send() {
    if (this.#sending || !Object.keys(this.#waiting).length) return;
    clearTimeout(this.#timer);
    const session = this.#session;
    const sending = this.#waiting;
    [this.#sending, this.#waiting] = [sending, {}];
    const answer = this.#answer(this.#api.changePreferences(sending));
    const [kept, problem] = await answer.then((all) => [all], (why) => [null, why]);
    if (session !== this.#session) return;
    this.#sending = null;
    if (kept) {
      this.#kept = kept;
    } else if ([400, 401, 403, 422].includes(problem.status)) {
      this.#store.notify(problem.message);
    } else {
      this.#waiting = joinPatches(sending, this.#waiting);
      this.#timer = setTimeout(() => this.#send(), (problem.retryAfter ?? 0) * 1000 || AGAIN);
      return;
    }
    this.#show();
    this.#send();
  }

  // What the hub answers may be older than what was heard of since it was asked, which holds.
  /** @param {Promise<Preferences>} asked */
  async #answer(asked) {
    /** @type {MergePatch[]} */
    const missed = [];
    this.#missed.add(missed);
    try {
      return missed.reduce(mergePatch, await asked);
    } finally {
      this.#missed.delete(missed);
    }
  }

  #show() {
    this.#store.setPreferences(mergePatch(mergePatch(this.#kept, this.#sending ?? {}), this.#waiting));
  }
}

/**
 * An object with a JSON merge patch applied, as RFC 7396 says.
 * @param {{ [name: string]: any }} old
 * @param {MergePatch} patch
 */
export function mergePatch(old, patch) {
  const merged = { ...old };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = isObject(value) ? mergePatch(isObject(old[name]) ? old[name] : {}, value) : value;
  }
  return merged;
}

/**
 * The patch that does what two do one after the other.
 * @param {MergePatch} first
 * @param {MergePatch} second
 */
function joinPatches(first, second) {
  const joined = { ...first };
  for (const [name, value] of Object.entries(second)) {
    const before = joined[name];
    joined[name] = isObject(before) && isObject(value) ? joinPatches(before, value) : value;
  }
  return joined;
}

/**
 * @param {unknown} value
 * @returns {value is MergePatch}
 */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
