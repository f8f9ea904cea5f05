/** The HTTP API of the hub. Every answer is JSON; every refusal is a `Problem` with a sentence fit to be shown. */
import { pathOf, roomFromPath } from './room-name.js';

const TIMEOUT = 12000; // ms

/** Why something was not done: `status` 0 where the hub did not answer, `retryAfter` in seconds. */
export class Problem extends Error {
  constructor({
    code = 'unreachable', message = 'Hearth cannot be reached.', status = 0, retryAfter = 0, recovery = null,
  } = {}) {
    super(message);
    Object.assign(this, { code, status, retryAfter, recovery });
  }
}

/** Who we are, and what a stranger may know of the room in the address. */
export const me = () => ask('GET', `/api/me?room=${encodeURIComponent(roomFromPath(location.pathname))}`);
export const health = (timeout = 4000) => ask('GET', '/api/health', undefined, timeout);
export const rooms = () => ask('GET', '/api/rooms').then((answer) => answer.rooms);
export const enter = (given) => ask('POST', '/api/session', given);
export const login = (name, password) => ask('POST', '/api/login', { name, password });
export const forget = () => ask('DELETE', '/api/session');
export const redeem = (ticket) => ask('POST', '/api/ticket', { ticket });
export const follow = (link, replace = false, state = null) => ask('POST', '/api/link', { link, replace, state });
export const handOver = (to, state) => ask('POST', '/api/devices/handover', { to, state });
export const askBack = (given) => ask('POST', '/api/return', given);
export const comeBack = (asked, withdraw = false) => ask('POST', '/api/return/come', { ask: asked, withdraw });
export const answerReturn = (id, yes) => ask('POST', `/api/returns${pathOf(id)}`, { yes });
export const invite = (name) => ask('GET', `/api/invite?room=${encodeURIComponent(name)}`);
export const say = (name, body) => ask('POST', chatAddress(name), body);

export const claim = (password) => ask('POST', '/api/account', { password });
export const changePassword = (old, fresh) => ask('PUT', '/api/account/password', { old, new: fresh });
export const rename = (name) => ask('PUT', '/api/account/name', { name });
export const devices = () => ask('GET', '/api/devices').then((answer) => answer.devices);
export const endDevice = (id) => ask('DELETE', `/api/devices${pathOf(id)}`);
export const endDevices = () => ask('DELETE', '/api/devices');
export const linkDevice = () => ask('POST', '/api/devices/link');
export const makeToken = (purpose) => ask('POST', '/api/tokens', { purpose });
export const people = (like) => ask('GET', `/api/people?like=${encodeURIComponent(like)}`)
  .then((answer) => answer.people);

export const room = (name) => ask('GET', roomAddress(name));
export const makeRoom = (given) => ask('POST', '/api/rooms', given);
export const change = (name, command) => ask('POST', roomAddress(name), command);
export const removeRoom = (name) => ask('DELETE', roomAddress(name));

export const panel = () => ask('GET', '/api/host');
export const hostAction = (action) => ask('POST', '/api/host', action);

/** A page of history: `{events, last}`. `range` is any of after, before and limit. */
export function page(name, range) {
  return ask('GET', `${chatAddress(name)}?${new URLSearchParams(range)}`);
}

const chatAddress = (name) => `/api/chat${pathOf(name)}`;
const roomAddress = (name) => `/api/rooms${pathOf(name)}`;

async function ask(method, address, body, timeout = TIMEOUT) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout);
  try {
    const answer = await fetch(address, {
      method,
      signal: stop.signal,
      cache: 'no-store',
      headers: { Accept: 'application/json', ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body && JSON.stringify(body),
    });
    if (answer.status === 204) return null;
    const content = await answer.json().catch(() => null);
    if (!answer.ok || content === null) throw refusal(answer, content?.error);
    return content;
  } catch (error) {
    throw error instanceof Problem ? error : new Problem();
  } finally {
    clearTimeout(timer);
  }
}

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
