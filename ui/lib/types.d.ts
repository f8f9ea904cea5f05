/**
 * What goes over the wire, as the page sees it. tests/test_page.py holds the commands and the events of rooms against
 * hub/protocol, member by member.
 */

// ---- Commands

interface InRoom { room: string }
/** Becomes an event; `key` makes it safe to repeat. */
interface Change extends InRoom { key?: string | null }

export interface Hello { do: 'hello'; name?: string; token?: string; code?: string }
export interface Join extends InRoom { do: 'join'; after?: number }
export interface Leave extends InRoom { do: 'leave' }
export interface Typing extends InRoom { do: 'typing' }
export interface Seen extends InRoom { do: 'seen'; n: number }
export interface Say extends Change { do: 'say'; text: string; re?: number }
export interface Topic extends Change { do: 'topic'; text: string }
export interface Edit extends Change { do: 'edit'; of: number; text: string }
export interface Erase extends Change { do: 'erase'; of: number }
export interface React extends Change { do: 'react'; of: number; text: string }
export interface Pin extends Change { do: 'pin'; of: number }
export interface Title extends Change { do: 'title'; text: string }
export interface Invite extends Change { do: 'invite'; whom: string }
export interface Remove extends Change { do: 'remove'; whom: string }
export interface Owner extends Change { do: 'owner'; whom: string }
export interface Writer extends Change { do: 'writer'; whom: string; off?: boolean }
export interface Archive extends Change { do: 'archive'; off?: boolean }
export interface Close extends Change { do: 'close'; off?: boolean }
export interface Slow extends Change { do: 'slow'; seconds: number }

/** What may be asked of a room that is there, and becomes an event of it. */
export type RoomCommand =
  | Edit | Erase | React | Pin | Topic | Title | Invite | Remove | Owner | Writer | Archive | Close | Slow;
export type Command = Hello | Join | Leave | Typing | Seen | Say | RoomCommand;

/** A type whose members are those of each member of the union `T`, without `K`. */
export type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

// ---- Events of a room, numbered without gaps

interface Numbered {
  room: string;
  n: number;
  /** UTC, in milliseconds. */
  at: string;
  /** The name that is shown. */
  by: string;
  /** The person's lasting id; missing where nobody proved who they are. */
  who?: string;
  /** By a program. */
  bot?: boolean;
  /** What the sender chose, so that repeating is safe. */
  key?: string;
}

export interface SayEvent extends Numbered {
  do: 'say';
  text: string;
  /** The `n` of the message that it answers. */
  re?: number;
  file?: string;
  /** On a page of history, where edits are applied: the `n` of the last one. */
  edited?: number;
  /** On a page of history. */
  erased?: boolean;
}
export interface EditEvent extends Numbered { do: 'edit'; of: number; text: string }
export interface EraseEvent extends Numbered { do: 'erase'; of: number }
export interface ReactEvent extends Numbered { do: 'react'; of: number; text: string; off?: boolean }
export interface PinEvent extends Numbered { do: 'pin'; of: number; off?: boolean }
export interface TopicEvent extends Numbered { do: 'topic'; text: string }
export interface MakeEvent extends Numbered { do: 'make'; kind: RoomKind; text: string; whom?: string; name?: string }
export interface TitleEvent extends Numbered { do: 'title'; text: string }
export interface InviteEvent extends Numbered { do: 'invite'; whom: string; name: string }
export interface RemoveEvent extends Numbered { do: 'remove'; whom: string; name: string }
export interface OwnerEvent extends Numbered { do: 'owner'; whom: string; name: string }
export interface WriterEvent extends Numbered { do: 'writer'; whom: string; name: string; off?: boolean }
export interface ArchiveEvent extends Numbered { do: 'archive'; off?: boolean }
export interface CloseEvent extends Numbered { do: 'close'; off?: boolean }
export interface SlowEvent extends Numbered { do: 'slow'; seconds: number }

/** Says something about an earlier message. */
export type MarkEvent = EditEvent | EraseEvent | ReactEvent | PinEvent;
/** Happened to the room itself. */
export type NoteEvent =
  | TopicEvent | MakeEvent | TitleEvent | InviteEvent | RemoveEvent | OwnerEvent | WriterEvent | ArchiveEvent
  | CloseEvent | SlowEvent;
export type RoomEvent = SayEvent | MarkEvent | NoteEvent;

// ---- Passing events, which have no `n`

export interface Welcome {
  do: 'welcome'; name?: string; who?: string; token?: string; instance?: string;
  /** How far this person has read: room -> n. */
  read?: Record<string, number>;
}
export interface Joined {
  do: 'joined'; room: string; last: number; said?: number; unread?: number; topic?: string; pinned?: number[];
}
export interface Here {
  do: 'here'; room: string; count: number; people?: Somebody[]; came?: Somebody[]; left?: string[];
}
export interface TypingEvent { do: 'typing'; room: string; by: string; who?: string }
/** How far this person has read, on whichever device. */
export interface SeenEvent { do: 'seen'; room: string; read: number; last: number; said: number; unread: number }
/** A room moved on that is not on view here. */
export interface Moved {
  do: 'room'; room: string; last: number; said: number; at: string; topic?: string; kind?: RoomKind; title?: string;
  /** The `n` of messages that were erased. */
  removed?: number[];
}
/** We are no longer in that room. */
export interface Gone { do: 'gone'; room: string }
/** There is news for hosts. */
export interface HostNews { do: 'host'; room?: undefined }
export interface ReturnsEvent { do: 'returns'; asks: ReturnRequest[]; room?: undefined }
export interface Refusal {
  do: 'refused'; room?: string; key?: string; code: string; message: string;
  /** Seconds. */
  retry_after?: number;
}

export type PassingEvent =
  | Joined | Here | TypingEvent | SeenEvent | Moved | Gone | HostNews | ReturnsEvent | Refusal;
export type HubEvent = RoomEvent | PassingEvent;

// ---- What the hub answers over HTTP

export type RoomKind = 'public' | 'private' | 'direct' | 'announcements';
export interface Somebody { who?: string; name: string }
export interface Page { events: RoomEvent[]; last: number; damaged?: number[] }

/** A room as the list of rooms has it. */
export interface ListedRoom {
  name: string; kind: RoomKind; title: string; topic: string; last: number; said: number; at?: string; here: number;
  may_write: boolean; read?: number; unread?: number;
  /** Who is at the other end of a direct conversation. */
  with?: string;
  /** It is mine. */
  owner?: boolean;
  archived?: boolean; closed?: boolean;
  /** Seconds between two messages of one person. */
  slow?: number;
}
export interface RoomDetails extends Omit<ListedRoom, 'owner'> {
  owner: string | null; members?: NamedPerson[]; writers?: NamedPerson[];
}
export interface NamedPerson { who: string; name: string }

/** Who this browser is. */
export interface Me { who: string; name: string; account: boolean; host: boolean; muted_until: number | null }
export interface Standing {
  person: Me | null; waiting: boolean; banned: boolean; host: boolean; hub: HubInfo; limits?: Limits;
  room?: RoomBefore | null;
}
export interface HubInfo { name: string; version: string; instance?: string; mode: Mode }
export type Mode = 'open' | 'code' | 'login';
export interface Limits { message_bytes: number; name_characters: number }
/** What a stranger may know of the room in the address. */
export interface RoomBefore { name: string; title: string; here: number }

export interface Device {
  id: string; agent: string; address: string; made: number; used: number; purpose?: string; current?: boolean;
}
/** Somebody asks to come back as a person without a password. `made` in seconds since 1970. */
export interface ReturnRequest { id: string; agent: string; address: string; made: number; who?: string }
export interface PanelPerson extends Me { waiting: boolean; banned: boolean; here: boolean; devices: Device[] }
export interface PanelRoom {
  name: string; kind: RoomKind; title: string; last: number; here: number; closed: boolean; slow: number;
}
export interface AuditEntry {
  at: string; by: string; do: string; whom?: string; name?: string; room?: string; text?: string;
}
export interface Invitation { id: string; made: number; left: number }
/** What hosts are shown. */
export interface Panel {
  mode: Mode; code: string; people: PanelPerson[]; returns: ReturnRequest[]; rooms: PanelRoom[]; audit: AuditEntry[];
  invites: Invitation[];
}
/** The squares of a QR code, row by row. */
export type QrMatrix = string[];
export interface Link { url: string; qr: QrMatrix; seconds?: number }
/** What a host asks for, see `POST /api/host`. */
export type HostDeed = { do: string } & Record<string, unknown>;

/** By which way somebody may come back to a name that has no password. */
export interface WayBack { elsewhere: string[]; ask: boolean }

// ---- What the page holds

/** A message as it is drawn: an event with all that was done to it. */
export type Message = Readonly<(SayEvent | NoteEvent) & {
  text: string; re?: number; file?: string;
  /** The `n` of the last edit, or 0. */
  edited: number;
  erased: boolean; pinned: boolean; reactions: Reaction[];
}>;
export interface Reaction { text: string; whos: (string | undefined)[]; names: string[] }

/** What somebody wrote and the hub has not confirmed. */
export interface Unsent {
  key: string; room: string; text: string; re?: number; by: string; who: string; at: string;
  /** The last `n` of the room when it was written. */
  after?: number;
}
export interface OutboxEntry extends Unsent {
  state: 'sending' | 'failed';
  /** Why the hub refused it. */
  why: string;
  /** When it was last handed over; ms. */
  since: number;
  late?: boolean;
}

/** A place to keep settings: of this browser, or of this tab. */
export interface Memory {
  get<T>(name: string, fallback: T): T;
  set(name: string, value: unknown): void;
}

/** Whether somebody may write, by whom nothing is to be seen, and the like. */
export type MutedTest = (message: { who?: string; by: string }) => boolean;
export type Place = Pick<ListedRoom, 'name' | 'kind' | 'title' | 'topic' | 'may_write'> & Partial<ListedRoom>;
