/**
 * What this person wrote and the hub has not yet confirmed. One message is in flight at a time, so that order holds;
 * every try carries the same key, so that nothing is said twice. Kept over a reload of the page.
 */
const LATE = 5000; // ms after which a message that is not confirmed says so
const TIMEOUT = 8000; // ms after which the one in flight is sent again

export class Outbox extends EventTarget {
  #entries;
  #memory;
  #deliver;
  #inFlight = ''; // a key
  #timer = 0;
  #retryTimer = 0;

  /** `deliver(entry)` sends one and says whether it could; `memory` is an area of `storage.js`. */
  constructor({ memory, deliver }) {
    super();
    this.#memory = memory;
    this.#deliver = deliver;
    const kept = memory.get('outbox', []).filter(({ key, room, text }) => key && room && text);
    this.#entries = kept.map((entry) => this.#timed(entry));
  }

  entries() {
    return this.#entries;
  }

  of(room) {
    return this.#entries.filter((entry) => entry.room === room);
  }

  /** The rooms with something to send. */
  rooms() {
    return [...new Set(this.#entries.filter(({ state }) => state === 'sending').map(({ room }) => room))];
  }

  /** Drops what another person left in this tab. */
  keepOnly(who) {
    this.#change(this.#entries.filter((entry) => entry.who === who));
  }

  add(entry) {
    this.#change([...this.#entries, this.#timed({ ...entry, state: 'sending', why: '' })]);
    this.flush();
  }

  /** The message with this key is saved. */
  ack(key) {
    if (!this.#has(key)) return;
    this.#change(this.#entries.filter((entry) => entry.key !== key));
    this.#landed(key);
  }

  /** The hub refused. Where it says how long to wait, in seconds, the message waits; else its writer decides. */
  refuse({ key, code, message, retry_after: wait }) {
    if (!this.#has(key)) return;
    if (typeof wait === 'number' && code !== 'muted') {
      clearTimeout(this.#retryTimer);
      this.#retryTimer = setTimeout(() => this.#landed(key), Math.min(Math.max(wait, 0.1), 60) * 1000);
      clearTimeout(this.#timer);
      return;
    }
    this.#update(key, (entry) => ({ ...entry, state: 'failed', why: message }));
    this.#landed(key);
  }

  retry(key) {
    this.#update(key, (entry) => this.#timed({ ...entry, state: 'sending', why: '' }));
    this.flush();
  }

  remove(key) {
    this.ack(key);
  }

  /** The connection is lost: what was in flight is sent again later. */
  pause() {
    clearTimeout(this.#timer);
    clearTimeout(this.#retryTimer);
    this.#inFlight = '';
  }

  /** Sends the next message that can be sent, unless one is in flight. */
  flush() {
    if (this.#inFlight) return;
    const entry = this.#entries.find((waiting) => waiting.state === 'sending' && this.#deliver(waiting));
    if (!entry) return;
    this.#inFlight = entry.key;
    this.#timer = setTimeout(() => {
      this.pause();
      this.dispatchEvent(new Event('stuck'));
    }, TIMEOUT);
  }

  // Raises `late` once when the entry is still being sent after a while.
  #timed({ late, ...entry }) {
    const since = Date.now();
    setTimeout(() => {
      const same = (each) => each.key === entry.key && each.since === since && each.state === 'sending';
      if (!this.#entries.some(same)) return;
      this.#update(entry.key, (each) => ({ ...each, late: true }));
      this.dispatchEvent(new Event('late'));
    }, LATE);
    return { ...entry, since };
  }

  #landed(key) {
    if (this.#inFlight !== key) return;
    this.pause();
    this.flush();
  }

  #has(key) {
    return this.#entries.some((entry) => entry.key === key);
  }

  #update(key, change) {
    this.#change(this.#entries.map((entry) => (entry.key === key ? change(entry) : entry)));
  }

  #change(entries) {
    this.#entries = entries;
    this.#memory.set('outbox', entries.length ? entries : undefined);
    this.dispatchEvent(new Event('change'));
  }
}
