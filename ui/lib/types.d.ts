/** What the page knows and passes on, with what the hub answers; wire.d.ts has its commands and events. */
import type { AlertLevel, QuietHours } from './alert-types.d.ts';
import type {
  HubEvent, Meant, NoteEvent, Numbered, Origin, Poll, ReadMark, RoomCommand, RoomEvent, SayEvent, SayMore, SentFile,
  Welcome, Without,
} from './wire.d.ts';

export type * from './alert-types.d.ts';
export type * from './wire.d.ts';

// ---- What the hub answers over HTTP

export type RoomKind = 'public' | 'private' | 'direct' | 'announcements';
/** What a person says of themself; `until` in seconds since 1970; who is `busy` is not to be disturbed. */
export interface Status { text?: string; emoji?: string; until?: number; busy?: boolean }
/** What stands beside a name. */
export interface Shown { status?: Status; away?: boolean }
export interface Somebody extends Shown { who?: string; name: string }
/** `last`: when they were here last, in seconds since 1970, where I may know it. */
export interface Presence extends Shown { here: boolean; last?: number }
export interface Page {
  room: string; events: RoomEvent[]; last: number; damaged?: number[];
  /** Of each message that has answers, the `n` and how many. */
  replies?: [number, number][];
}
/** A message, what it answers (the root first), and a page of what answers it. */
export interface RepliesPage {
  chain: SayEvent[]; message: SayEvent; events: SayEvent[]; count: number; more: boolean;
}

/** A room as the list of rooms has it. */
export interface ListedRoom {
  name: string; kind: RoomKind; title: string; topic: string; last: number; said: number; at?: string; here: number;
  may_write: boolean; read?: number; unread?: number;
  /** Of those that are unread, how many mention or answer me. */
  mentions?: number;
  /** Who is at the other end of a direct conversation. */
  with?: string;
  /** It is mine. */
  owner?: boolean;
  archived?: boolean; closed?: boolean;
  /** Seconds between two messages of one person. */
  slow?: number;
  /** How it looks: an emoji or a letter, and the name of a colour. */
  icon?: string; tint?: string;
  /** How long files stay: so many days, and the newest up to so many bytes. */
  keep_days?: number; keep_bytes?: number;
}
/** A message that mentions me, or answers one of mine. */
export interface MentionOfMe {
  room: string; title: string; n: number; at: string; by: string; who?: string; text: string; unread: boolean; re?: number;
  files?: SentFile[];
}
export interface MentionsPage { mentions: MentionOfMe[]; next?: string }
/** A file of a room with the message that it was sent with; a host may have taken it away from the folder. */
export interface RoomFile extends SentFile { n: number; at: string; by: string; who?: string; gone?: boolean }
export interface FilesPage { files: RoomFile[]; more: boolean }
/** A picture in a message. */
export interface ShownPicture { room: string; n: number; at: string; by: string; file: SentFile }
export interface RoomsPiece { rooms: ListedRoom[]; next?: string }
export interface RoomDetails extends Omit<ListedRoom, 'owner'> {
  owner: string | null; members?: NamedPerson[]; writers?: NamedPerson[];
}
export interface NamedPerson { who: string; name: string }
export interface FoundPerson extends NamedPerson { here: boolean }

/** What a person set for themself, on all their devices; the hub keeps it as it is. */
export interface Preferences {
  alerts?: { flash?: boolean; text?: boolean; quiet?: Partial<QuietHours> };
  /** `false`: hides when I was here last, and I see it of nobody. The hub reads it. */
  last_here?: boolean;
  /** False hides from others how far this person has read, and how far others have from this person. */
  reads?: boolean;
  /** The tone of skins, from 1 to 5, and the emoji used last. */
  emoji?: { tone?: number; recent?: string[] };
  /** How the list of rooms is sorted; names in the order that they were put in by hand; what was set for each room. */
  /** The welcome for hosts was left or done; hints that are not needed any more. */
  welcomed?: boolean; hints?: { [name: string]: boolean };
  rooms?: { sort?: RoomSort; hand?: string[]; of?: { [room: string]: RoomPreference } };
}
export type RoomSort = 'name' | 'news' | 'hand';
export interface RoomPreference { favourite?: boolean; muted?: boolean; hidden?: boolean; alerts?: Exclude<AlertLevel, 'nothing'> }
/** A JSON merge patch (RFC 7396) of preferences: members to set, null for those that are to go. */
export type MergePatch = { [name: string]: unknown };

/** Who this browser is. */
export interface Me { who: string; name: string; account: boolean; host: boolean; muted_until: number | null }
export interface Standing {
  person: Me | null; waiting: boolean; banned: boolean; host: boolean; hub: HubInfo; limits?: Limits;
  room?: RoomBefore | null;
}
/** What came with the answer to who we are, so that it need not be asked for. */
export interface FirstState {
  rooms?: ListedRoom[]; rooms_next?: string; rooms_tag?: string; page?: Page; preferences?: Preferences;
  preferences_tag?: string;
}
export interface Start extends FirstState { me: Standing }
declare global {
  /** The request for it that start.js has made; `stop` ends it. */
  var hearthStart: { stop: AbortController, answer: Promise<Response> } | undefined;
}
/** Why something was not done. */
export interface ProblemParts {
  code?: string; message?: string;
  /** HTTP's, or 0 where the hub did not answer. */
  status?: number;
  /** Seconds. */
  retryAfter?: number;
  recovery?: WaysBack | null;
}
export interface NewRoom {
  kind: 'private' | 'announcements' | 'direct'; title?: string; name?: string; whom?: string;
}
/** `notices` are for hosts: what they ought to know of how Hearth was started. */
export interface HubInfo { name: string; version: string; instance?: string; mode: Mode; notices?: string[] }
export type Mode = 'open' | 'code' | 'login';
export interface Limits { message_bytes: number; name_characters: number }
/** What a stranger may know of the room in the address. */
export interface RoomBefore { name: string; title: string; here: number }

export interface Device {
  id: string; agent: string; address: string; made: number; used: number; purpose?: string; here?: boolean;
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
/** So many files with so many bytes. */
export interface Taken { files: number; bytes: number }
/**
 * What takes room, as hosts are told: `used` bytes of the `most` that files may have, 0 for no limit, and `each` of them;
 * of the disk `free` ones, of which `spare` stay so.
 */
export interface FileSpace {
  used: number; most: number; each: number; free?: number; spare?: number; total: Taken; hidden: Taken; unfinished: Taken;
  rooms: (Taken & { room: string })[]; people: (Taken & { by: string; who?: string })[]; kinds: (Taken & { kind: string })[];
}
/** A file that somebody put into a room's folder by hand. `at` in seconds since 1970. */
export interface FoundFile {
  room: string; id: string; name: string; size: number; at: number; sharing: boolean; fault?: string;
}
export interface FoundFiles { files: FoundFile[]; more: boolean }
/** The squares of a QR code, row by row. */
export type QrMatrix = string[];
export interface Link { url: string; qr: QrMatrix; seconds?: number }
/** What a host does, see `POST /api/host`, and what the hub answers. */
export type HostAction =
  | { do: 'kick' | 'ban' | 'unban' | 'approve' | 'deny' | 'free' | 'clear_status'; whom: string }
  | { do: 'mute'; whom: string; seconds: number } | { do: 'host'; whom: string; off?: boolean }
  | { do: 'name'; text: string } | { do: 'mode'; mode: Mode } | { do: 'code'; end: boolean } | { do: 'invite'; count: number }
  | { do: 'withdraw'; invitation: string } | { do: 'readmit'; ask: string; off: boolean }
  | { do: 'close'; room: string; off: boolean } | { do: 'slow'; room: string; seconds: number };
export interface HostAnswer { ok?: boolean; code?: string; invite?: string; url?: string; qr?: QrMatrix }
/** How a person without a password may get the name back: by other addresses of the hub, or by asking. */
export interface WaysBack { elsewhere: string[]; ask: boolean }
/** The answer to somebody who asks to be a person again; `heard`: somebody is there who can tell. */
export interface RecoveryAnswer { ask: string; heard: boolean }

// ---- What the page holds

/** An event that has a row of its own. */
export type RowEvent = (SayEvent | NoteEvent) & SayMore & {
  text?: string; edited?: number; erased?: boolean; files?: SentFile[];
};
/** A message as it is drawn: an event with all that was done to it. */
export type Message = Readonly<Numbered & SayMore & Pick<RowEvent, 'do'> & {
  text: string; file?: string; files?: SentFile[]; fwd?: Origin; kind?: RoomKind; whom?: string; name?: string; seconds?: number;
  off?: boolean; icon?: string; tint?: string; days?: number; bytes?: number; ids?: string[];
  /** The `n` of the last edit, or 0. */
  edited: number;
  erased: boolean; pinned: boolean; reactions: Reaction[];
}>;
export interface Reaction { text: string; whos: (string | undefined)[]; names: string[] }

/** What somebody wrote and the hub has not confirmed. */
export interface Unsent extends SayMore {
  key: string; room: string; text: string; by: string; who: string; at: string;
  files?: UnsentFile[];
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
  /** It was on its way to the hub, which may have saved it. */
  tried?: boolean;
}

/** A file that goes with a message which is not sent yet; `done`: the hub has all of it. */
export interface UnsentFile { id: string; name: string; size: number; type: string; done: boolean }
/** A file on its way to the hub. */
export interface Attached extends Omit<UnsentFile, 'done'> {
  room: string;
  /** The draft that it belongs to, or '' once it goes with a message that was sent off. */
  place: string;
  /** `lost`: this page cannot read it any more, and it has to be chosen again. */
  state: 'waiting' | 'preparing' | 'sending' | 'offline' | 'done' | 'failed' | 'lost';
  /** Bytes that are there. */
  sent: number;
  /** Seconds until all of it is there, as it seems. */
  left: number;
  /** Why it could not be sent. */
  why: string;
  /** The address of a small picture of it, or ''. */
  picture: string;
  /** Where the page has it, if it is a sound; or ''. */
  sound: string;
  /** It says where and when it was taken, and that is left out; or with `kept` it goes with it. */
  stripped: boolean;
  kept: boolean;
}
/** A request of `file-transport.js`; `onProgress` hears how many bytes of the body went out. */
export interface FileRequest {
  method: string; address: string; headers?: Record<string, string>; body?: Blob | null;
  onProgress?: (sent: number) => void; signal?: AbortSignal;
}
/** `header(name)` is '' where it is missing; `content` is the JSON of the answer. */
export interface FileAnswer { status: number; header(name: string): string; content: any }
export type SendFile = (request: FileRequest) => Promise<FileAnswer>;
/** What an `Upload` works with. */
export interface UploadParts {
  address: string; body: Blob; name: string; type: string; begun?: boolean; send: SendFile; signal: AbortSignal;
  digest: (body: Blob, signal: AbortSignal) => Promise<string>;
  told: (state: { sent: number, offline: boolean }) => void;
}
/** What of a file is sent, with a small picture of it, and whether something was left out. */
export interface Prepared { body: Blob; preview: Blob | null; stripped: boolean }

/** What is known of how far others have read a room: nobody's marks where it is not small. */
export interface RoomReads { room: string; small: boolean; marks: Map<string, ReadMark> }
/** Who has read a message: `count` of `of` people who could have and show it, and the names of the first ones. */
export interface Readers { people: NamedPerson[]; count: number; of: number }
/** A message that is about to be removed; while it `waits` that can be undone. */
export interface Removal { key: string; room: string; n: number; text: string; who: string; waits: boolean }
/** A poll that is being made. */
export interface PollDraft { question: string; answers: string[]; many: boolean }
export interface VotesAnswer { ended: boolean; votes: { who: string; name: string; choice: number[] }[]; last: number }
/** What a message said from event `n` on. */
export interface Version { n: number; at: string; by: string; who?: string; text: string }

/** A place to keep settings: of this browser, or of this tab. */
export interface Memory {
  get(name: string, fallback: string): string;
  get(name: string, fallback: boolean): boolean;
  get<T>(name: string, fallback: T): T;
  set(name: string, value: unknown): void;
}

/** By whom something is, as far as it matters to who muted them. */
export interface Author { who?: string; by?: string }
export type IsMuted = (author: Author) => boolean;
/** What the list of rooms says of a room, with defaults for one that is not in it. */
export type RoomInfo = Pick<ListedRoom, 'name' | 'kind' | 'title' | 'topic' | 'may_write'> & Partial<KnownRoom>;
/** What the list says of a room, once an event told of it; `piece`: in which piece it came, the first one is 0. */
export type KnownRoom = Partial<ListedRoom> & Pick<ListedRoom, 'name' | 'last' | 'said'> & { piece?: number };
export type Counts = Pick<ListedRoom, 'last' | 'said' | 'unread' | 'mentions'>;

export type Phase =
  | 'starting' | 'joining' | 'waiting' | 'recovering' | 'in' | 'banned' | 'refused';
export type ConnectionState = 'idle' | 'opening' | 'live' | 'polling' | 'lost' | 'gone' | 'paused' | 'ended';
/** The part of the store that the session writes. */
export type SessionParts = Pick<
  import('./store.js').Store,
  'phase' | 'reason' | 'me' | 'browserIsHost' | 'hub' | 'limits' | 'preview' | 'fromUrl'
>;
/** What was asked to be recovered: as whom, and whether somebody hears it. */
export interface Recovery { name: string; heard: boolean; ask?: boolean }
/** What an address carried behind its `#`. */
export interface UrlParts {
  ticket?: string; link?: string; code?: string; invite?: string; to?: string; state?: string;
}
/** `typed` must be typed to say yes; a `calm` one loses nothing but gives something away. */
export interface Question { title: string; text?: string; yes: string; typed?: string; calm?: boolean }
/** Resolves to whether the person says yes. */
export type Confirm = (question: Question) => Promise<boolean>;
export interface Navigation {
  here: string;
  leave(base: string, fragment: Record<string, string>): void;
  turnBack(): void;
}
/** What a Connection raises, with its detail. */
export interface ConnectionEvents {
  state: ConnectionState; welcome: Welcome; ended: { reason: string }; event: HubEvent;
}
/** What views may ask for and wait for, by name. */
export interface Requests {
  confirm: Question;
  'find-people': { like: string }; mentions: { after: string }; message: { room: string; n: number };
  'own-hosts': Record<string, never>; emoji: Record<string, never>;
  versions: { room: string; n: number }; votes: { room: string; n: number };
  act: { command: Without<RoomCommand, 'room' | 'key'> };
  forward: { room: string; n: number; to: string; key: string }; direct: { who: string };
  replies: { room: string; n: number; after?: number; limit?: number };
  readers: { room: string; n: number };
  'file-bytes': { room: string; id: string };
  'file-text': { room: string; id: string; bytes: number }; 'room-files': { room: string; before?: number };
  'find-rooms': { text: string }; 'room-pages': { text: string; after?: string; limit?: number };
  'set-password': { password: string };
  'change-password': { old: string; fresh: string };
  rename: { name: string };
  'set-status': { status: Status | null };
  devices: Record<string, never>;
  'end-device': { device: string };
  'link-device': Record<string, never>; 'make-token': { purpose: string };
  'log-out': { everywhere?: boolean };
  'room-details': { name: string };
  'change-room': { name: string; command: Without<RoomCommand, 'room'> };
  'leave-room': { name: string };
  'delete-room': { name: string };
  'make-room': NewRoom;
  'message-person': { who: string };
  'answer-recovery': { id: string; yes: boolean };
  'watch-host-panel': { on: boolean };
  invitation: Record<string, never>;
  'host-action': HostAction;
  'file-space': Record<string, never>; 'found-files': Record<string, never>;
  'share-found': { room: string; id: string; text: string };
  'files-leaving': { room: string; days: number; bytes: number };
}
export type RequestHandlers = { [K in keyof Requests]: (given: Requests[K]) => unknown };
export type Api = typeof import('./api.js');

/** What a message is grouped by with the one above. */
export interface Grouped { by: string; who?: string; at: string; re?: number; bot?: boolean }
/** A message that is quoted: as it is drawn, or as it was fetched. */
export type Quote = Message | RoomEvent;
/** A row of the message list. */
export type Row =
  | { id: string; kind: 'start'; empty: boolean; info: Partial<RoomInfo> }
  | { id: string; kind: 'earlier' | 'new' }
  | { id: string; kind: 'gap'; count: number }
  | { id: string; kind: 'day'; at: string }
  | { id: string; kind: 'note'; n: number; message: Message }
  | { id: string; kind: 'muted'; all: number[]; count: number; by: string; who?: string }
  | { id: string; kind: 'message'; n: number; message: Message; more: boolean; apart: boolean; quote: Quote | null;
      removing?: boolean; replies?: number }
  | { id: string; kind: 'pending'; entry: OutboxEntry; more: boolean; apart: boolean; quote: Quote | null };
export type RowOf<K extends Row['kind']> = Extract<Row, { kind: K }>;
/** What of a row decides whether it is drawn anew. */
export interface RowContent {
  kind: string; message?: Message; entry?: OutboxEntry; more?: boolean; apart?: boolean; quote?: Quote | null;
  count?: number; empty?: boolean; info?: Partial<RoomInfo>; removing?: boolean; replies?: number;
}
/** A token of marked, with the members that some kinds of it have. */
export interface MarkdownToken {
  type: string; raw: string; text: string; href?: string; tokens?: MarkdownToken[];
  /** Of a list. */
  items?: MarkdownToken[]; ordered?: boolean; start?: number | '';
  /** Of an item in it. */
  task?: boolean; checked?: boolean;
  /** Of a code block: the words behind its fence. */
  lang?: string;
  /** Of a table. */
  header?: TableCell[]; rows?: TableCell[][];
}
/** What a part of code is, as far as colours go. */
export type CodeKind = 'keyword' | 'string' | 'number' | 'comment' | 'title' | 'type' | 'attr' | 'deletion';
/** The name of the language, and the code in parts; '' is no kind. */
export interface CodeTokens { language: string; tokens: [CodeKind | '', string][] }
/** What is known of emoji in a language, as `scripts/emoji.py` writes it: a line of each column is one emoji. */
export interface EmojiColumns {
  /** The key, name and size of each category, in order. */
  groups: [string, string, number][];
  /** The names of the tones, the lightest first. */
  tones: string[];
  emoji: string; labels: string; words: string; codes: string;
  /** The version of a newer emoji, and a `t` where it has tones. */
  marks: string;
}
/** `at`: its line in the columns; `toned`: whether it comes in the tones of skins. */
export interface Emoji { at: number; text: string; label: string; codes: string[]; toned: boolean }
/** What can be chosen: what is known of an emoji, and how it was written before; else it takes the chosen tone. */
export interface EmojiCell { emoji?: Emoji; text?: string }
export interface EmojiSection { title: string; cells: EmojiCell[] }
/** What `text-marks.js` puts around a text. */
export type MarkName = 'bold' | 'italic' | 'strike' | 'code' | 'quote' | 'list' | 'link' | 'spoiler';
/** `text` comes in place of what is from `start` to `end`; then `selection` is selected. */
export interface TextChange { start: number; end: number; text: string; selection: [start: number, end: number] }
/** A cell of a table in a message. */
export interface TableCell { tokens: MarkdownToken[]; align: 'left' | 'center' | 'right' | null }
/** The message that a draft replies to. */
export interface Replied { n: number; by: string; who?: string; text?: string; files?: SentFile[] }
export interface Draft { text: string; re: Replied | null; to: Meant }
/** A word that can be completed: its sign, what follows that up to the caret, and where it stands in the text. */
export interface TypedWord { sign: string; query: string; start: number }
/** A name in a text, and who is meant by it. */
export interface Mention { name: string; who: string }
/** What an address of this hub leads to: `n` is 0 where it is no message, `person` '' where it is nobody. */
export interface HubLink { room: string; n: number; person: string }
/** A part of a sentence: plain words, or what people chose and may run in either direction. */
export type SentencePart = string | { named: string };
