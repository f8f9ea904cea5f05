/** Applies the events of the hub to the state of the page. The opposite direction is `chat.js`. */
import { Problem } from './api.js';
/** @import { Connection } from './connection.js' */
/** @import { Outbox } from './outbox.js' */
/** @import { PendingCommands } from './pending.js' */
/** @import { Room } from './room.js' */
/** @import { RoomCache } from './room-cache.js' */
/** @import { RoomList } from './room-list.js' */
/** @import { Store } from './store.js' */
/** @import { Here, HubEvent, Joined, NoteEvent, Refusal, ReturnRequest, RoomEvent, SeenEvent } from './types.d.ts' */
/** @import { MentionEvent, MergePatch, Moved, News, PersonEvent, StatusEvent, TypingEvent } from './types.d.ts' */

/** Events that change the list of rooms. */
const RULES = new Set(['make', 'look', 'title', 'owner', 'writer', 'archive', 'close', 'slow', 'keep']);

/**
 * @param {RoomEvent} event
 * @returns {event is NoteEvent}
 */
function isRule(event) {
  return RULES.has(event.do);
}

export class EventHandler {
  #store;
  #connection;
  #outbox;
  #pending;
  #rooms;
  #isAttentive;
  #list;
  #on;
  /** @type {Map<string, number>} */
  #said = new Map(); // messages in a room as an event told last: a list that came meanwhile may have counted the next

  /**
   * `rooms`: the RoomCache; `list`: the RoomList; `isAttentive()`: somebody looks at the page. `on` has what is told:
   * `behind(room)`: the hub has less than we hold; `removed(name)`: we are no longer in that room; `host()`: there is
   * news for hosts; `renamed(name)`: the hub has another name; `notices(texts)`: what hosts are to know of the program
   * now; `mutedMention(mention)`: somebody whom I muted names me; `preferences(patch)`: they changed;
   * `recovery(requests)`: the requests of others to be us; `news(news)`: somebody else said something;
   * `whereabouts(event)`: of me, or of somebody whom we follow.
   * @param {{
   *   store: Store, connection: Connection, outbox: Outbox, pending: PendingCommands, rooms: RoomCache, list: RoomList,
   *   isAttentive: () => boolean,
   *   on: {
   *     behind: (room: Room) => void, removed: (name: string) => void, host: () => void,
   *     renamed: (name: string) => void, notices: (texts: string[]) => void,
   *     mutedMention: (mention: MentionEvent) => void, preferences: (patch: MergePatch) => void,
   *     recovery: (requests: ReturnRequest[]) => void, news: (news: News) => void,
   *     whereabouts: (event: StatusEvent | PersonEvent) => void,
   *   },
   * }} parts
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

  /**
   * Takes one event of the protocol. Kinds that are not known are skipped: a later Hearth may say more.
   * @param {HubEvent} event
   * @returns {unknown}
   */
  take(event) {
    const room = this.#rooms.get(event.room ?? '');
    if ('n' in event) return this.#takeNumbered(event, room);
    switch (event.do) {
      case 'room':
        return this.#takeMoved(event);
      case 'refused':
        return this.#takeRefusal(event, room);
      case 'seen':
        return this.#takeSeen(event, room);
      case 'mention':
        return this.#takeMention(event);
      case 'gone':
        return this.#on.removed(event.room);
      case 'host':
        return this.#on.host();
      case 'hub':
        return this.#on.renamed(event.name);
      case 'notices':
        return this.#on.notices(event.notices);
      case 'preferences':
        return this.#on.preferences(event.patch);
      case 'status':
      case 'person':
        return this.#on.whereabouts(event);
      case 'returns':
        return this.#on.recovery(event.asks);
      case 'reads':
        return undefined; // reads.js takes it
      default:
        return room && this.#takeTransient(event, room);
    }
  }

  /** @param {MentionEvent} event */
  #takeMention(event) {
    this.#list.mentioned(event);
    if (this.#store.isMuted(event)) this.#on.mutedMention(event);
    else this.#on.news({ room: event.room, n: event.of, meant: true });
  }

  /** @param {Moved} event */
  #takeMoved(event) {
    const { room, last, said } = event;
    const before = this.#said.get(room) ?? this.#store.rooms.get(room)?.said ?? 0;
    this.#said.set(room, said);
    this.#list.moved({ icon: '', tint: '', ...event }); // the hub leaves out what a room has not
    if (said > before) this.#on.news({ room, n: last });
  }

  /** The person is out again. */
  clear() {
    this.#said.clear();
    this.#store.setMutedUntil(0);
  }

  /**
   * @param {Joined | Here | TypingEvent} event
   * @param {Room} room
   */
  #takeTransient(event, room) {
    switch (event.do) {
      case 'joined':
        return this.#takeJoined(event, room);
      case 'here':
        room.takeHere(event);
        return this.#store.changed('people');
      case 'typing':
        if (event.who === this.#store.me?.who || this.#store.isMuted(event)) return undefined;
        room.takeTyping(event, Date.now());
        return this.#store.changed('typing');
      default:
        return undefined;
    }
  }

  /**
   * @param {RoomEvent} event
   * @param {Room | undefined} room
   */
  #takeNumbered(event, room) {
    const who = this.#store.me?.who ?? '';
    const mine = Boolean(event.who) && event.who === who;
    if (mine && event.key) this.#done(event.key);
    if (!room) return;
    const { last } = room;
    const caughtUp = room.ready && room.caughtUp(who);
    if (!room.take(event)) return;
    const news = event.do === 'say' && !mine && !this.#store.isMuted(event);
    const unread = news && !this.#isWatched(room);
    if (unread && caughtUp) room.setDivider(last);
    if (news) this.#on.news({ room: event.room, n: event.n, event });
    this.#count(event, unread, room);
    if (event.do === 'topic') this.#store.changed('room');
    if (isRule(event)) this.#list.changedBy(event);
    if (mine && event.do === 'say') this.#sent(room);
    this.#store.tell(event);
    if (room === this.#store.room) this.#store.changed('messages');
  }

  // Whether what is said in a room comes under the eyes of its reader.
  /** @param {Room} room */
  #isWatched(room) {
    return room === this.#store.room && room.following && this.#isAttentive();
  }

  /**
   * What was sent under this key is saved.
   * @param {string} key
   */
  #done(key) {
    this.#pending.settle(key);
    this.#outbox.ack(key);
  }

  /**
   * @param {RoomEvent} event
   * @param {boolean} unread
   * @param {Room} room
   */
  #count(event, unread, room) {
    const { room: name, n, at } = event;
    const say = event.do === 'say' ? 1 : 0;
    const erased = event.do === 'erase' ? event.of : 0;
    const target = erased ? room.message(erased) : null;
    const counted = erased && target?.who !== this.#store.me?.who && !(target && this.#store.isMuted(target));
    this.#said.delete(name);
    this.#list.moved({
      room: name, last: n, said: (this.#store.rooms.get(name)?.said ?? 0) + say, mine: unread ? 0 : say, at,
      erased: counted ? [[n, erased]] : [],
      topic: event.do === 'topic' ? event.text : undefined,
    });
  }

  /**
   * What I said went through: so I am not muted, and slow mode begins to count.
   * @param {Room} room
   */
  #sent(room) {
    const { slow } = this.#store.roomInfo(room.name);
    room.setSlowUntil(slow && !this.#store.me?.host ? Date.now() + slow * 1000 : 0);
    this.#store.setMutedUntil(0);
  }

  /**
   * @param {Joined} event
   * @param {Room} room
   */
  #takeJoined({ topic, pinned, last, said, unread, mentions }, room) {
    if (said !== undefined) this.#list.setCounts(room.name, { last, said, unread, mentions });
    room.setTopic(topic ?? this.#store.rooms.get(room.name)?.topic ?? room.topic);
    if (pinned) room.setPins(pinned);
    room.setProblem(null);
    this.#store.changed('room');
    if (last < room.last) this.#on.behind(room);
    this.#outbox.flush();
  }

  /**
   * Another of my devices has read further, or I wrote from one: the hub sends the new unread counts.
   * @param {SeenEvent} event
   * @param {Room | undefined} room
   */
  #takeSeen({ room: name, read, ...counts }, room) {
    room?.readTo(Math.max(room.read, read));
    this.#list.readElsewhere(name, read);
    this.#list.setCounts(name, counts);
  }

  /**
   * @param {Refusal} event
   * @param {Room | undefined} room
   */
  #takeRefusal(event, room) {
    if (event.retry_after) this.#takeWait(event.code, event.retry_after, room);
    if (event.key) {
      this.#pending.settle(event.key, new Problem(event));
      this.#outbox.refuse({ ...event, key: event.key });
    } else if (room && room === this.#store.room && !this.#connection.joined(room.name)) {
      room.setProblem(new Problem(event));
      this.#store.changed('room', 'messages');
    } else if (event.message) {
      this.#store.notify(event.message);
    }
  }

  /**
   * @param {string} code
   * @param {number} seconds
   * @param {Room | undefined} room
   */
  #takeWait(code, seconds, room) {
    const until = Date.now() + seconds * 1000;
    if (code === 'slow' && room) room.setSlowUntil(until);
    if (code === 'muted') this.#store.setMutedUntil(until);
    else this.#store.changed('send-limits');
  }
}
