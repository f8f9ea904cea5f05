/** What the hub says becomes state. The other direction is `chat`. */
import { Problem } from './api.js';

const CHARTER = new Set(['make', 'title', 'owner', 'writer', 'archive', 'close', 'slow']); // these change the list of rooms

export class EventHandler {
  #store;
  #connection;
  #outbox;
  #pending;
  #rooms;
  #attentive;
  #roomList;
  #behind;
  #gone;
  #host;

  /**
   * `rooms`: name -> Room held; `attentive()`: somebody looks; `behind(room)`: the hub has less than we hold;
   * `gone(name)`: we are no longer in that room; `host()`: there is news for hosts.
   */
  constructor({ store, connection, outbox, pending, rooms, roomList, attentive, behind, gone, host }) {
    this.#store = store;
    this.#connection = connection;
    this.#outbox = outbox;
    this.#pending = pending;
    this.#rooms = rooms;
    this.#attentive = attentive;
    this.#roomList = roomList;
    this.#behind = behind;
    this.#gone = gone;
    this.#host = host;
  }

  hear(event) {
    const room = this.#rooms.get(event.room);
    if (event.n) this.#numbered(event, room);
    else if (event.do === 'room') this.moved(event);
    else if (event.do === 'refused') this.#refused(event, room);
    else if (event.do === 'seen') this.#seen(event);
    else if (event.do === 'gone') this.#gone(event.room);
    else if (event.do === 'host') this.#host();
    else if (event.do === 'returns') this.#returns(event);
    else if (room) this.#takePassing(event, room);
  }

  /**
   * A room has a new last event. `said`: how many messages there have been in it; `removed`: the n of those by others
   * that are gone since; `mine`: how many of the new ones are my own. What is unread of a new room comes with the list.
   */
  moved({ room, last, said, removed = [], mine = 0, at, topic, kind, title }) {
    const known = this.#store.rooms.get(room);
    const before = known ?? { here: 0, topic: '', may_write: true, kind, title, last: 0, said, unread: 0 };
    if (last <= before.last) return; // counted already
    const read = this.#store.readOf(room) ?? 0;
    const unread = Math.max(0, before.unread + said - before.said - mine - removed.filter((n) => n > read).length);
    this.#store.rooms.set(room, { ...before, name: room, last, said, unread, at, topic: topic ?? before.topic, title: title || before.title });
    if (!known || (kind && before.kind !== kind)) this.#roomList.soon();
    this.#store.changed('rooms');
  }

  #returns({ asks }) {
    this.#store.returns = asks;
    this.#store.changed('returns');
  }

  #takePassing(event, room) {
    switch (event.do) {
      case 'joined':
        return this.#joined(event, room);
      case 'here':
        room.takeHere(event);
        return this.#store.changed('people');
      case 'typing':
        if (event.who === this.#store.me.who || this.#store.isMuted(event)) return undefined;
        room.takeTyping(event, Date.now());
        return this.#store.changed('typing');
      default:
        return undefined; // a later Hearth says more than we understand
    }
  }

  #numbered(event, room) {
    const { who } = this.#store.me;
    const mine = Boolean(event.who) && event.who === who;
    const caughtUp = room?.ready && room.caughtUp(who);
    const edge = room?.last;
    const fresh = room?.take(event);
    if (mine && event.key) {
      this.#pending.settle(event.key);
      this.#outbox.ack(event.key);
    }
    if (!fresh) return;
    const news = !mine && !this.#store.isMuted(event);
    if (event.do === 'say' && news && caughtUp && !(room.following && this.#attentive())) room.divider = edge;
    this.#count(event, news, room);
    if (event.do === 'topic') this.#store.changed('room');
    if (CHARTER.has(event.do)) this.#roomList.changed(event);
    if (mine && event.do === 'say') this.#said(room);
    if (room === this.#store.room) this.#store.changed('log');
  }

  // `news`: it is neither mine nor of somebody muted.
  #count({ room: name, n, at, do: what, of, text }, news, room) {
    const say = what === 'say' ? 1 : 0;
    const gone = what === 'erase' ? room.message(of) : null;
    this.moved({
      room: name, last: n, said: (this.#store.rooms.get(name)?.said ?? 0) + say, mine: news ? 0 : say, at,
      removed: what === 'erase' && gone?.who !== this.#store.me.who && !(gone && this.#store.isMuted(gone)) ? [of] : [],
      topic: what === 'topic' ? text : undefined,
    });
  }

  // What I said went through: so I am not muted, and slow mode begins to count.
  #said(room) {
    const { slow } = this.#store.placeOf(room.name);
    this.#store.mutedUntil = 0;
    room.slowUntil = slow && !this.#store.me.host ? Date.now() + slow * 1000 : 0;
    this.#store.changed('waits');
  }

  #joined({ topic, pinned, last, said, unread }, room) {
    if (said !== undefined) this.#store.count(room.name, { last, said, unread });
    room.topic = topic ?? this.#store.rooms.get(room.name)?.topic ?? room.topic;
    if (pinned) room.takePins(pinned);
    room.problem = null;
    for (const of of ['room', 'rooms']) this.#store.changed(of);
    if (last < room.last) this.#behind(room);
    this.#outbox.flush();
  }

  // Another device of mine has read on, or I spoke elsewhere: the hub counts anew what is left.
  #seen({ room: name, read, ...count }) {
    const room = this.#rooms.get(name);
    if (room) room.read = Math.max(room.read, read);
    this.#store.setRead(name, Math.max(this.#store.readOf(name) ?? 0, read));
    this.#store.count(name, count);
    this.#store.changed('rooms');
  }

  #refused(event, room) {
    if (event.retry_after) this.#wait(event, room);
    if (event.key) {
      this.#pending.settle(event.key, new Problem(event));
      this.#outbox.refuse(event);
    } else if (room && room === this.#store.room && !this.#connection.joined(room.name)) {
      room.problem = new Problem(event);
      this.#store.changed('room');
      this.#store.changed('log');
    } else if (event.message) {
      this.#store.tell(event.message);
    }
  }

  #wait({ code, retry_after: seconds }, room) {
    const until = Date.now() + seconds * 1000;
    if (code === 'muted') this.#store.mutedUntil = until;
    else if (code === 'slow' && room) room.slowUntil = until;
    this.#store.changed('waits');
  }
}
