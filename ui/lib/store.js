/** What the page knows, and who wants to hear when it changes. Parts read it; only `chat` writes it. */
import { kept } from './prefs.js';

export class Store extends EventTarget {
  phase = 'starting'; // starting, gate (a name is asked for), in, out (not let in)
  reason = ''; // why `out`
  me = null; // {who, name}
  hub = { name: 'Hearth', version: '', mode: 'open' };
  limits = { message_bytes: 16384 };
  link = 'idle';
  room = null; // the Room on view
  rooms = new Map(); // name -> {name, topic, last, at, here}
  outbox = null;
  #reads;
  #memory;

  constructor(memory = kept) {
    super();
    this.#memory = memory;
    this.#reads = memory.get('reads', {});
  }

  /** Topics: phase, link, room, rooms, log, people, typing, outbox. */
  changed(topic) {
    this.dispatchEvent(new Event(topic));
  }

  watch(topics, hear) {
    for (const topic of topics) this.addEventListener(topic, hear);
    return () => topics.forEach((topic) => this.removeEventListener(topic, hear));
  }

  /** One short sentence for the person at the page. */
  tell(text) {
    this.dispatchEvent(new CustomEvent('notice', { detail: text }));
  }

  /** Asks the message list to show message `n`. */
  show(n) {
    this.dispatchEvent(new CustomEvent('show', { detail: n }));
  }

  /** The name last used in this browser. */
  knownAs() {
    return this.#memory.get('name', '');
  }

  callMe(name) {
    this.#memory.set('name', name);
  }

  readOf(name) {
    return Object.hasOwn(this.#reads, name) ? Number(this.#reads[name]) : null;
  }

  setRead(name, n) {
    this.#reads = { ...this.#memory.get('reads', {}), [name]: n };
    this.#memory.set('reads', this.#reads);
  }

  unreadOf(name) {
    if (name === this.room?.name) return this.room.unread(this.me?.who);
    const { last = 0 } = this.rooms.get(name) ?? {};
    return Math.max(0, last - (this.readOf(name) ?? last));
  }

  unread() {
    let sum = 0;
    for (const name of new Set([...this.rooms.keys(), this.room?.name ?? ''])) sum += this.unreadOf(name);
    return sum;
  }

  outgoing() {
    return this.outbox?.of(this.room?.name) ?? [];
  }
}

export const store = new Store();
