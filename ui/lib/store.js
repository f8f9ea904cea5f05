/** What the page knows, and who wants to hear when it changes. Parts read it; only `chat` writes it. */
import { browserStorage } from './storage.js';

const OPENED = 50; // so many rooms without a message are remembered

export class Store extends EventTarget {
  phase = 'starting'; // starting, gate (a name is asked for), waiting (for a host), asking (whether it is us), in, banned, out (not let in)
  reason = ''; // why we are at the gate again, or `out`
  before = null; // {name, title, here} of the room that the gate leads to, where a stranger may know
  me = null; // {who, name, account, host}
  host = false; // this browser is a host's, even before its name is known
  brought = { code: false, invite: false }; // what the address bore
  hub = { name: 'Hearth', version: '', mode: 'open' };
  back = { name: '', heard: true }; // whom we asked to come back as, and whether somebody hears it
  returns = []; // who asks to come back as us: {id, agent, address}
  limits = { message_bytes: 16384, name_characters: 40 };
  connection = 'idle';
  room = null; // the Room on view
  rooms = new Map(); // name -> {name, kind, title, topic, last, said, read, unread, at, here, may_write, owner?, archived?, closed?, slow?, with?}
  panel = null; // what the hub shows to hosts
  mutedUntil = 0; // ms; known once the hub has refused
  outbox = null;
  #reads;
  #muted = {};
  #memory;

  constructor(memory = browserStorage) {
    super();
    this.#memory = memory;
    this.#reads = memory.get('reads', {});
  }

  /** Topics: phase, connection, room, rooms, log, people, typing, waits, outbox, panel, pins, mutes, returns. */
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

  /** What was told no longer matters. */
  untell(text) {
    this.dispatchEvent(new CustomEvent('settled', { detail: text }));
  }

  /** Asks the message list to show message `n`, or with 0 where the room begins. */
  show(n) {
    this.dispatchEvent(new CustomEvent('show', { detail: n }));
  }

  /** The room on view is no longer ours to see. */
  leave() {
    this.dispatchEvent(new Event('left'));
  }

  /** The name last used in this browser. */
  knownAs() {
    return this.#memory.get('name', '');
  }

  /** `account`: the name has a password. */
  callMe(name, account = false) {
    this.#memory.set('name', name);
    this.#memory.set('account', account || undefined);
  }

  /** Whether who was last in this browser can log in again. */
  hadAccount() {
    return this.#memory.get('account', false);
  }

  /** What the list says of a room, or what there is to say of one that is not in it. */
  placeOf(name) {
    const kind = /^private-/.test(name) ? 'private' : /^dm-/.test(name) ? 'direct' : 'public';
    return { name, topic: '', may_write: true, ...this.rooms.get(name), kind: this.rooms.get(name)?.kind ?? kind, title: this.titleOf(name) };
  }

  /** How people call a room. */
  titleOf(name) {
    const title = this.rooms.get(name)?.title;
    return title || (/^private-/.test(name) ? 'Private room' : /^dm-/.test(name) ? 'Direct message' : name);
  }

  /** How many people ask a host to be let in. */
  asking() {
    return this.panel ? this.panel.people.filter(({ waiting }) => waiting).length + this.panel.returns.length : 0;
  }

  /** Up to which n a room was read, here or, as far as the hub told, elsewhere; null where neither is known. */
  readOf(name) {
    return Object.hasOwn(this.#reads, name) ? Number(this.#reads[name]) : (this.rooms.get(name)?.read ?? null);
  }

  setRead(name, n) {
    this.#reads = { ...this.#memory.get('reads', {}), [name]: n };
    this.#memory.set('reads', this.#reads);
  }

  /** What the hub counts in a room up to its event `last`; nothing is left where this browser has read as far, which the hub may not know. */
  count(name, { last, said, unread }) {
    const place = this.rooms.get(name);
    if (place) this.rooms.set(name, { ...place, last, said, unread: this.readOf(name) === last ? 0 : unread });
  }

  /** How many messages of others nobody who is me has read. */
  unreadOf(name) {
    return this.rooms.get(name)?.unread ?? 0;
  }

  /** How much of that is meant for me: all of a talk of two, elsewhere what names me, as far as it is known here. */
  callsOf(name) {
    const { kind, with: other } = this.placeOf(name);
    if (kind === 'direct') return this.isMuted({ who: other }) ? 0 : this.unreadOf(name);
    return name === this.room?.name && this.me ? this.room.calls(this.me) : 0;
  }

  unread() {
    let sum = 0;
    for (const name of this.rooms.keys()) sum += this.unreadOf(name);
    return sum;
  }

  /** Whom this browser hides from me: id -> name. Who has not proved a name is known by it. */
  muted() {
    const { who = '' } = this.me ?? {};
    if (this.#muted.who !== who) this.#muted = { who, people: new Map(Object.entries(this.#mine('muted', {}))) };
    return this.#muted.people;
  }

  isMuted({ who, by }) {
    return this.muted().has(who ?? `name:${by}`);
  }

  /** With a name they are hidden from now on, without one they no longer are. */
  setMuted(id, name) {
    const { [id]: before, ...others } = this.#mine('muted', {});
    this.#setMine('muted', name ? { ...others, [id]: name } : others);
    this.#muted = {};
    for (const topic of ['mutes', 'log', 'rooms']) this.changed(topic);
  }

  /** Public rooms that were opened here and in which nothing was said: the hub does not know of them. */
  opened() {
    return this.#mine('opened', []).filter((name) => !this.rooms.has(name));
  }

  /** The room on view stays in the list, though nobody says anything in it. */
  keepRoom() {
    const { name, problem } = this.room ?? {};
    const unsaid = name && !problem && name !== 'general' && !this.rooms.has(name) && this.placeOf(name).kind === 'public';
    this.#setMine('opened', [...new Set([...this.opened(), ...(unsaid ? [name] : [])])].slice(-OPENED));
  }

  dropRoom(name) {
    this.#setMine('opened', this.opened().filter((other) => other !== name));
    this.changed('rooms');
  }

  // What is kept for me, and not for whoever else uses this browser.
  #mine(what, fallback) {
    return this.me ? this.#memory.get(`${what}:${this.me.who}`, fallback) : fallback;
  }

  #setMine(what, value) {
    if (this.me) this.#memory.set(`${what}:${this.me.who}`, value);
  }

  outgoing() {
    return this.outbox?.of(this.room?.name) ?? [];
  }
}

export const store = new Store();
