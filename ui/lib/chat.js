/** Puts the parts of the chat together: what people do becomes commands and requests. Knows no DOM. */
import { EventHandler } from './events.js';
import { History } from './history.js';
import { HostPanel } from './host-panel.js';
import { MutedMentions } from './muted-mentions.js';
import { PendingCommands } from './pending.js';
import { PreferencesKeeper } from './preferences.js';
import { newKey } from './random-key.js';
import { ReadReceipts } from './read-receipts.js';
import { Reads } from './reads.js';
import { Removals } from './removals.js';
import { RoomActions } from './room-actions.js';
import { RoomCache } from './room-cache.js';
import { RoomList } from './room-list.js';
import { RoomWatch } from './room-watch.js';
import { Session } from './session.js';
import { Whereabouts } from './whereabouts.js';
/** @import { Connection } from './connection.js' */
/** @import { Outbox } from './outbox.js' */
/** @import { Room } from './room.js' */
/** @import { Store } from './store.js' */
/** @import { Api, Command, Confirm, ConnectionState, FirstState, ListedRoom, Me, Memory } from './types.d.ts' */
/** @import { Navigation, News, RoomCommand, RoomEvent, SayMore, UnsentFile, UrlParts, Welcome } from './types.d.ts' */
/** @import { Without } from './types.d.ts' */

const FAR = 200; // events: further behind than this, start over with the last page instead of replaying
const LIST_EVERY = 10000; // ms between refreshes of the room list while polling

export class Chat {
  #store;
  #connection;
  #api;
  #outbox;
  #pending;
  #receipts;
  #rooms;
  #onRoomLeft;
  #wanted = { room: 'general', n: 0 }; // the room to open once we are in, and the message to begin at
  /** @type {ListedRoom[]} */
  #firstRooms = []; // the list of rooms that the welcome may confirm
  /** @type {string | undefined} */
  #firstNext; // where it goes on
  #preferencesTag = ''; // of those that came with the first answer, until the welcome
  #listTimer = 0;

  /**
   * `isAttentive()`: somebody looks at the page; `onRoomLeft()` is called when the room on view is no longer ours to
   * see, `onNews(news)` when somebody else said something. `memory`, `confirm` and `navigation` are the session's.
   * @param {{
   *   store: Store, connection: Connection, api: Api, outbox: Outbox, isAttentive?: () => boolean,
   *   onRoomLeft: () => void, onNews?: (news: News) => void, memory: Memory, confirm: Confirm, navigation: Navigation,
   * }} parts
   */
  constructor({
    store, connection, api, outbox, isAttentive = () => true, onRoomLeft, onNews = () => {}, memory, confirm,
    navigation,
  }) {
    const send = (/** @type {Command} */ command) => connection.send(command);
    this.#store = store;
    this.#connection = connection;
    this.#api = api;
    this.#outbox = outbox;
    this.#onRoomLeft = onRoomLeft;
    this.#pending = new PendingCommands(send);
    this.#receipts = new ReadReceipts(send);
    this.#rooms = new RoomCache({
      muted: (message) => store.isMuted(message),
      isUnsent: (name) => outbox.of(name).length > 0,
    });
    this.roomList = new RoomList({ store, api, readAhead: (room, n) => send({ do: 'seen', room, n }) });
    this.mutedMentions = new MutedMentions({ store, api });
    this.preferences = new PreferencesKeeper({ store, api });
    this.reads = new Reads({ store, api, send, isJoined: (room) => connection.joined(room) });
    this.roomWatch = new RoomWatch(send);
    this.whereabouts = new Whereabouts({ store, send });
    this.removals = new Removals({ store, api, memory });
    this.roomActions = new RoomActions({ store, api, list: this.roomList });
    this.session = new Session({
      store, api, memory, confirm, navigation,
      on: {
        came: (person, state) => this.#came(person, state),
        left: () => this.#left(),
        unreachable: () => store.setConnection('gone'),
      },
    });
    this.hostPanel = new HostPanel({ store, api, onDemoted: () => this.session.refresh() });
    this.history = new History({
      store, api,
      onLoaded: (room, events) => this.#loaded(room, events),
      onSessionEnded: ({ message }) => this.session.ended(message),
    });
    this.events = new EventHandler({
      store, connection, outbox, isAttentive, pending: this.#pending, rooms: this.#rooms, list: this.roomList,
      on: {
        behind: (room) => this.history.load(room),
        removed: (name) => this.#removed(name),
        host: () => (store.me?.host ? this.hostPanel.refreshSoon() : this.session.refresh()),
        renamed: (name) => this.session.hubChanged({ name }),
        notices: (notices) => this.session.hubChanged({ notices }),
        mutedMention: (mention) => this.mutedMentions.add(mention),
        preferences: (patch) => this.preferences.heard(patch),
        recovery: (requests) => this.session.recovery.setRequests(requests),
        news: onNews,
        whereabouts: (event) => this.whereabouts.take(event),
      },
    });
    this.#listen();
  }

  /**
   * Finds out who we are, then opens `room`, at message `n` if that is given, or asks for a name. `found` is what the
   * address carried.
   * @param {string} room
   * @param {UrlParts} found
   * @param {number} [n]
   */
  start(room, found, n = 0) {
    this.#wanted = { room, n };
    this.#store.setOutbox(this.#outbox.entries());
    return this.session.start(found);
  }

  /**
   * Opens a room, at message `n` if that is given; `state` is what is known of it and of the others already.
   * @param {string} name
   * @param {FirstState & { n?: number }} [state]
   */
  async open(name, { rooms, page, n = 0 } = {}) {
    this.#wanted = { room: name, n: 0 };
    const { room: before } = this.#store;
    if (before?.name === name) return;
    this.removals.flush();
    this.openThread(0);
    if (before && !this.#outbox.of(before.name).length) this.#connection.leave(before.name);
    const room = this.#rooms.open(name);
    const last = Math.max(room.last, this.#store.rooms.get(name)?.last ?? 0);
    room.open({ read: this.#store.readUpTo(name), last, begin: n });
    this.#store.setRoom(room);
    this.roomList.keepOpened();
    if (!rooms) this.roomList.refreshSoon();
    if (page?.room === name && !n) this.history.show(room, page);
    else await this.#catchUp(room);
  }

  /**
   * Somebody is about to open a room: one that was not seen here yet is asked for.
   * @param {string} name
   */
  expect(name) {
    if (name !== this.#store.room?.name && !this.#rooms.get(name)?.ready) this.history.expect(name);
  }

  /**
   * Opens the thread of message `n` of the room on view; 0 closes it.
   * @param {number} n
   */
  openThread(n) {
    if (n !== (this.#store.thread?.n ?? 0)) this.#store.setThread(n && this.#store.room ? { n } : null);
  }

  /**
   * Says something: an answer to message `re`, to the people `to`; with `aside` the conversation stays where it is.
   * @param {string} text
   * @param {SayMore & { files?: UnsentFile[], aside?: boolean }} [more]
   */
  say(text, { aside = false, ...more } = {}) {
    const { room, me } = this.#store;
    if (!room || !me) return;
    if (!aside) room.setDivider(0);
    const at = new Date().toISOString();
    const { name, last: after } = room;
    this.#outbox.add({ key: newKey(), room: name, text, ...more, by: me.name, who: me.who, at, after });
    if (!aside) this.history.newest();
  }

  /**
   * Edits, removals, reactions, pins and topics, in the room on view unless the command names another. Throws a Problem
   * when it was not done.
   * @param {Without<RoomCommand, 'room' | 'key'> & { room?: string }} command
   */
  act(command) {
    return this.#pending.send({ ...command, room: command.room ?? this.#store.room?.name ?? '' });
  }

  typing() {
    const { room } = this.#store;
    if (room) this.#connection.send({ do: 'typing', room: room.name });
  }

  /**
   * The reader of a room is at the bottom of the message list, or no longer.
   * @param {Room} room
   * @param {boolean} on
   */
  follow(room, on) {
    room.follow(on);
  }

  /** The reader has seen everything up to the end of the room. */
  seen() {
    const { room } = this.#store;
    if (!room?.ready || !room.attached) return;
    if (room.last > room.read || this.#store.unreadIn(room.name)) {
      room.readTo(room.last);
      this.roomList.readAll(room.name, room.last);
    }
    this.#receipts.tell(room);
  }

  invite() {
    return this.#api.invite(this.#store.room?.name ?? 'general');
  }

  /**
   * Hides a person's messages in this browser, or with no name shows them again.
   * @param {string} id
   * @param {string} [name]
   */
  mute(id, name) {
    this.#store.mutes.set(id, name);
    this.#store.changed('mutes', 'messages', 'rooms');
    this.mutedMentions.review();
  }

  #listen() {
    this.#outbox.addEventListener('change', () => this.#store.setOutbox(this.#outbox.entries()));
    this.#outbox.addEventListener('late', () => this.#connection.prove());
    this.#outbox.addEventListener('stuck', () => this.#connection.renew());
    this.#connection.on('state', (state) => this.#connectionIs(state));
    this.#connection.on('welcome', (welcome) => this.#welcomed(welcome));
    this.#connection.on('event', (event) => this.events.take(event));
    this.#connection.on('event', (event) => this.reads.take(event));
    this.#connection.on('ended', ({ reason }) => this.session.ended(reason));
  }

  /**
   * @param {Me} person
   * @param {FirstState} state
   */
  #came(person, state) {
    this.#outbox.keepOnly(person.who);
    this.removals.resume(person.who);
    [this.#firstRooms, this.#firstNext] = [state.rooms ?? [], state.rooms_next];
    if (state.rooms) this.roomList.take(state.rooms, { next: state.rooms_next });
    if (state.preferences) this.preferences.take(state.preferences);
    this.#preferencesTag = state.preferences_tag ?? '';
    this.#connection.start(state.rooms_tag);
    this.open(this.#wanted.room, { ...state, n: this.#wanted.n });
  }

  #left() {
    this.#connection.stop();
    this.#rooms.clear();
    this.#outbox.keepOnly('');
    this.hostPanel.clear();
    this.session.recovery.setRequests([]);
    this.events.clear();
    this.preferences.clear();
    this.whereabouts.clear();
    this.#store.setRoom(null);
    this.roomList.clear();
  }

  /**
   * We are no longer in a private room, or it was deleted.
   * @param {string} name
   */
  #removed(name) {
    const why = this.roomActions.removed(name);
    this.#rooms.delete(name);
    this.#connection.drop(name);
    for (const { key } of this.#outbox.of(name)) this.#outbox.remove(key);
    if (why) this.#store.notify(why);
    if (this.#store.room?.name === name) this.#onRoomLeft();
  }

  /** @param {ConnectionState} state */
  #connectionIs(state) {
    if (state !== 'live' && state !== 'polling') this.#outbox.pause();
    this.reads.poll(state === 'polling');
    clearInterval(this.#listTimer);
    if (state === 'polling') this.#listTimer = setInterval(() => this.roomList.refresh(), LIST_EVERY);
    this.#store.setConnection(state);
  }

  /** @param {Welcome} welcome */
  async #welcomed({ name, who, read = {}, status, rooms_current: current, preferences_tag: tag }) {
    this.#outbox.pause();
    this.session.recovery.setRequests([]); // the hub sends the current ones after the handshake
    const { me, room } = this.#store;
    if (name && me && (me.name !== name || me.who !== who)) this.session.update({ name, who });
    this.#receipts.reset(read);
    this.roomWatch.renew();
    this.whereabouts.renew(status);
    if (!this.#preferencesTag || this.#preferencesTag !== tag) this.preferences.refresh();
    this.#preferencesTag = '';
    for (const [of, n] of Object.entries(read)) this.roomList.readElsewhere(of, n);
    if (current) this.roomList.take(this.#firstRooms, { afresh: true, next: this.#firstNext });
    else await this.roomList.refresh({ afresh: true });
    this.mutedMentions.review();
    this.#firstRooms = [];
    if (me?.host) this.hostPanel.refreshSoon();
    const isGone = room?.problem?.code === 'no_such_room' && !this.#store.rooms.has(room.name); // as the list says too
    for (const each of new Set([isGone ? '' : room?.name, ...this.#outbox.rooms()])) {
      if (each) this.#catchUp(this.#rooms.get(each) ?? this.#openUnsent(each));
    }
  }

  /**
   * A room that is not on view but has unsent messages is joined at the cursor of the first of them, so that the replay
   * holds the answer to an earlier try.
   * @param {string} name
   */
  #openUnsent(name) {
    const room = this.#rooms.open(name);
    room.startAt(Math.min(...this.#outbox.of(name).map(({ after }) => after ?? 0)));
    return room;
  }

  /**
   * @param {Room} room
   * @returns {Promise<void>}
   */
  async #catchUp(room) {
    if (this.#connection.asked(room.name)) return undefined;
    const { last = room.last } = this.#store.rooms.get(room.name) ?? {};
    const far = last < room.last || last > room.last + FAR;
    const isMissing = room.begin > 0 && !room.message(room.begin);
    const afresh = !room.ready || isMissing || (room.following && (far || !room.attached));
    if (room === this.#store.room && afresh) return this.history.load(room);
    if (far) room.skipTo(last); // the reader stays where they are and finds the rest by scrolling
    return this.#connection.join(room.name, room.last);
  }

  /**
   * @param {Room} room
   * @param {RoomEvent[]} events
   */
  #loaded(room, events) {
    for (const { key } of events) if (key) this.#outbox.ack(key);
    const needed = room === this.#store.room || this.#outbox.of(room.name).length;
    if (needed) this.#connection.join(room.name, room.last);
  }
}
