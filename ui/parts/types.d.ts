/** Actions, requests and parts by name, and what the message list is drawn from. */
import type { Attachments } from '../lib/attachments.js';
import type { Chat } from '../lib/chat.js';
import type { Connection } from '../lib/connection.js';
import type { Outbox } from '../lib/outbox.js';
import type { requestHandlers } from '../lib/requests.js';
import type { Room } from '../lib/room.js';
import type { Store } from '../lib/store.js';
import type {
  Confirm, IsMuted, Me, Meant, Mention, MergePatch, Message, PollDraft, ProblemParts, Requests, Row, RowContent, SayMore,
  ShownPicture, Somebody, UnsentFile,
} from '../lib/types.d.ts';
import type { Component } from './component.js';

/** No members at all. */
type None = Record<string, never>;
/** The last parameter of a function, which may be left out where none of its members is required. */
export type Detail<T> = {} extends T ? [detail?: T] : [detail: T];

// ---- Actions

/** A form that hears why the hub refused it. */
interface Refusable { refused(problem: ProblemParts): void }
/** A message, with its number and text for actions that need no more. */
interface MessageDetail { n: number; message: Message; text: string }

/** What parts raise, by name, with its detail; `actions.js` says what comes of it. */
export interface Actions {
  request: RequestDetail;
  join: { name: string; code?: string; password?: string; form: Refusable };
  login: { name: string; password?: string; form: Refusable };
  'clear-reason': None;
  recheck: None;
  handover: { base: string; name: string; ask: boolean };
  recover: { name: string; code?: string; form: Refusable };
  'withdraw-recovery': None;
  'withdraw-join': None;
  'open-room': { room: string };
  'expect-room': { room: string };
  'open-message': { room: string; n: number };
  'rooms-drawn': { names: string[] };
  'rooms-end': None;
  'rooms-needed': { names: string[] };
  'forget-room': { room: string };
  reconnect: None;
  mute: { id: string; name?: string };
  notice: { text: string };
  drawer: { name: Drawer };
  'focus-composer': None;
  'restore-focus': None;
  /** `aside`: not in the conversation's own box. */
  say: SayMore & { text: string; files?: UnsentFile[]; aside?: boolean };
  'pick-files': None;
  /** `place`: the draft with which they go; `room`: its room, where that may be another by now. */
  attach: { files: File[]; place: string; room?: string };
  /** The microphone was pressed: `event` says how. */
  record: { event: Event, letGo: AbortSignal | null };
  'end-recording': {};
  'drop-files': { ids: string[] };
  /** `file`: chosen again. */
  'resend-file': { id: string; file?: File };
  'keep-metadata': { place: string; keep: boolean };
  forward: { messages: Message[] };
  'need-poll': None;
  /** `say` is called with what was made. */
  'make-poll': { draft: PollDraft | null; say(said: Actions['say']): void };
  'open-thread': { n: number };
  'close-thread': None;
  retry: { key: string };
  discard: { key: string };
  'edit-unsent': { key: string };
  typing: None;
  follow: { room: Room; on: boolean };
  trim: { room: Room; first: number; last: number };
  seen: None;
  older: None;
  newer: None;
  newest: None;
  oldest: None;
  jump: { n: number };
  'need-quote': { n: number };
  'scroll-page': { direction: number };
  reply: MessageDetail;
  edit: MessageDetail;
  save: { n: number; text: string; to?: Meant };
  react: { n: number; room?: string; text: string };
  pin: { n: number; message?: Message };
  'dismiss-pin': { n: number };
  topic: { text: string };
  erase: MessageDetail;
  'undo-removal': { n: number };
  select: MessageDetail;
  'erase-all': { messages: Message[] };
  copy: { text: string };
  'copy-link': { message: Message };
  'show-invite': None;
  'show-mentions': None;
  'show-you': { face?: string };
  'show-room': { face?: string; fresh?: boolean };
  'show-room-options': { room: string };
  'show-person': Somebody;
  /** Somebody is on a card, or with '' nobody is. */
  'show-presence': { who: string };
  'show-pinned': None;
  'show-versions': { n: number };
  'show-readers': { n: number };
  'show-files': None;
  /** Of the pictures the one at this place. */
  'show-picture': { pictures: ShownPicture[]; at: number };
  'show-directory': { face: string };
  'show-help': None;
  'show-welcome': None;
  'show-host': None;
  'message-person': { who: string };
  'show-reactions': { message: Message };
  'pick-emoji': { anchor: Element; taken(text: string): void };
  prefer: { patch: MergePatch };
}
/** What is done; `from` is the part that asks. */
export type ActionHandlers = { [K in keyof Actions]: (detail: Actions[K], from: Element) => unknown };

// ---- Parts

/** The names of parts that others call: `app` for `<hearth-app>`. */
export type PartName = { [K in keyof HTMLElementTagNameMap]: K extends `hearth-${infer N}` ? N : never }[
  keyof HTMLElementTagNameMap];
export type Part<N extends PartName> = HTMLElementTagNameMap[`hearth-${N}`];
/** A column that is a drawer where there is little width, or '' for none. */
export type Drawer = '' | 'rooms' | 'people';

/** What `actions.js` works with. */
export interface Page {
  chat: Chat; connection: Connection; outbox: Outbox; store: Store; confirm: Confirm;
  request: <K extends keyof Requests>(name: K, detail: Requests[K]) => Promise<unknown>;
  /** What sends files, once it is there; null where it does not come. */
  attachments: () => Promise<Attachments | null>;
  /** Opens a room at its address. */
  go: (room: string, how: { push?: boolean; replace?: boolean; n?: number }) => void;
}

// ---- Requests

/** What is answered to a request. */
export type Answer<K extends keyof Requests> = Awaited<ReturnType<ReturnType<typeof requestHandlers>[K]>>;
interface RequestDetail { name: keyof Requests; detail: Requests[keyof Requests]; answer(value: unknown): void }

// ---- Completion

/** What can be put in place of the word being typed; one of `avatar` (an id), `icon` and `emoji` is drawn before it. */
export interface CompletionItem {
  id: string; label: string; hint?: string; avatar?: string; icon?: string; emoji?: string;
  /** What is written, without a space behind it. */
  insert: string;
  /** Who is meant then, and whether they are not in the room. */
  mention?: Mention;
  outside?: boolean;
}
/** What words that begin with a sign can be; `spaced` ones may hold spaces. `label` says what is offered. */
export interface CompletionSource {
  sign: string; spaced?: boolean; label: string;
  /** What fits, the best first; `query` may be empty. */
  find(query: string, asker: Component): CompletionItem[] | Promise<CompletionItem[]>;
  /** Called a moment later where it takes asking the hub; its answer takes the place of the first one. */
  more?(query: string, asker: Component): Promise<CompletionItem[]>;
  chosen?(item: CompletionItem, asker: Component): void;
}

/** What a link of this hub leads to, in words. */
export interface Found { label: string; note: string }

// ---- The message list

/** What rows are drawn with. */
export interface RowContext {
  me: Me | null;
  /** By the id of a row, how many pieces of its long text were asked for. */
  unfolded: Map<string, number>;
  /** Whether a message is not to be seen. */
  muted: IsMuted;
  /** The present name of a person, where it is known. */
  nameOf: (who: string) => string | undefined;
}
/** A row in the page, with what it shows. */
export type RowNode = HTMLElement & { row: Row & RowContent };
