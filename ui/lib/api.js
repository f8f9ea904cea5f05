/** The HTTP API of the hub. Every answer is JSON; every refusal is a `Problem` with a sentence fit to be shown. */
import { fileAddress } from './file-address.js';
import { pathOf, roomFromPath } from './room-name.js';
/** @import { Device, EmojiColumns, FilesPage, FileSpace, FoundFiles, FoundPerson } from './types.d.ts' */
/** @import { HostAction, HostAnswer, Link, Me } from './types.d.ts' */
/** @import { Meant, MentionsPage, MergePatch, NewRoom, Page, Panel, Preferences, ProblemParts } from './types.d.ts' */
/** @import { QrMatrix, Readers, ReadMark, RecoveryAnswer, RepliesPage, RoomCommand } from './types.d.ts' */
/** @import { RoomDetails, RoomEvent, RoomsPiece, SayMore, Seen, Standing, Start, Status } from './types.d.ts' */
/** @import { Taken, Version, VotesAnswer, Without } from './types.d.ts' */

const TIMEOUT = 12000; // ms
const LONG = 60000; // where the hub reads files, or all of one comes

/** Why something was not done: `status` 0 where the hub did not answer, `retryAfter` in seconds. */
export class Problem extends Error {
  /** @param {ProblemParts} [parts] */
  constructor({
    code = 'unreachable', message = 'Hearth cannot be reached.', status = 0, retryAfter = 0, recovery = null,
  } = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
    this.recovery = recovery;
  }
}

/**
 * Who we are, and what a stranger may know of the room in the address.
 * @type {() => Promise<Standing>}
 */
export const me = () => ask('GET', `/api/me?room=${encodeURIComponent(roomFromPath(location.pathname))}`);
/**
 * The same and, for somebody who is in, the rooms and the last page of the one in the address. The first time start.js
 * has asked already.
 * @returns {Promise<Start>}
 */
export function start() {
  const asked = globalThis.hearthStart;
  globalThis.hearthStart = undefined;
  const address = `/api/start?room=${encodeURIComponent(roomFromPath(location.pathname))}`;
  return ask('GET', address, undefined, TIMEOUT, { asked });
}

/** @type {(timeout?: number) => Promise<unknown>} */
export const health = (timeout = 4000) => ask('GET', '/api/health', undefined, timeout);
/**
 * A piece of the list of rooms, the latest first: that after the `next` of another, or of the rooms with a text `find`.
 * @type {(asked?: { after?: string, find?: string, limit?: string }) => Promise<RoomsPiece>}
 */
export const rooms = (asked = {}) => ask('GET', `/api/rooms?${new URLSearchParams({ limit: '1000', ...asked })}`);
/** @type {(given: Record<string, string | undefined>) => Promise<unknown>} */
export const enter = (given) => ask('POST', '/api/session', given);
/** @type {(name: string, password?: string) => Promise<Standing>} */
export const login = (name, password) => ask('POST', '/api/login', { name, password });
/** @type {() => Promise<null>} */
export const forget = () => ask('DELETE', '/api/session');
/** @type {(ticket: string) => Promise<Standing>} */
export const redeem = (ticket) => ask('POST', '/api/ticket', { ticket });
/** @type {(link: string, replace?: boolean, state?: string | null) => Promise<Standing>} */
export const follow = (link, replace = false, state = null) => ask('POST', '/api/link', { link, replace, state });
/** @type {(to: string, state: string) => Promise<{ url: string, link: string }>} */
export const handOver = (to, state) => ask('POST', '/api/devices/handover', { to, state });
/** @type {(given: { name: string, code?: string }) => Promise<RecoveryAnswer>} */
export const askBack = (given) => ask('POST', '/api/return', given);
/** @type {(asked: string, withdraw?: boolean) => Promise<Standing | Pick<RecoveryAnswer, 'heard'>>} */
export const comeBack = (asked, withdraw = false) => ask('POST', '/api/return/come', { ask: asked, withdraw });
/** @type {(id: string, yes: boolean) => Promise<null>} */
export const answerReturn = (id, yes) => ask('POST', `/api/returns${pathOf(id)}`, { yes });
/** @type {(name: string) => Promise<{ addresses: string[], qr: Record<string, QrMatrix> }>} */
export const invite = (name) => ask('GET', `/api/invite?room=${encodeURIComponent(name)}`);
/** @type {(name: string, body: { msg: string, key?: string, files?: string[] } & SayMore) => Promise<RoomEvent>} */
export const say = (name, body) => ask('POST', chatAddress(name), body);

/** @type {(after: string) => Promise<MentionsPage>} */
export const mentions = (after) => ask('GET', `/api/mentions${after && `?after=${encodeURIComponent(after)}`}`);
/** @type {() => Promise<Preferences>} */
export const preferences = () => ask('GET', '/api/me/preferences');
/** @type {(patch: MergePatch) => Promise<Preferences>} */
export const changePreferences = (patch) => ask('PATCH', '/api/me/preferences', patch, TIMEOUT, { keepalive: true });
/**
 * Removes a message, also while the page is being left.
 * @type {(room: string, of: number, key: string) => Promise<unknown>}
 */
export const erase = (room, of, key) => ask('POST', roomAddress(room), { do: 'erase', of, key }, TIMEOUT, {
  keepalive: true,
});
/**
 * The first bytes of a file, as text.
 * @type {(room: string, id: string, bytes: number) => Promise<string>}
 */
export const fileText = (room, id, bytes) => ask('GET', fileAddress(room, id), undefined, TIMEOUT, {
  range: `bytes=0-${bytes - 1}`,
});
/** @type {(room: string, id: string) => Promise<ArrayBuffer>} */
export const fileBytes = (room, id) => ask('GET', fileAddress(room, id), undefined, LONG, { raw: true });
/** @type {(room: string, range: { before?: number, limit?: number }) => Promise<FilesPage>} */
export const files = (room, range) => ask('GET', `/api/files${pathOf(room)}?${queryOf(range)}`);
/** @type {(room: string, n: number) => Promise<Version[]>} */
export const versions = (room, n) => ask('GET', `${chatAddress(room)}/${n}/versions`)
  .then((answer) => answer.versions);

/** @type {(room: string) => Promise<{ small: boolean, reads: ReadMark[] }>} */
export const reads = (room) => ask('GET', `${chatAddress(room)}/reads`);
/** @type {(room: string, n: number) => Promise<Readers>} */
export const readers = (room, n) => ask('GET', `${chatAddress(room)}/${n}/reads`);
/** @type {(room: string, n: number, range: { after?: number, limit?: number }) => Promise<RepliesPage>} */
export const replies = (room, n, range) => ask('GET', `${chatAddress(room)}/${n}/replies?${queryOf(range)}`);

/** @type {(room: string, n: number, to: string, key: string) => Promise<RoomEvent>} */
export const forward = (room, n, to, key) => ask('POST', `${chatAddress(room)}/${n}/forward`, { to, key });
/** @type {(room: string, n: number) => Promise<VotesAnswer>} */
export const votes = (room, n) => ask('GET', `${chatAddress(room)}/${n}/votes`);

/** @type {(password: string) => Promise<unknown>} */
export const claim = (password) => ask('POST', '/api/account', { password });
/** @type {(old: string, fresh: string) => Promise<unknown>} */
export const changePassword = (old, fresh) => ask('PUT', '/api/account/password', { old, new: fresh });
/** @type {(status: Status | null) => Promise<null>} */
export const setStatus = (status) => ask(status ? 'PUT' : 'DELETE', '/api/me/status', status ?? undefined);
/** @type {(name: string) => Promise<Pick<Me, 'who' | 'name'>>} */
export const rename = (name) => ask('PUT', '/api/account/name', { name });
/** @type {() => Promise<Device[]>} */
export const devices = () => ask('GET', '/api/devices').then((answer) => answer.devices);
/** @type {(id: string) => Promise<null>} */
export const endDevice = (id) => ask('DELETE', `/api/devices${pathOf(id)}`);
/** @type {() => Promise<null>} */
export const endDevices = () => ask('DELETE', '/api/devices');
/** @type {() => Promise<Required<Link>>} */
export const linkDevice = () => ask('POST', '/api/devices/link');
/** @type {(purpose: string) => Promise<{ token: string }>} */
export const makeToken = (purpose) => ask('POST', '/api/tokens', { purpose });
/** @type {(like: string) => Promise<FoundPerson[]>} */
export const people = (like) => ask('GET', `/api/people?like=${encodeURIComponent(like)}`)
  .then((answer) => answer.people);

/** @type {(name: string) => Promise<RoomDetails>} */
export const room = (name) => ask('GET', roomAddress(name));
/** @type {(given: NewRoom) => Promise<{ room: string }>} */
export const makeRoom = (given) => ask('POST', '/api/rooms', given);
/** @type {(name: string, command: Without<RoomCommand | Seen, 'room'>) => Promise<unknown>} */
export const change = (name, command) => ask('POST', roomAddress(name), command);
/** @type {(name: string) => Promise<null>} */
export const removeRoom = (name) => ask('DELETE', roomAddress(name));

/** @type {() => Promise<Panel>} */
export const panel = () => ask('GET', '/api/host');
/** @type {(action: HostAction) => Promise<HostAnswer>} */
export const hostAction = (action) => ask('POST', '/api/host', action);

/** @type {() => Promise<FileSpace>} */
export const fileSpace = () => ask('GET', '/api/host/files', undefined, LONG);
/** @type {() => Promise<FoundFiles>} */
export const foundFiles = () => ask('GET', '/api/host/files/found', undefined, LONG);
/**
 * The message that bears the file, or that it is still being read.
 * @type {(found: { room: string, id: string, text: string }) => Promise<RoomEvent | { sharing: true }>}
 */
export const shareFound = (found) => ask('POST', '/api/host/files/found', found, LONG);
/** @type {(name: string, keep: { days: number, bytes: number }) => Promise<Taken>} */
export const filesLeaving = (name, keep) => ask(
  'GET', `${roomAddress(name)}/leaving?${queryOf(keep)}`, undefined, LONG,
);

/**
 * A page of history.
 * @param {string} name
 * @param {{ after?: number, before?: number, limit?: number }} range
 * @returns {Promise<Page>}
 */
export function page(name, range) {
  return ask('GET', `${chatAddress(name)}?${queryOf(range)}`);
}

/** @param {Record<string, number>} range */
function queryOf(range) {
  return new URLSearchParams(Object.entries(range).map(([key, value]) => [key, String(value)]));
}

/**
 * What is known of emoji in a language; browsers keep it.
 * @type {(language: string) => Promise<EmojiColumns>}
 */
export const emoji = (language) => {
  const { pathname } = new URL(`../emoji/${language}.json`, import.meta.url);
  return ask('GET', pathname, undefined, TIMEOUT, { cache: 'default' });
};

const chatAddress = (/** @type {string} */ name) => `/api/chat${pathOf(name)}`;
const roomAddress = (/** @type {string} */ name) => `/api/rooms${pathOf(name)}`;

/**
 * @param {string} method
 * @param {string} address
 * @param {object} [body]
 * @param {number} timeout in ms
 * @param {{
 *   asked?: typeof globalThis.hearthStart, keepalive?: boolean, cache?: RequestCache, range?: string, raw?: boolean,
 * }} how `asked`: that very request, where it is under way; `keepalive`: it outlives the page; `cache`: whether
 *   browsers may keep the answer; `range`: which bytes of a file are asked for, as text;
 *   `raw`: all of them, as they are
 */
async function ask(method, address, body, timeout = TIMEOUT, how = {}) {
  const { asked, keepalive = false, cache = 'no-store', range, raw } = how;
  const stop = asked?.stop ?? new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout);
  try {
    const answer = await (asked?.answer ?? fetch(address, {
      method,
      signal: stop.signal,
      cache,
      keepalive,
      headers: range ? { Range: range } : {
        Accept: 'application/json', ...(body ? { 'Content-Type': 'application/json' } : {}),
      },
      body: body && JSON.stringify(body),
    }));
    if (answer.status === 204) return null;
    const content = await contentOf(answer, { range, raw });
    if (!answer.ok || content === null) throw refusal(answer, content?.error);
    return content;
  } catch (error) {
    throw error instanceof Problem ? error : new Problem();
  } finally {
    clearTimeout(timer);
  }
}

// Of a text, the last letter may be cut in two.
/**
 * @param {Response} answer
 * @param {{ range?: string, raw?: boolean }} how
 */
async function contentOf(answer, { range, raw }) {
  if (!answer.ok || !(range || raw)) return answer.json().catch(() => null);
  const bytes = await answer.arrayBuffer();
  return raw ? bytes : new TextDecoder().decode(bytes, { stream: true });
}

/**
 * @param {Response} answer
 * @param {any} error what the hub says of it: its JSON, or nothing
 */
function refusal(answer, error) {
  return new Problem({
    code: error?.code ?? 'failed',
    message: error?.message ?? 'Something went wrong. Try again.',
    status: answer.status,
    retryAfter: Number(error?.retry_after ?? answer.headers.get('Retry-After')) || 0,
    // How a person without a password may get the name back.
    recovery: error?.elsewhere ? { elsewhere: error.elsewhere, ask: error.ask } : null,
  });
}
