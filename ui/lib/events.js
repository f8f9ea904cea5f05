/** What the hub says becomes state. The other direction is `chat.js`. */
import { Problem } from './api.js';

/** Events that change the list of rooms. */
const RULES = new Set(['make', 'title', 'owner', 'writer', 'archive', 'close', 'slow']);

export class EventHandler {
  #store;
  #connection;
  #outbox;
  #pending;
  #rooms;
  #isAttentive;
  #list;
  #on;

  /**
   * `rooms`: the RoomCache; `list`: the RoomList; `isAttentive()`: somebody looks at the page. `on` has what is told:
   * `behind(room)`: the hub has less than we hold; `removed(name)`: we are no longer in that room; `host()`: there is
   * news for hosts; `recovery(requests)`: the requests of others to be us.
   */
  constructor({ store, connection, outbox, pending, rooms, list, isAttentive, on }) {
    this.#store = store;
    this.#connection = connection;
    this.#outbox = outbox;
    this.#pending = pending;
    this.#rooms = rooms;
    this.#isAttentive = isAttentive;
    this.#list = list;
    this.#on = on;
  }

  /** Takes one event of the protocol. Kinds that are not known are skipped: a later Hearth may say more. */
  take(event) {
    const room = this.#rooms.get(event.room);
    if (event.n) return this.#takeNumbered(event, room);
    switch (event.do) {
      case 'room':
        return this.#list.moved(event);
      case 'refused':
        return this.#takeRefusal(event, room);
      case 'seen':
        return this.#takeSeen(event, room);
      case 'gone':
        return this.#on.removed(event.room);
      case 'host':
        return this.#on.host();
      case 'returns':
        return this.#on.recovery(event.asks);
      default:
        return room && this.#takeTransient(event, room);
    }
  }

  /** The person is out again. */
  clear() {
    this.#store.setMutedUntil(0);
  }

  #takeTransient(event, room) {
    switch (event.do) {
      case 'joined':
        return this.#takeJoined(event, room);
      case 'here':
        room.takeHere(event);
        return this.#store.changed('people');
      case 'typing':
        if (event.who === this.#store.me.who || this.#store.isMuted(event)) return undefined;
        room.takeTyping(event, Date.now());
        return this.#store.changed('typing');
      default:
        return undefined;
    }
  }

  #takeNumbered(event, room) {
    const { who } = this.#store.me;
    const mine = Boolean(event.who) && event.who === who;
    const caughtUp = room?.ready && room.caughtUp(who);
    const before = room?.last;
    const fresh = room?.take(event);
    if (mine && event.key) {
      this.#pending.settle(event.key);
      this.#outbox.ack(event.key);
    }
    if (!fresh) return;
    const news = !mine && !this.#store.isMuted(event);
    const watched = room.following && this.#isAttentive();
    if (event.do === 'say' && news && caughtUp && !watched) room.setDivider(before);
    this.#count(event, news, room);
    if (event.do === 'topic') this.#store.changed('room');
    if (RULES.has(event.do)) this.#list.changedBy(event);
    if (mine && event.do === 'say') this.#sent(room);
    if (room === this.#store.room) this.#store.changed('messages');
  }

  // `news`: it is neither mine nor by somebody muted.
  #count({ room: name, n, at, do: what, of, text }, news, room) {
    const say = what === 'say' ? 1 : 0;
    const target = what === 'erase' ? room.message(of) : null;
    const counted = what === 'erase' && target?.who !== this.#store.me.who && !(target && this.#store.isMuted(target));
    this.#list.moved({
      room: name, last: n, said: (this.#store.rooms.get(name)?.said ?? 0) + say, mine: news ? 0 : say, at,
      removed: counted ? [of] : [],
      topic: what === 'topic' ? text : undefined,
    });
  }

  // What I said went through: so I am not muted, and slow mode begins to count.
  #sent(room) {
    const { slow } = this.#store.roomInfo(room.name);
    room.setSlowUntil(slow && !this.#store.me.host ? Date.now() + slow * 1000 : 0);
    this.#store.setMutedUntil(0);
  }

  #takeJoined({ topic, pinned, last, said, unread }, room) {
    if (said !== undefined) this.#list.setCounts(room.name, { last, said, unread });
    room.setTopic(topic ?? this.#store.rooms.get(room.name)?.topic ?? room.topic);
    if (pinned) room.setPins(pinned);
    room.setProblem(null);
    this.#store.changed('room');
    if (last < room.last) this.#on.behind(room);
    this.#outbox.flush();
  }

  // Another device of mine has read on, or I spoke elsewhere: the hub counts anew what is left.
  #takeSeen({ room: name, read, ...counts }, room) {
    room?.readTo(Math.max(room.read, read));
    this.#list.readElsewhere(name, read);
    this.#list.setCounts(name, counts);
  }

  #takeRefusal(event, room) {
    if (event.retry_after) this.#takeWait(event, room);
    if (event.key) {
      this.#pending.settle(event.key, new Problem(event));
      this.#outbox.refuse(event);
    } else if (room && room === this.#store.room && !this.#connection.joined(room.name)) {
      room.setProblem(new Problem(event));
      this.#store.changed('room', 'messages');
    } else if (event.message) {
      this.#store.notify(event.message);
    }
  }

  #takeWait({ code, retry_after: seconds }, room) {
    const until = Date.now() + seconds * 1000;
    if (code === 'slow' && room) room.setSlowUntil(until);
    if (code === 'muted') this.#store.setMutedUntil(until);
    else this.#store.changed('send-limits');
  }
}
