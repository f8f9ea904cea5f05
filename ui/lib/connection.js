/**
 * The one live line to the hub. Owns the socket, its return after every loss, and polling where a WebSocket cannot be
 * had; keeps one cursor (the highest `n`) a joined room, so that nothing is missed and nothing comes twice.
 * Says `state`, `welcome`, `ended` and `event`; must not know what events mean.
 *
 * States: idle, opening, live, polling, lost (coming back), gone (not coming back so far), ended (not let in).
 */
import * as hubPages from './api.js';
import { Polling } from './polling.js';

const SOCKET_AGAIN = 30000;
const QUIET = 45000; // nothing heard for so long: ask whether anybody is there
const PROOF = 2500; // how long the hub has to give a sign of life while somebody waits for it; over before the outbox asks for a new line
const SOON = 500;
const LATEST = 10000;
const FRAME = 1 << 16; // the hub takes no larger one, and what is larger goes by HTTP

const fits = (frame) => frame.length * 3 <= FRAME || new TextEncoder().encode(frame).length <= FRAME;

export class Connection extends EventTarget {
  state = 'idle';
  nextTry = 0;
  #url;
  #api;
  #socket = null;
  #cursors = new Map(); // room -> n
  #asked = new Set(); // rooms asked for on this connection
  #joined = new Set(); // and those that have caught up
  #failures = 0;
  #timers = {};
  #heard = 0;
  #watched = 0;
  #polling;

  constructor({ url, api = hubPages }) {
    super();
    this.#url = url;
    this.#api = api;
    this.#polling = new Polling({
      api,
      rooms: () => [...this.#cursors],
      page: (room, page) => this.#polled(room, page),
      failed: (problem, room) => this.#pollFailed(problem, room),
    });
  }

  start() {
    this.#failures = 0;
    this.#every('watch', 5000, () => this.#watch());
    this.#dial();
  }

  stop(state = 'idle') {
    for (const name of Object.keys(this.#timers)) this.#clear(name);
    this.#polling.stop();
    this.#hangUp();
    this.#become(state);
  }

  /** After sleep, a change of network or a long silence an open socket proves nothing: take a new one. */
  renew() {
    if (this.state === 'idle' || this.state === 'ended') return;
    this.#failures = Math.min(this.#failures, 1);
    this.#dial();
  }

  /** An answer is long in coming: lets go of the line where the hub gives no sign of life, and comes back. */
  async prove(patience = PROOF) {
    const [socket, state] = [this.#socket, this.state];
    if (state !== 'live' && state !== 'polling') return;
    await this.#api.health(patience).catch((problem) => {
      if (this.#socket !== socket || this.state !== state) return;
      if (state === 'live') this.#closed(1006, '');
      else this.#pollFailed(problem);
    });
  }

  join(room, after) {
    this.#cursors.set(room, after);
    this.#joined.delete(room);
    if (this.send({ do: 'join', room, after })) this.#asked.add(room);
    this.#polling.now();
  }

  leave(room) {
    if (this.drop(room)) this.send({ do: 'leave', room });
  }

  /** The hub has made us leave; says whether we were there. */
  drop(room) {
    this.#joined.delete(room);
    this.#asked.delete(room);
    return this.#cursors.delete(room);
  }

  asked(room) {
    return this.#asked.has(room);
  }

  joined(room) {
    return this.#joined.has(room);
  }

  /** Commands that become events, and `seen`, go by either way; the others, such as `typing`, only over the socket. */
  send(command) {
    const frame = JSON.stringify(command);
    const live = this.state === 'live' && this.#socket?.readyState === 1;
    if (command.key && (this.state === 'polling' || (live && !fits(frame)))) return this.#post(command);
    if (command.do === 'seen' && this.state === 'polling') {
      this.#api.change(command.room, command).catch(() => {}); // the next one says more
      return true;
    }
    if (live) this.#socket.send(frame);
    return live;
  }

  /** Sends one message by whichever way is open; its event is the answer, or a `refused`. */
  say({ room, text, key, re }) {
    return this.joined(room) && this.send({ do: 'say', room, text, key, ...(re ? { re } : {}) });
  }

  // The event itself comes by the socket or with the next page; only a refusal is an answer.
  #post({ room, key, ...rest }) {
    const { do: what, text: msg, re } = rest;
    const sent = what === 'say' ? this.#api.say(room, { msg, key, re }) : this.#api.change(room, { ...rest, key });
    sent.then(
      () => this.#polling.now(),
      ({ status, code, message, retryAfter }) => {
        if (status) this.#tell('event', { do: 'refused', room, key, code, message, ...(retryAfter ? { retry_after: retryAfter } : {}) });
      },
    );
    return true;
  }

  #dial() {
    this.#clear('again');
    this.#hangUp();
    if (this.state === 'idle') this.#become('opening');
    let socket;
    try {
      socket = new WebSocket(this.#url);
    } catch {
      this.#failed();
      return;
    }
    this.#socket = socket;
    const mine = (act) => (event) => this.#socket === socket && act(event);
    socket.onopen = mine(() => socket.send('{"do":"hello"}'));
    socket.onmessage = mine(({ data }) => this.#hear(data));
    socket.onclose = mine(({ code, reason }) => this.#closed(code, reason));
    this.#after('patience', 8000, () => this.#closed(1006, ''));
  }

  #hangUp() {
    this.#clear('patience');
    const socket = this.#socket;
    this.#socket = null;
    this.#asked.clear();
    if (this.state !== 'polling') this.#joined.clear();
    try {
      socket?.close(1000);
    } catch {
      // It is gone already.
    }
  }

  #hear(data) {
    this.#heard = Date.now();
    for (const line of String(data).split('\n')) {
      let event = null;
      try {
        event = JSON.parse(line);
      } catch {
        continue; // an empty or broken line is not worth a lost connection
      }
      if (event?.do === 'welcome') this.#welcome(event);
      else if (event) this.#take(event);
    }
  }

  #welcome(event) {
    this.#clear('patience');
    this.#polling.stop();
    this.#joined.clear();
    this.#failures = 0;
    this.#become('live');
    this.#tell('welcome', event);
  }

  #take(event) {
    const { n, room } = event;
    if (n) {
      if (!this.#cursors.has(room) || n <= this.#cursors.get(room)) return;
      this.#cursors.set(room, n);
    } else if (event.do === 'joined' && this.#cursors.has(room)) {
      this.#joined.add(room);
    }
    this.#tell('event', event);
  }

  #closed(code, reason) {
    this.#hangUp();
    if (code === 1008) {
      this.stop('ended');
      this.#tell('ended', { reason });
    } else {
      this.#failed();
    }
  }

  async #failed() {
    if (this.state === 'live' || this.state === 'opening') this.#become('lost');
    this.#failures += 1;
    const wait = Math.min(LATEST, SOON * 2 ** Math.min(this.#failures - 1, 6)) * (0.6 + Math.random() * 0.4);
    this.#again(this.state === 'polling' ? SOCKET_AGAIN : wait);
    if (this.#failures < 2 || this.state === 'polling') return;
    const alive = await this.#api.health().then(() => true, () => false);
    if (this.state !== 'lost' && this.state !== 'gone') return;
    if (alive) {
      this.#become('polling');
      this.#again(SOCKET_AGAIN);
      this.#tell('welcome', {});
      this.#polling.start();
    } else if (this.#failures > 3) {
      this.#become('gone');
    }
  }

  #polled(room, { events, last }) {
    for (const event of events) this.#take(event);
    if (!this.#joined.has(room)) this.#take({ do: 'joined', room, last });
  }

  #pollFailed({ status, message }, room) {
    if (status === 404) this.#tell('event', { do: 'gone', room });
    else if (status === 401 || status === 403) {
      this.stop('ended');
      this.#tell('ended', { reason: message });
    } else if (!status) {
      this.#polling.stop();
      this.#become('lost');
      this.#dial();
    }
  }

  #watch() {
    const now = Date.now();
    const slept = now - (this.#watched || now) > 20000;
    this.#watched = now;
    if (slept) this.renew();
    else if (this.state === 'live' && now - this.#heard > QUIET) {
      this.#heard = now;
      this.prove();
    }
  }

  #again(wait) {
    this.nextTry = Date.now() + wait;
    this.#after('again', wait, () => this.#dial());
  }

  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.#tell('state', state);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #after(name, wait, act) {
    this.#clear(name);
    this.#timers[name] = setTimeout(act, wait);
  }

  #every(name, wait, act) {
    this.#clear(name);
    this.#timers[name] = setInterval(act, wait);
  }

  #clear(name) {
    clearTimeout(this.#timers[name]);
    delete this.#timers[name];
  }
}
