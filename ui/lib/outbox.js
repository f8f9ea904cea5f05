/**
 * What this person wrote and the hub has not yet confirmed. One message is on its way at a time, so that order holds;
 * every try bears the same key, so that nothing is said twice. Kept over a reload of the page.
 */
const LATE = 5000; // a message that is not saved by then says so
const PATIENCE = 8000;

export class Outbox extends EventTarget {
  #entries;
  #memory;
  #deliver;
  #flying = '';
  #timer = 0;
  #held = 0;

  /** `deliver(entry)` hands one over and says whether it could; `memory` is a `prefs` area. */
  constructor({ memory, deliver }) {
    super();
    this.#memory = memory;
    this.#deliver = deliver;
    this.#entries = memory.get('outbox', []).filter(({ key, room, text }) => key && room && text).map((entry) => this.#timed(entry));
  }

  of(room) {
    return this.#entries.filter((entry) => entry.room === room);
  }

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

  ack(key) {
    if (!this.#entries.some((entry) => entry.key === key)) return;
    this.#change(this.#entries.filter((entry) => entry.key !== key));
    this.#landed(key);
  }

  /** The hub refused; when it says how long to wait, the message waits, else it is for the writer to decide. */
  refuse({ key, code, message, retry_after: wait }) {
    if (!this.#entries.some((entry) => entry.key === key)) return;
    if (typeof wait === 'number' && code !== 'muted') {
      clearTimeout(this.#held);
      this.#held = setTimeout(() => this.#landed(key), Math.min(Math.max(wait, 0.1), 60) * 1000);
      clearTimeout(this.#timer);
      return;
    }
    this.#update(key, { state: 'failed', why: message });
    this.#landed(key);
  }

  retry(key) {
    this.#change(this.#entries.map((entry) => (entry.key === key ? this.#timed({ ...entry, state: 'sending', why: '' }) : entry)));
    this.flush();
  }

  remove(key) {
    this.ack(key);
  }

  /** The way to the hub is gone: what was on its way goes again later. */
  pause() {
    clearTimeout(this.#timer);
    clearTimeout(this.#held);
    this.#flying = '';
  }

  flush() {
    if (this.#flying) return;
    const entry = this.#entries.find((waiting) => waiting.state === 'sending' && this.#deliver(waiting));
    if (!entry) return;
    this.#flying = entry.key;
    this.#timer = setTimeout(() => {
      this.pause();
      this.dispatchEvent(new Event('stuck'));
    }, PATIENCE);
  }

  // Says `late` once when the entry is still on its way after a while.
  #timed({ late, ...entry }) {
    const since = Date.now();
    setTimeout(() => {
      if (!this.#entries.some((each) => each.key === entry.key && each.since === since && each.state === 'sending')) return;
      this.#update(entry.key, { late: true });
      this.dispatchEvent(new Event('late'));
    }, LATE);
    return { ...entry, since };
  }

  #landed(key) {
    if (this.#flying !== key) return;
    this.pause();
    this.flush();
  }

  #update(key, change) {
    this.#change(this.#entries.map((entry) => (entry.key === key ? { ...entry, ...change } : entry)));
  }

  #change(entries) {
    this.#entries = entries;
    this.#memory.set('outbox', entries.length ? entries : undefined);
    this.dispatchEvent(new Event('change'));
  }
}
