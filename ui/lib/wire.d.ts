/**
 * What goes over the wire, as the page sees it. tests/test_page.py holds the commands and the events of rooms against
 * hub/protocol, member by member.
 */
import type { MergePatch, ReturnRequest, RoomKind, Shown, Somebody, Status } from './types.d.ts';

// ---- Commands

interface InRoom { room: string }
/** Becomes an event; `key` makes it safe to repeat. */
interface Change extends InRoom { key?: string }

export interface Hello { do: 'hello'; name?: string; token?: string; code?: string; rooms_tag?: string }
export interface Join extends InRoom { do: 'join'; after?: number }
export interface Leave extends InRoom { do: 'leave' }
export interface Typing extends InRoom { do: 'typing' }
export interface Seen extends InRoom { do: 'seen'; n: number }
export interface Reads extends InRoom { do: 'reads' }
export interface Watch { do: 'watch'; rooms: string[] }
export interface Follow { do: 'follow'; people: string[] }
/** How many seconds ago somebody last touched the page, or a key. */
export interface Idle { do: 'idle'; seconds: number }
/** Who is meant by `@name` in a text: each name as it is written -> an id, or `here`. */
export type Meant = Record<string, string>;
export interface Say extends Change { do: 'say'; text: string; re?: number; to?: Meant; poll?: Poll; files?: string[] }
/** What a message may have besides its text. */
export type SayMore = Pick<Say, 're' | 'to' | 'poll'>;
export interface Topic extends Change { do: 'topic'; text: string }
export interface Look extends Change { do: 'look'; icon?: string; tint?: string }
export interface Edit extends Change { do: 'edit'; of: number; text: string; to?: Meant }
export interface Erase extends Change { do: 'erase'; of: number }
export interface React extends Change { do: 'react'; of: number; text: string }
export interface Pin extends Change { do: 'pin'; of: number }
/** Numbers of answers, the first one is 1; none takes an earlier vote back. */
export interface Vote extends Change { do: 'vote'; of: number; choice: number[] }
export interface End extends Change { do: 'end'; of: number }
export interface Title extends Change { do: 'title'; text: string }
export interface Invite extends Change { do: 'invite'; whom: string }
export interface Remove extends Change { do: 'remove'; whom: string }
export interface Owner extends Change { do: 'owner'; whom: string }
export interface Writer extends Change { do: 'writer'; whom: string; off?: boolean }
export interface Archive extends Change { do: 'archive'; off?: boolean }
export interface Close extends Change { do: 'close'; off?: boolean }
export interface Slow extends Change { do: 'slow'; seconds: number }
/** How long files stay: `days`, and the newest up to so many `bytes`; 0 for no end. */
export interface Keep extends Change { do: 'keep'; days?: number; bytes?: number }

/** What may be asked of a room that is there, and becomes an event of it. */
export type RoomCommand =
  | Edit | Erase | React | Pin | Vote | End | Topic | Look | Title | Invite | Remove | Owner | Writer | Archive
  | Close | Slow | Keep;
export type Command = Hello | Join | Leave | Typing | Seen | Reads | Watch | Follow | Idle | Say | RoomCommand;

/** A type whose members are those of each member of the union `T`, without `K`. */
export type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

// ---- Events of a room, numbered without gaps

export interface Numbered {
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
  to?: Meant;
  file?: string;
  /** What it asks; its text says the same. */
  poll?: Poll;
  /** What goes with it; then its text may be empty. */
  files?: SentFile[];
  /** Where it was forwarded from. */
  fwd?: Origin;
  /** On a page of history, where edits are applied: the `n` of the last one. */
  edited?: number;
  /** On a page of history. */
  erased?: boolean;
}
export interface EditEvent extends Numbered { do: 'edit'; of: number; text: string; to?: Meant }
export interface EraseEvent extends Numbered { do: 'erase'; of: number }
export interface ReactEvent extends Numbered { do: 'react'; of: number; text: string; off?: boolean }
export interface PinEvent extends Numbered { do: 'pin'; of: number; off?: boolean }
export interface VoteEvent extends Numbered { do: 'vote'; of: number; choice: number[] }
export interface EndEvent extends Numbered { do: 'end'; of: number }
export interface TopicEvent extends Numbered { do: 'topic'; text: string }
export interface LookEvent extends Numbered { do: 'look'; icon: string; tint: string }
export interface MakeEvent extends Numbered { do: 'make'; kind: RoomKind; text: string; whom?: string; name?: string }
export interface TitleEvent extends Numbered { do: 'title'; text: string }
export interface InviteEvent extends Numbered { do: 'invite'; whom: string; name: string }
export interface RemoveEvent extends Numbered { do: 'remove'; whom: string; name: string }
export interface OwnerEvent extends Numbered { do: 'owner'; whom: string; name: string }
export interface WriterEvent extends Numbered { do: 'writer'; whom: string; name: string; off?: boolean }
export interface ArchiveEvent extends Numbered { do: 'archive'; off?: boolean }
export interface CloseEvent extends Numbered { do: 'close'; off?: boolean }
export interface SlowEvent extends Numbered { do: 'slow'; seconds: number }
export interface KeepEvent extends Numbered { do: 'keep'; days: number; bytes: number }
/** These files are gone, as they stayed for as long as files stay. */
export interface ExpireEvent extends Numbered { do: 'expire'; ids: string[] }

/** Says something about an earlier message. */
export type MarkEvent = EditEvent | EraseEvent | ReactEvent | PinEvent;
/** Happened to the room itself. */
export type NoteEvent =
  | TopicEvent | LookEvent | MakeEvent | TitleEvent | InviteEvent | RemoveEvent | OwnerEvent | WriterEvent | ArchiveEvent
  | CloseEvent | SlowEvent | KeepEvent | ExpireEvent;
/** Happened to a poll. */
export type PollEvent = VoteEvent | EndEvent;
export type RoomEvent = SayEvent | MarkEvent | PollEvent | NoteEvent;
/** Who said a forwarded message and when; where, only if everybody may see it there. */
export interface Origin { by: string; at: string; who?: string; room?: string; n?: number }
/** With `many` any number of the answers can be chosen. */
export interface Poll { answers: string[]; many?: boolean; question?: string }
/** `type` as the hub found it; `width` and `height` of a picture as it is shown; `preview`: there is a small one of it. */
export interface SentFile {
  id: string; name: string; size: number; type: string; sha256: string; width?: number; height?: number; preview?: boolean;
  /** It is gone, as it stayed for as long as files stay. */
  expired?: boolean;
}

// ---- Passing events, which have no `n`

export interface Welcome {
  do: 'welcome'; name?: string; who?: string; token?: string; instance?: string;
  /** How far this person has read: room -> n. */
  read?: Record<string, number>;
  /** What this person says of themself. */
  status?: Status;
  /** The list of rooms is still the one of the tag that the hello bore. */
  rooms_current?: boolean;
  /** Another one than that of the first answer, where preferences were changed since. */
  preferences_tag?: string;
}
export interface Joined {
  do: 'joined'; room: string; last: number; said?: number; unread?: number; mentions?: number; topic?: string;
  pinned?: number[];
}
export interface Here {
  do: 'here'; room: string; count: number; people?: Somebody[]; came?: Somebody[]; left?: string[];
}
export interface TypingEvent { do: 'typing'; room: string; by: string; who?: string }
/** How far somebody has read: up to event `n`, or 0 where that is not shown any more. */
export interface ReadMark { who: string; name: string; n: number }
/** `all` others' marks, or those of who has read on; without `reads` the room is too large to tell of. */
export interface ReadsEvent { do: 'reads'; room: string; all?: boolean; reads?: ReadMark[] }
/** How far this person has read, on whichever device. */
export interface SeenEvent {
  do: 'seen'; room: string; read: number; last: number; said: number; unread: number; mentions?: number;
}
/** A message mentions me, or answers one of mine, in whatever room. */
export interface MentionEvent { do: 'mention'; room: string; of: number; by: string; who?: string; text: string }
/** A room moved on that is not on view here. */
export interface Moved {
  do: 'room'; room: string; last: number; said: number; at: string; topic?: string; kind?: RoomKind; title?: string;
  /** Left out where the room has none. */
  icon?: string; tint?: string;
  closed?: boolean;
  /** For each message that was erased: the `n` of the event that did it, and its own. */
  erased?: [number, number][];
}
/** We are no longer in that room. */
export interface Gone { do: 'gone'; room: string }
/** There is news for hosts. */
export interface HostNews { do: 'host'; room?: undefined }
/** The hub has another name. */
export interface Renamed { do: 'hub'; name: string; room?: undefined }
/** For hosts: what they are to know of the program now. */
export interface NoticesEvent { do: 'notices'; notices: string[]; room?: undefined }
/** This person changed their preferences, here or on another device. */
export interface PreferencesEvent { do: 'preferences'; patch: MergePatch; room?: undefined }
/** What this person says of themself is another. */
export interface StatusEvent { do: 'status'; status: Status | null; room?: undefined }
/** Somebody whom the page follows: whether they are here, and when they left. */
export interface PersonEvent extends Shown { do: 'person'; who: string; here: boolean; last?: number; room?: undefined }
export interface ReturnsEvent { do: 'returns'; asks: ReturnRequest[]; room?: undefined }
export interface Refusal {
  do: 'refused'; room?: string; key?: string; code: string; message: string;
  /** Seconds. */
  retry_after?: number;
}

export type PassingEvent =
  | Joined | Here | TypingEvent | SeenEvent | ReadsEvent | MentionEvent | Moved | Gone | HostNews | Renamed | NoticesEvent
  | ReturnsEvent
  | PreferencesEvent | StatusEvent | PersonEvent
  | Refusal;
export type HubEvent = RoomEvent | PassingEvent;
