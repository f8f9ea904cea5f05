/** Stand-ins at the browser's edge, no more than the modules under test touch: storage, sockets, HTTP, a document. */
import assert from 'node:assert/strict';
import { mock } from 'node:test';

export const at = (time) => new Date(`2026-11-22T${time}Z`).toISOString();

/** A message as the hub sends it. */
export function said(n, more = {}) {
  return { room: 'general', n, at: at('12:00:00'), by: 'Ana', who: 'a', do: 'say', text: `text ${n}`, ...more };
}

/** Lets promises that are due settle; works while the timers are mocked. */
export async function settle() {
  for (let i = 0; i < 5; i += 1) await new Promise(setImmediate);
}

/** The clock stands still until it is moved. */
export function stopClock() {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: Date.parse('2026-11-22T12:00:00Z') });
}

/** Moves the stopped clock on, timers included. */
export async function pass(ms) {
  assert.ok(ms >= 0, `${ms}`); // the mocked timers never come to the end of NaN
  mock.timers.tick(ms);
  await settle();
}

/** Empty storage of the browser and of the tab; returns what the tab's holds. */
export function freshStorage() {
  const tab = new Map();
  globalThis.sessionStorage = storageOn(tab);
  globalThis.localStorage = storageOn(new Map());
  return tab;
}

function storageOn(held) {
  return {
    getItem: (name) => held.get(name) ?? null,
    setItem: (name, value) => held.set(name, String(value)),
    removeItem: (name) => held.delete(name),
  };
}

/** Sockets that go nowhere; the newest is the last of `FakeSocket.all`. */
export class FakeSocket {
  static all = [];
  static forbidden = false;

  static install() {
    FakeSocket.all = [];
    FakeSocket.forbidden = false;
    globalThis.WebSocket = FakeSocket;
  }

  static get last() {
    return FakeSocket.all.at(-1);
  }

  readyState = 0;
  sent = [];

  constructor(url) {
    if (FakeSocket.forbidden) throw new DOMException('Not here.', 'SecurityError');
    this.url = url;
    FakeSocket.all.push(this);
  }

  send(frame) {
    this.sent.push(JSON.parse(frame));
  }

  close(code) {
    this.readyState = 3;
    this.closedWith = code;
  }

  /** The hub takes the connection and says welcome. */
  open(welcome = { name: 'Ana', who: 'a' }) {
    this.readyState = 1;
    this.onopen({});
    this.tell({ do: 'welcome', ...welcome });
  }

  tell(...events) {
    this.onmessage({ data: events.map((event) => JSON.stringify(event)).join('\n') });
  }

  drop(code = 1006, reason = '') {
    this.readyState = 3;
    this.onclose({ code, reason });
  }
}

/**
 * HTTP by hand. `answer(method, address, body)` gives what the hub says: an object, `[status, object]`, or undefined
 * where it cannot be reached. Returns the requests, as `['GET', '/api/health', undefined]`.
 */
export function answerBy(answer) {
  const requests = [];
  globalThis.fetch = async (address, { method, body, signal }) => {
    const asked = [method, address, body && JSON.parse(body)];
    requests.push(asked);
    const aborted = new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    aborted.catch(() => {});
    const told = await Promise.race([answer(...asked), aborted]);
    if (told === undefined) throw new TypeError('fetch failed');
    const [status, content] = Array.isArray(told) ? told : [200, told];
    return new Response(status === 204 ? null : JSON.stringify(content), { status });
  };
  return requests;
}

/** An answer that never comes. */
export const silence = () => new Promise(() => {});

class FakeNode {
  childNodes = [];
  dataset = {};

  constructor(name, text = '') {
    this.name = name;
    this.text = text;
  }

  append(...nodes) {
    for (const node of nodes) {
      if (node.name === '#fragment') this.childNodes.push(...node.childNodes);
      else this.childNodes.push(typeof node === 'string' ? new FakeNode('#text', node) : node);
    }
  }

  setAttribute(name, value) {
    this[name] = value;
  }

  get textContent() {
    return this.text + this.childNodes.map((node) => node.textContent).join('');
  }

  set textContent(text) {
    this.childNodes = text ? [new FakeNode('#text', text)] : [];
  }

  /** As markup, with text quoted. */
  toString() {
    if (this.name === '#text') return this.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    const inner = this.childNodes.join('');
    if (this.name === '#fragment') return inner;
    const href = this.href ? ` href="${this.href}"` : '';
    return `<${this.name}${href}>${inner}</${this.name}>`;
  }

  /** All elements of this name below. */
  all(name) {
    return this.childNodes.flatMap((node) => [...(node.name === name ? [node] : []), ...node.all(name)]);
  }

  /** How many elements are below. */
  get size() {
    return this.childNodes.reduce((sum, node) => sum + (node.name === '#text' ? 0 : 1) + node.size, 0);
  }
}

export function installDocument() {
  globalThis.document = {
    createElement: (name) => new FakeNode(name),
    createTextNode: (text) => new FakeNode('#text', text),
    createDocumentFragment: () => new FakeNode('#fragment'),
  };
}
