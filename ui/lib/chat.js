/** The conductor: what people do becomes commands and requests. Knows no DOM. */
import { Account } from './account.js';
import { PendingCommands } from './pending.js';
import { HostPanel } from './host-panel.js';
import { Session } from './session.js';
import { EventHandler } from './events.js';
import { newKey } from './random-key.js';
import { RoomList } from './room-list.js';
import { History } from './history.js';
import { Room } from './room.js';

const FAR = 400; // further behind than this, start over with the last page instead of replaying
const CACHED = 8;
const SEEN_EVERY = 1000;
const LIST_EVERY = 10000; // where the hub cannot tell by itself that a room moved on

export class Chat {
  #store;
  #connection;
  #api;
  #outbox;
  #pending;
  #events;
  #rooms = new Map(); // every Room held, the latest opened last
  #wanted = 'general';
  #lists = 0;

  constructor({ store, connection, api, outbox, ask, attentive = () => true, ...rest }) {
    this.#store = store;
    this.#connection = connection;
    this.#api = api;
    this.#outbox = outbox;
    this.#pending = new PendingCommands((command) => connection.send(command));
    this.session = new Session({ store, api, came: (person) => this.#came(person), went: () => this.#went(), ask, ...rest });
    this.roomList = new RoomList({ store, api, ahead: (room, n) => connection.send({ do: 'seen', room, n }) });
    this.hostPanel = new HostPanel({ store, api, demoted: () => this.session.refresh() });
    this.account = new Account({ store, api, be: (changes) => this.session.be(changes) });
    this.history = new History({ store, api, loaded: (room, events) => this.#loaded(room, events), refused: ({ message }) => this.session.ended(message) });
    this.#events = new EventHandler({
      store, connection, outbox, attentive, pending: this.#pending, rooms: this.#rooms, roomList: this.roomList,
      behind: (room) => this.history.load(room), gone: (name) => this.#gone(name), host: () => this.#hostNews(),
    });
    store.outbox = outbox;
    outbox.addEventListener('change', () => store.changed('outbox'));
    outbox.addEventListener('late', () => connection.prove());
    outbox.addEventListener('stuck', () => connection.renew());
    connection.addEventListener('state', ({ detail }) => this.#connectionIs(detail));
    connection.addEventListener('welcome', ({ detail }) => this.#welcomed(detail));
    connection.addEventListener('event', ({ detail }) => this.#events.hear(detail));
    connection.addEventListener('ended', ({ detail }) => this.session.ended(detail.reason));
  }

  /** Finds out who we are, then enters `room` or asks for a name. */
  start(room, brought) {
    this.#wanted = room;
    return this.session.start(brought);
  }

  async open(name) {
    this.#wanted = name;
    const { room: before } = this.#store;
    if (before?.name === name) return;
    if (before && !this.#outbox.of(before.name).length) this.#connection.leave(before.name);
    const room = this.#room(name);
    const read = this.#store.readOf(name);
    const last = Math.max(room.last, this.#store.rooms.get(name)?.last ?? 0);
    room.read = read ?? room.read;
    room.divider = read !== null && read < last ? read : 0;
    room.following = true;
    this.#store.room = room;
    this.#store.keepRoom();
    for (const topic of ['room', 'log', 'people', 'rooms']) this.#store.changed(topic);
    this.roomList.soon();
    await this.#catchUp(room);
  }

  say(text, re) {
    const { room, me } = this.#store;
    room.divider = 0;
    this.#outbox.add({ key: newKey(), room: room.name, text, re, by: me.name, who: me.who, at: new Date().toISOString(), after: room.last });
    this.history.newest();
  }

  /** Edits, erases, reactions, pins and topics. Throws a Problem when it was not done. */
  act(command) {
    return this.#pending.ask({ ...command, room: this.#store.room.name });
  }

  typing() {
    this.#connection.send({ do: 'typing', room: this.#store.room.name });
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
    if (!this.#connection.send({ do: 'seen', room: room.name, n: room.read })) return;
    room.told = room.read;
    room.telling = setTimeout(() => {
      room.telling = 0;
      this.#tellSeen(room);
    }, SEEN_EVERY);
  }

  invite() {
    return this.#api.invite(this.#store.room.name);
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
    this.#connection.start();
    this.open(this.#wanted);
    if (person.host) this.hostPanel.refresh();
  }

  #went() {
    this.#connection.stop();
    this.#rooms.clear();
    this.#outbox.keepOnly('');
    this.hostPanel.clear();
    Object.assign(this.#store, { room: null, rooms: new Map(), mutedUntil: 0, returns: [] });
    for (const topic of ['room', 'rooms', 'log', 'panel']) this.#store.changed(topic);
  }

  // We are no longer in a private room, or it is no more.
  #gone(name) {
    const why = this.roomList.gone(name);
    this.#rooms.delete(name);
    this.#connection.drop(name);
    for (const { key } of this.#outbox.of(name)) this.#outbox.remove(key);
    if (why) this.#store.tell(why);
    if (this.#store.room?.name === name) this.#store.leave();
  }

  #hostNews() {
    if (this.#store.me.host) this.hostPanel.soon();
    else this.session.refresh();
  }

  #connectionIs(state) {
    this.#store.connection = state;
    if (state !== 'live' && state !== 'polling') this.#outbox.pause();
    clearInterval(this.#lists);
    if (state === 'polling') this.#lists = setInterval(() => this.roomList.refresh(), LIST_EVERY);
    this.#store.changed('connection');
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
    await this.roomList.refresh({ afresh: true });
    if (me?.host) this.hostPanel.soon();
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
    if (this.#connection.asked(room.name)) return undefined;
    const { last = room.last } = this.#store.rooms.get(room.name) ?? {};
    const far = last < room.last || last > room.last + FAR;
    if (room === this.#store.room && (!room.ready || (room.following && (far || !room.attached)))) return this.history.load(room);
    if (far) room.skipTo(last); // the reader stays where they are and finds the rest by scrolling
    return this.#connection.join(room.name, room.last);
  }

  #loaded(room, events) {
    for (const { key } of events) if (key) this.#outbox.ack(key);
    if (room === this.#store.room || this.#outbox.of(room.name).length) this.#connection.join(room.name, room.last);
  }
}
