/** The conductor: what people do becomes commands and pages asked for. Knows no DOM. */
import { Asks } from './asks.js';
import { Hearing } from './hearing.js';
import { newKey } from './key.js';
import { Reading } from './reading.js';
import { Room } from './room.js';

const FAR = 400; // further behind than this, start over with the last page instead of replaying
const CACHED = 8;

export class Chat {
  #store;
  #link;
  #pages;
  #outbox;
  #asks;
  #hearing;
  #rooms = new Map(); // every Room held, the latest opened last
  #wanted = 'general';

  constructor({ store, link, pages, outbox, attentive = () => true }) {
    this.#store = store;
    this.#link = link;
    this.#pages = pages;
    this.#outbox = outbox;
    this.#asks = new Asks((command) => link.send(command));
    this.reading = new Reading({ store, pages, loaded: (room, events) => this.#loaded(room, events), refused: ({ message }) => this.#ended(message) });
    this.#hearing = new Hearing({ store, link, outbox, asks: this.#asks, rooms: this.#rooms, attentive, behind: (room) => this.reading.load(room) });
    store.outbox = outbox;
    outbox.addEventListener('change', () => store.changed('outbox'));
    outbox.addEventListener('stuck', () => link.renew());
    link.addEventListener('state', ({ detail }) => this.#linkIs(detail));
    link.addEventListener('welcome', ({ detail }) => this.#welcomed(detail));
    link.addEventListener('event', ({ detail }) => this.#hearing.hear(detail));
    link.addEventListener('ended', ({ detail }) => this.#ended(detail.reason));
  }

  /** Finds out who we are, then enters `room` or asks for a name. Waits as long as the hub is away. */
  async start(room, ticket) {
    this.#wanted = room;
    for (;;) {
      try {
        if (ticket) await this.#redeem(ticket);
        return this.#known(await this.#pages.me());
      } catch (problem) {
        if (problem.status === 403) return this.#out(problem.message);
        this.#linkIs('gone');
        await new Promise((done) => setTimeout(done, 2000));
      }
    }
  }

  /** First visit. Throws a Problem when the hub does not want this name. */
  async join(name, code) {
    await this.#pages.joinAs(name, code);
    this.#known(await this.#pages.me());
  }

  /** This browser forgets who it was. */
  async forget() {
    await this.#pages.forget();
    this.#link.stop();
    this.#rooms.clear();
    this.#outbox.keepOnly('');
    Object.assign(this.#store, { me: null, room: null, phase: 'gate' });
    for (const topic of ['phase', 'room', 'log']) this.#store.changed(topic);
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
    for (const topic of ['room', 'log', 'people', 'rooms']) this.#store.changed(topic);
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
    if (room.last > room.told && this.#link.send({ do: 'seen', room: room.name, n: room.last })) room.told = room.last;
    if (room.last <= room.read) return;
    room.read = room.last;
    this.#store.setRead(room.name, room.last);
    this.#store.changed('rooms');
  }

  invite() {
    return this.#pages.invite(this.#store.room.name);
  }

  async #redeem(ticket) {
    try {
      await this.#pages.redeem(ticket);
    } catch (problem) {
      if (!problem.status) throw problem; // not reached; a ticket that was used up is no misfortune
    }
  }

  #room(name) {
    const room = this.#rooms.get(name) ?? new Room(name);
    this.#rooms.delete(name);
    this.#rooms.set(name, room);
    for (const old of this.#rooms.keys()) {
      if (this.#rooms.size <= CACHED) break;
      if (!this.#outbox.of(old).length) this.#rooms.delete(old);
    }
    return room;
  }

  #known({ person, hub, limits }) {
    Object.assign(this.#store, { me: person, hub, limits: limits ?? this.#store.limits, phase: person ? 'in' : 'gate' });
    if (person) {
      this.#store.callMe(person.name);
      this.#outbox.keepOnly(person.who);
      this.#link.start();
      this.open(this.#wanted);
    }
    this.#store.changed('phase');
  }

  #linkIs(state) {
    this.#store.link = state;
    if (state !== 'live' && state !== 'polling') this.#outbox.pause();
    this.#store.changed('link');
  }

  async #welcomed({ name, who, read = {} }) {
    this.#outbox.pause();
    const { me, room } = this.#store;
    if (name && me && (me.name !== name || me.who !== who)) {
      this.#store.me = { name, who };
      this.#store.changed('phase');
    }
    for (const [of, n] of Object.entries(read)) if (n > (this.#store.readOf(of) ?? -1)) this.#store.setRead(of, n);
    await this.#refreshRooms();
    for (const each of new Set([room?.name, ...this.#outbox.rooms()])) {
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

  async #refreshRooms() {
    try {
      const list = await this.#pages.rooms();
      this.#store.rooms = new Map(list.map((room) => [room.name, room]));
      for (const { name, last } of list) if (this.#store.readOf(name) === null) this.#store.setRead(name, last);
      this.#store.changed('rooms');
    } catch {
      // The list as it was is better than none.
    }
  }

  async #ended(reason) {
    const answer = await this.#pages.me().catch(() => null);
    if (!answer || answer.person) {
      this.#out(reason || 'This Hearth does not let you in.');
      return;
    }
    this.#link.stop();
    this.#rooms.clear();
    this.#store.room = null;
    this.#known(answer);
    this.#store.changed('room');
  }

  #out(reason) {
    Object.assign(this.#store, { phase: 'out', reason });
    this.#store.changed('phase');
  }
}
