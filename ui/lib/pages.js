/** The hub over HTTP. Every answer is JSON; every refusal is a `Problem` with a sentence fit to be shown. */
import { pathOf } from './names.js';

const PATIENCE = 12000;

export class Problem extends Error {
  constructor({ code = 'unreachable', message = 'Hearth cannot be reached.', status = 0, retryAfter = 0 } = {}) {
    super(message);
    Object.assign(this, { code, status, retryAfter });
  }
}

export const me = () => ask('GET', '/api/me');
export const health = () => ask('GET', '/api/health', undefined, 4000);
export const rooms = () => ask('GET', '/api/rooms').then((answer) => answer.rooms);
export const joinAs = (name, code) => ask('POST', '/api/session', code ? { name, code } : { name });
export const forget = () => ask('DELETE', '/api/session');
export const redeem = (ticket) => ask('POST', '/api/ticket', { ticket });
export const invite = (room) => ask('GET', `/api/invite?room=${encodeURIComponent(room)}`);
export const say = (room, body) => ask('POST', chat(room), body);

/** A page of history: `{events, last}`. `range` is any of after, before and limit. */
export function page(room, range) {
  return ask('GET', `${chat(room)}?${new URLSearchParams(range)}`);
}

const chat = (room) => `/api/chat${pathOf(room)}`;

async function ask(method, address, body, patience = PATIENCE) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const answer = await fetch(address, {
      method,
      signal: stop.signal,
      cache: 'no-store',
      headers: { Accept: 'application/json', ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body && JSON.stringify(body),
    });
    if (answer.status === 204) return null;
    const said = await answer.json().catch(() => null);
    if (!answer.ok || said === null) throw refusal(answer, said?.error);
    return said;
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
  });
}
