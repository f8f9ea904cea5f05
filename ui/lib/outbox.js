/**
 * Messages that the hub has not confirmed yet. One is in flight at a time, which preserves their order; every retry
 * carries the same key, so that nothing is saved twice. Survives a reload of the page.
 */
/** @import { Memory, OutboxEntry, Refusal, Unsent, UnsentFile } from './types.d.ts' */
const LATE = 5000; // ms after which a message that is not confirmed says so
const TIMEOUT = 8000; // ms after which the one in flight is sent again

// Others overtake a message whose files are not all there.
/** @param {Unsent} message */
const isWhole = ({ files }) => !files?.some(({ done }) => !done);

export class Outbox extends EventTarget {
  /** @type {OutboxEntry[]} */
  #entries;
  #memory;
  #deliver;
  #inFlight = ''; // a key
  #timer = 0;
  #retryTimer = 0;

  /**
   * `deliver(entry)` sends one and says whether it could; `memory` is an area of `storage.js`.
   * @param {{ memory: Memory, deliver: (entry: OutboxEntry) => boolean }} parts
   */
  constructor({ memory, deliver }) {
    super();
    this.#memory = memory;
    this.#deliver = deliver;
    const kept = memory.get('outbox', /** @type {OutboxEntry[]} */ ([]));
    const sound = kept.filter(({ key, room, text, files }) => key && room && (text || files));
    this.#entries = sound.map((entry) => this.#timed(entry));
  }

  entries() {
    return this.#entries;
  }

  /** @param {string} room */
  of(room) {
    return this.#entries.filter((entry) => entry.room === room);
  }

  /** The rooms with something to send. */
  rooms() {
    return [...new Set(this.#entries.filter(({ state }) => state === 'sending').map(({ room }) => room))];
  }

  /**
   * Drops what another person left in this tab.
   * @param {string} who
   */
  keepOnly(who) {
    this.#change(this.#entries.filter((entry) => entry.who === who));
  }

  /** @param {Unsent} entry */
  add(entry) {
    this.#change([...this.#entries, this.#timed({ ...entry, state: 'sending', why: '' })]);
    this.flush();
  }

  /**
   * The message with this key is saved.
   * @param {string} key
   */
  ack(key) {
    if (!this.#has(key)) return;
    this.#change(this.#entries.filter((entry) => entry.key !== key));
    this.#landed(key);
  }

  /**
   * The hub refused. Where it says how long to wait, in seconds, the message waits; else its writer decides.
   * @param {Pick<Refusal, 'code' | 'message' | 'retry_after'> & { key: string }} refusal
   */
  refuse({ key, code, message, retry_after: wait }) {
    if (!this.#has(key)) return;
    if (typeof wait === 'number' && code !== 'muted') {
      this.#update(key, (entry) => ({ ...entry, tried: false }));
      clearTimeout(this.#retryTimer);
      this.#retryTimer = setTimeout(() => this.#landed(key), Math.min(Math.max(wait, 0.1), 60) * 1000);
      clearTimeout(this.#timer);
      return;
    }
    const isLacking = code === 'no_such_file' || code === 'file_unfinished';
    this.#update(key, (entry) => ({
      ...entry, state: 'failed', why: message, tried: false,
      ...(isLacking && { files: entry.files?.map((file) => ({ ...file, done: false })) }),
    }));
    this.#landed(key);
  }

  /** @param {string} key */
  retry(key) {
    this.#update(key, (entry) => this.#timed({ ...entry, state: 'sending', why: '' }));
    this.flush();
  }

  /** @param {string} key */
  remove(key) {
    this.ack(key);
  }

  /**
   * Takes a message out, to be written anew or forgotten. One that is on its way stays, as the hub may have saved it:
   * then nothing is returned.
   * @param {string} key
   */
  take(key) {
    const entry = this.#entries.find((each) => each.key === key && !each.tried);
    if (entry) this.ack(key);
    return entry;
  }

  /**
   * Changes the files of the messages that wait for file `id`: `change(file)` gives what takes its place, or null. A
   * message that has nothing left is dropped.
   * @param {string} id
   * @param {(file: UnsentFile) => UnsentFile | null} change
   */
  changeFile(id, change) {
    if (!this.#entries.some(({ files }) => files?.some((file) => file.id === id))) return;
    const changed = this.#entries.map((entry) => {
      if (entry.tried || !entry.files?.some((file) => file.id === id)) return entry;
      const files = entry.files.flatMap((file) => (file.id === id ? change(file) ?? [] : file));
      return this.#timed({ ...entry, files: files.length ? files : undefined });
    });
    this.#change(changed.filter(({ text, files }) => text || files));
    this.flush();
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
    const canGo = (/** @type {OutboxEntry} */ entry) => entry.state === 'sending' && isWhole(entry);
    const entry = this.#entries.find((waiting) => canGo(waiting) && this.#deliver(waiting));
    if (!entry) return;
    this.#inFlight = entry.key;
    this.#update(entry.key, (each) => ({ ...each, tried: true }));
    this.#timer = setTimeout(() => {
      this.pause();
      this.dispatchEvent(new Event('stuck'));
    }, TIMEOUT);
  }

  /**
   * Raises `late` once when the entry is still being sent after a while.
   * @param {Omit<OutboxEntry, 'since'>} entry
   * @returns {OutboxEntry}
   */
  #timed({ late, ...entry }) {
    const since = Date.now();
    setTimeout(() => {
      const current = this.#entries.find(({ key }) => key === entry.key);
      if (current?.since !== since || current.state !== 'sending' || !isWhole(current)) return;
      this.#update(entry.key, (each) => ({ ...each, late: true }));
      this.dispatchEvent(new Event('late'));
    }, LATE);
    return { ...entry, since };
  }

  /** @param {string} key */
  #landed(key) {
    if (this.#inFlight !== key) return;
    this.pause();
    this.flush();
  }

  /** @param {string} key */
  #has(key) {
    return this.#entries.some((entry) => entry.key === key);
  }

  /**
   * @param {string} key
   * @param {(entry: OutboxEntry) => OutboxEntry} change
   */
  #update(key, change) {
    this.#change(this.#entries.map((entry) => (entry.key === key ? change(entry) : entry)));
  }

  /** @param {OutboxEntry[]} entries */
  #change(entries) {
    this.#entries = entries;
    this.#memory.set('outbox', entries.length ? entries : undefined);
    this.dispatchEvent(new Event('change'));
  }
}
