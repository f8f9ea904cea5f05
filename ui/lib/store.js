/**
 * What the page knows, and how its views hear of changes. Views only read it. Each part is written by one module, which
 * the comment above the part names; a test holds that.
 */
import { LastPerson } from './last-person.js';
import { Mutes } from './mutes.js';
import { OpenedRooms } from './opened-rooms.js';
import { ReadMarks } from './read-marks.js';
import { kindOf, titleOf } from './room-info.js';
import { roomPreferences } from './room-preferences.js';
import { browserStorage } from './storage.js';
import { Topics } from './topics.js';
/** @import { Room } from './room.js' */
/** @import { ConnectionState, HubInfo, KnownRoom, Limits, Me, OutboxEntry, Panel, Phase } from './types.d.ts' */
/** @import { Presence, Status } from './types.d.ts' */
/** @import { Author, Preferences, Recovery, Removal, ReturnRequest, RoomBefore, RoomInfo } from './types.d.ts' */
/** @import { Attached, RoomReads, SessionParts } from './types.d.ts' */

export class Store extends Topics {
  // The session: session.js.
  /** @type {Phase} */
  phase = 'starting'; // starting, joining, waiting (for a host), recovering (an identity), in, banned, refused
  reason = ''; // why the join form is shown again, or why we are refused
  /** @type {Me | null} */
  me = null;
  browserIsHost = false; // known even before the host has a name
  /** @type {HubInfo} */
  hub = { name: 'Hearth', version: '', mode: 'open' };
  /** @type {Limits} */
  limits = { message_bytes: 16384, name_characters: 40 };
  /** @type {RoomBefore | null | undefined} */
  preview = null; // of the room in the address
  fromUrl = { code: false, invite: false }; // what the address carried

  // Recovery of an identity without a password: identity-recovery.js.
  /** @type {Recovery} */
  recovery = { name: '', heard: true, ask: false }; // whom we asked to be again, and whether somebody hears it
  /** @type {ReturnRequest[]} */
  recoveryRequests = []; // of others who ask to be us

  // The connection, the room on view and what is not sent yet: chat.js.
  /** @type {ConnectionState} */
  connection = 'idle';
  /** @type {Room | null} */
  room = null;
  /** @type {OutboxEntry[]} */
  #outbox = [];

  // The files on their way to the hub: attachments.js.
  /** @type {Attached[]} */
  attached = [];

  // How far others have read the room on view: reads.js.
  /** @type {RoomReads | null} */
  reads = null; // null: not known

  // The message whose thread is open: chat.js.
  /** @type {{ n: number } | null} */
  thread = null;

  // What is about to be removed: removals.js.
  /** @type {Removal[]} */
  removals = [];

  // The list of rooms, with the read marks and the rooms opened here: room-list.js.
  /** @type {Map<string, KnownRoom>} */
  rooms = new Map();
  hasMoreRooms = false; // the hub has more than these
  readMarks;
  openedRooms;

  // Of what is meant for me, the numbers of what people say whom I muted: muted-mentions.js.
  /** @type {Map<string, number[]>} */
  mutedMentions = new Map();

  // What this person set for themself: preferences.js.
  /** @type {Preferences} */
  preferences = {};

  // What I say of myself, and whom I follow: whereabouts.js.
  /** @type {Status | null} */
  status = null;
  /** @type {Map<string, Presence>} */
  presence = new Map();

  // What the hub shows to hosts: host-panel.js.
  /** @type {Panel | null} */
  hostPanel = null;

  // When I may write again, in ms; known once the hub has refused: events.js.
  mutedUntil = 0;

  // The people I muted: chat.js. The person who was last in this browser: session.js.
  mutes;
  lastPerson;

  constructor(memory = browserStorage) {
    super();
    const owner = () => this.me?.who;
    this.readMarks = new ReadMarks(memory);
    this.openedRooms = new OpenedRooms(memory, owner);
    this.mutes = new Mutes(memory, owner);
    this.lastPerson = new LastPerson(memory);
  }

  /** @param {Partial<SessionParts>} changes */
  setSession(changes) {
    Object.assign(this, changes);
    this.changed('session');
  }

  /** @param {Recovery} recovery */
  setRecovery(recovery) {
    this.recovery = recovery;
  }

  /** @param {ReturnRequest[]} requests */
  setRecoveryRequests(requests) {
    this.recoveryRequests = requests;
    this.changed('recovery-requests');
  }

  /** @param {ConnectionState} state */
  setConnection(state) {
    this.connection = state;
    this.changed('connection');
  }

  /** @param {Room | null} room */
  setRoom(room) {
    this.room = room;
    this.changed('room', 'messages', 'people');
  }

  /** @param {OutboxEntry[]} entries */
  setOutbox(entries) {
    this.#outbox = entries;
    this.changed('outbox');
  }

  /**
   * `moved`: only some of them came further.
   * @param {Attached[]} attached
   */
  setAttached(attached, moved = false) {
    this.attached = attached;
    this.changed('uploads', ...(moved ? [] : ['attached']));
  }

  /**
   * The files that go with a draft.
   * @param {string} place
   */
  attachedTo(place) {
    return this.attached.filter((file) => file.place === place);
  }

  /** @param {RoomReads | null} reads */
  setReads(reads) {
    this.reads = reads;
    this.changed('reads');
  }

  /** @param {{ n: number } | null} thread */
  setThread(thread) {
    this.thread = thread;
    this.changed('thread');
  }

  /** @param {Removal[]} removals */
  setRemovals(removals) {
    this.removals = removals;
    this.changed('removals', 'messages');
  }

  /**
   * Whether a message is about to be removed.
   * @param {string} room
   * @param {number} n
   */
  isRemoving(room, n) {
    return this.removals.some((removal) => removal.n === n && removal.room === room);
  }

  /**
   * @param {Map<string, KnownRoom>} rooms
   * @param {boolean} [more]
   */
  setRooms(rooms, more = false) {
    this.rooms = rooms;
    this.hasMoreRooms = more;
    this.changed('rooms');
  }

  /** @param {Map<string, number[]>} mentions */
  setMutedMentions(mentions) {
    this.mutedMentions = mentions;
    this.changed('rooms');
  }

  /** @param {Preferences} preferences */
  setPreferences(preferences) {
    this.preferences = preferences;
    this.changed('preferences');
  }

  /** @param {Status | null} status */
  setStatus(status) {
    this.status = status;
    this.changed('status');
  }

  /** @param {Map<string, Presence>} presence */
  setPresence(presence) {
    this.presence = presence;
    this.changed('presence');
  }

  /** @param {Panel | null} panel */
  setHostPanel(panel) {
    this.hostPanel = panel;
    this.changed('host-panel');
  }

  /** @param {number} ms */
  setMutedUntil(ms) {
    this.mutedUntil = ms;
    this.changed('send-limits');
  }

  /**
   * What the list of rooms says of a room, with defaults for one that is not in it.
   * @param {string} name
   * @returns {RoomInfo}
   */
  roomInfo(name) {
    const listed = this.rooms.get(name);
    const [kind, title] = [listed?.kind ?? kindOf(name), this.roomTitle(name)];
    return { name, topic: '', may_write: true, ...listed, kind, title };
  }

  /**
   * What people call a room.
   * @param {string} name
   */
  roomTitle(name) {
    return this.rooms.get(name)?.title || titleOf(name);
  }

  /**
   * The `n` up to which a room was read here or, as far as the hub told us, elsewhere; null where neither is known.
   * @param {string} name
   */
  readUpTo(name) {
    return this.readMarks.of(name) ?? this.rooms.get(name)?.read ?? null;
  }

  /** @param {string} name */
  unreadIn(name) {
    return this.rooms.get(name)?.unread ?? 0;
  }

  /**
   * How much of that is meant for me: all of a direct conversation, elsewhere what names me or answers me.
   * @param {string} name
   */
  mentionsIn(name) {
    const { kind, with: other } = this.roomInfo(name);
    if (kind === 'direct') return this.isMuted({ who: other }) ? 0 : this.unreadIn(name);
    const read = this.readUpTo(name) ?? 0;
    const muted = (this.mutedMentions.get(name) ?? []).filter((n) => n > read);
    return Math.max(0, (this.rooms.get(name)?.mentions ?? 0) - muted.length);
  }

  /** How many unread messages mention or answer me, in all rooms. */
  mentions() {
    let sum = 0;
    for (const { name, kind } of this.rooms.values()) sum += kind === 'direct' ? 0 : this.mentionsIn(name);
    return sum;
  }

  /**
   * How much of what is unread in a room is told beyond its row: of one that I muted or hid, what names me.
   * @param {string} name
   */
  toldIn(name) {
    const { muted, hidden } = roomPreferences(this.preferences).of(name);
    if (!muted && !hidden) return this.unreadIn(name);
    return this.roomInfo(name).kind === 'direct' ? 0 : this.mentionsIn(name);
  }

  unread() {
    let sum = 0;
    for (const name of this.rooms.keys()) sum += this.toldIn(name);
    return sum;
  }

  /** Public rooms that were opened here and have no message yet, so that the hub does not list them. */
  unlistedRooms() {
    return this.openedRooms.names().filter((name) => !this.rooms.has(name));
  }

  /** @param {Author} author */
  isMuted(author) {
    return this.mutes.has(author);
  }

  /** How many people wait for a host's decision. */
  waitingCount() {
    if (!this.hostPanel) return 0;
    return this.hostPanel.people.filter(({ waiting }) => waiting).length + this.hostPanel.returns.length;
  }

  /** What was written for the room on view and is not confirmed yet. */
  outgoing() {
    return this.#outbox.filter(({ room }) => room === this.room?.name);
  }
}

export const store = new Store();
