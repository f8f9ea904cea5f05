/** The conductor: what people do becomes commands and pages asked for. Knows no DOM. */
import { Account } from './account.js';
import { Asks } from './pending.js';
import { Desk } from './host-panel.js';
import { Door } from './session.js';
import { Hearing } from './events.js';
import { newKey } from './random-key.js';
import { Places } from './room-list.js';
import { Reading } from './history.js';
import { Room } from './room.js';

const FAR = 400; // further behind than this, start over with the last page instead of replaying
const CACHED = 8;
const SEEN_EVERY = 1000;
const LIST_EVERY = 10000; // where the hub cannot tell by itself that a room moved on

export class Chat {
  #store;
  #link;
  #pages;
  #outbox;
  #asks;
  #hearing;
  #rooms = new Map(); // every Room held, the latest opened last
  #wanted = 'general';
  #lists = 0;

  constructor({ store, link, pages, outbox, ask, attentive = () => true, ...rest }) {
    this.#store = store;
    this.#link = link;
    this.#pages = pages;
    this.#outbox = outbox;
    this.#asks = new Asks((command) => link.send(command));
    this.door = new Door({ store, pages, came: (person) => this.#came(person), went: () => this.#went(), ask, ...rest });
    this.places = new Places({ store, pages, ahead: (room, n) => link.send({ do: 'seen', room, n }) });
    this.desk = new Desk({ store, pages, demoted: () => this.door.refresh() });
    this.account = new Account({ store, pages, be: (changes) => this.door.be(changes) });
    this.reading = new Reading({ store, pages, loaded: (room, events) => this.#loaded(room, events), refused: ({ message }) => this.door.ended(message) });
    this.#hearing = new Hearing({
      store, link, outbox, attentive, asks: this.#asks, rooms: this.#rooms, places: this.places,
      behind: (room) => this.reading.load(room), gone: (name) => this.#gone(name), host: () => this.#hostNews(),
    });
    store.outbox = outbox;
    outbox.addEventListener('change', () => store.changed('outbox'));
    outbox.addEventListener('late', () => link.prove());
    outbox.addEventListener('stuck', () => link.renew());
    link.addEventListener('state', ({ detail }) => this.#linkIs(detail));
    link.addEventListener('welcome', ({ detail }) => this.#welcomed(detail));
    link.addEventListener('event', ({ detail }) => this.#hearing.hear(detail));
    link.addEventListener('ended', ({ detail }) => this.door.ended(detail.reason));
  }

  /** Finds out who we are, then enters `room` or asks for a name. */
  start(room, brought) {
    this.#wanted = room;
    return this.door.start(brought);
  }

  async open(name) {
    this.#wanted = name;
    const { room: before } = this.#store;
    if (before?.name === name) return;
    if (before && !this.#outbox.of(before.name).length) this.#link.leave(before.name);
    const room = this.#room(name);
    const read = this.#store.readOf(name);
    const last = Math.max(room.last, this.#store.rooms.get(name)?.last ?? 0);
    room.read = read ?? room.read;
    room.divider = read !== null && read < last ? read : 0;
    room.following = true;
    this.#store.room = room;
    this.#store.keepRoom();
    for (const topic of ['room', 'log', 'people', 'rooms']) this.#store.changed(topic);
    this.places.soon();
    await this.#catchUp(room);
  }

  say(text, re) {
    const { room, me } = this.#store;
    room.divider = 0;
    this.#outbox.add({ key: newKey(), room: room.name, text, re, by: me.name, who: me.who, at: new Date().toISOString(), after: room.last });
    this.reading.newest();
  }

  /** Edits, erases, reactions, pins and topics. Throws a Problem when it was not done. */
  act(command) {
    return this.#asks.ask({ ...command, room: this.#store.room.name });
  }

  typing() {
    this.#link.send({ do: 'typing', room: this.#store.room.name });
  }

  /** The reader has seen everything up to the end of the room. */
  seen() {
    const { room } = this.#store;
    if (!room?.ready || !room.attached) return;
    if (room.last > room.read || this.#store.unreadOf(room.name)) {
      room.read = room.last;
      this.#store.setRead(room.name, room.last);
      this.#store.count(room.name, { ...this.#store.rooms.get(room.name), unread: 0 });
      this.#store.changed('rooms');
    }
    this.#tellSeen(room);
  }

  // A room where many talk at once is no reason to answer each of them.
  #tellSeen(room) {
    if (room.telling || room.read <= room.told) return;
    if (!this.#link.send({ do: 'seen', room: room.name, n: room.read })) return;
    room.told = room.read;
    room.telling = setTimeout(() => {
      room.telling = 0;
      this.#tellSeen(room);
    }, SEEN_EVERY);
  }

  invite() {
    return this.#pages.invite(this.#store.room.name);
  }

  #room(name) {
    const room = this.#rooms.get(name) ?? new Room(name, { muted: (message) => this.#store.isMuted(message) });
    this.#rooms.delete(name);
    this.#rooms.set(name, room);
    for (const old of this.#rooms.keys()) {
      if (this.#rooms.size <= CACHED) break;
      if (!this.#outbox.of(old).length) this.#rooms.delete(old);
    }
    return room;
  }

  #came(person) {
    this.#outbox.keepOnly(person.who);
    this.#link.start();
    this.open(this.#wanted);
    if (person.host) this.desk.refresh();
  }

  #went() {
    this.#link.stop();
    this.#rooms.clear();
    this.#outbox.keepOnly('');
    this.desk.clear();
    Object.assign(this.#store, { room: null, rooms: new Map(), mutedUntil: 0, returns: [] });
    for (const topic of ['room', 'rooms', 'log', 'panel']) this.#store.changed(topic);
  }

  // We are no longer in a private room, or it is no more.
  #gone(name) {
    const why = this.places.gone(name);
    this.#rooms.delete(name);
    this.#link.drop(name);
    for (const { key } of this.#outbox.of(name)) this.#outbox.remove(key);
    if (why) this.#store.tell(why);
    if (this.#store.room?.name === name) this.#store.leave();
  }

  #hostNews() {
    if (this.#store.me.host) this.desk.soon();
    else this.door.refresh();
  }

  #linkIs(state) {
    this.#store.link = state;
    if (state !== 'live' && state !== 'polling') this.#outbox.pause();
    clearInterval(this.#lists);
    if (state === 'polling') this.#lists = setInterval(() => this.places.refresh(), LIST_EVERY);
    this.#store.changed('link');
  }

  async #welcomed({ name, who, read = {} }) {
    this.#outbox.pause();
    this.#store.returns = []; // who asks is told anew
    this.#store.changed('returns');
    const { me, room } = this.#store;
    if (name && me && (me.name !== name || me.who !== who)) {
      this.#store.me = { ...me, name, who };
      this.#store.changed('phase');
    }
    for (const held of this.#rooms.values()) held.told = read[held.name] ?? 0;
    for (const [of, n] of Object.entries(read)) if (n > (this.#store.readOf(of) ?? -1)) this.#store.setRead(of, n);
    await this.places.refresh({ afresh: true });
    if (me?.host) this.desk.soon();
    const none = room?.problem?.code === 'no_such_room' && !this.#store.rooms.has(room.name); // as the list says too
    for (const each of new Set([none ? '' : room?.name, ...this.#outbox.rooms()])) {
      if (each) this.#catchUp(this.#rooms.get(each) ?? this.#unsent(each));
    }
  }

  // A room that is not on view but has something to send: joined where the first of it was written, so that the
  // answer to an earlier try is among what is replayed.
  #unsent(name) {
    const room = this.#room(name);
    room.last = Math.min(...this.#outbox.of(name).map(({ after }) => after ?? 0));
    return room;
  }

  async #catchUp(room) {
    if (this.#link.asked(room.name)) return undefined;
    const { last = room.last } = this.#store.rooms.get(room.name) ?? {};
    const far = last < room.last || last > room.last + FAR;
    if (room === this.#store.room && (!room.ready || (room.following && (far || !room.attached)))) return this.reading.load(room);
    if (far) room.skipTo(last); // the reader stays where they are and finds the rest by scrolling
    return this.#link.join(room.name, room.last);
  }

  #loaded(room, events) {
    for (const { key } of events) if (key) this.#outbox.ack(key);
    if (room === this.#store.room || this.#outbox.of(room.name).length) this.#link.join(room.name, room.last);
  }
}
