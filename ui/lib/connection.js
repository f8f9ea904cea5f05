/**
 * The live connection to the hub: a WebSocket, its return after every loss, and polling where none can be had. Keeps
 * one cursor (the highest `n`) a joined room, so that nothing is missed and nothing comes twice. Raises `state`,
 * `welcome`, `ended` and `event`; does not know what events mean.
 *
 * States: idle, opening, live, polling, lost (coming back), gone (not coming back so far), paused (by the host), ended
 * (not let in).
 */
import * as hubApi from './api.js';
import { postCommand, refusalOf } from './post-command.js';
import { Polling } from './polling.js';
import { Socket } from './socket.js';
/** @import { Problem } from './api.js' */
/** @import { Api, Command, ConnectionEvents, ConnectionState, HubEvent, Page, RoomCommand, Say } from './types.d.ts' */
/** @import { SayMore, Unsent, Welcome } from './types.d.ts' */

const WATCH = 5000; // ms between two looks at the clock
const SLEPT = 20000; // ms: a look that comes later than this tells that the computer slept
const SILENCE = 45000; // ms without a sign of life after which the hub is asked for one
const PROOF = 2500; // ms for that sign of life; less than what the outbox waits before it asks for a new connection
const FIRST_RETRY = 500; // ms before the first try to come back; doubled with each further one
const LAST_RETRY = 10000; // ms at most between two tries
const RETRY_POLLING = 30000; // ms between two tries for a socket while polling works
const FRAME = 1 << 16; // bytes: the hub takes no larger frame, and what is larger goes by HTTP

/** @param {string} frame */
function fits(frame) {
  return frame.length * 3 <= FRAME || new TextEncoder().encode(frame).length <= FRAME;
}

export class Connection extends EventTarget {
  /** @type {ConnectionState} */
  state = 'idle';
  #api;
  #socket;
  #polling;
  /** @type {Map<string, number>} */
  #cursors = new Map(); // room -> n
  /** @type {Set<string>} */
  #asked = new Set(); // rooms joined on this connection
  /** @type {Set<string>} */
  #joined = new Set(); // and those of them whose replay is complete
  #failures = 0;
  #retryTimer = 0;
  #watchTimer = 0;
  #watched = 0; // when the clock was looked at last
  #heard = 0; // when the hub said something last
  #roomsTag = ''; // of the list of rooms that we have from before the connection, until it is welcomed

  /** @param {{ url: string, api?: Api }} parts */
  constructor({ url, api = hubApi }) {
    super();
    this.#api = api;
    this.#socket = new Socket({
      url,
      hello: () => ({ do: 'hello', ...(this.#roomsTag && { rooms_tag: this.#roomsTag }) }),
      onLine: (event) => this.#hear(event),
      onClosed: (code, reason) => this.#closed(code, reason),
    });
    this.#polling = new Polling({
      api,
      cursors: () => [...this.#cursors],
      onPage: (room, page) => this.#polled(room, page),
      onProblem: (problem, room) => this.#pollFailed(problem, room),
    });
  }

  /**
   * Calls `listener` with the detail of each event of that name.
   * @template {keyof ConnectionEvents} K
   * @param {K} name
   * @param {(detail: ConnectionEvents[K]) => void} listener
   */
  on(name, listener) {
    this.addEventListener(name, (event) => listener(/** @type {CustomEvent} */ (event).detail));
  }

  /** @param {string} [roomsTag] that of the list of rooms: the welcome tells whether it is still the present one */
  start(roomsTag = '') {
    this.#roomsTag = roomsTag;
    this.#failures = 0;
    clearInterval(this.#watchTimer);
    this.#watchTimer = setInterval(() => this.#watch(), WATCH);
    this.#dial();
  }

  /** @param {ConnectionState} state */
  stop(state = 'idle') {
    clearTimeout(this.#retryTimer);
    clearInterval(this.#watchTimer);
    this.#polling.stop();
    this.#hangUp();
    this.#become(state);
  }

  /** Takes a new socket: after sleep, a change of network or a long silence an open one proves nothing. */
  renew() {
    if (this.state === 'idle' || this.state === 'ended') return;
    this.#failures = Math.min(this.#failures, 1);
    this.#dial();
  }

  /** An answer is late: gives the connection up and comes back where the hub gives no sign of life. */
  async prove() {
    const [socket, state] = [this.#socket.current, this.state];
    if (state !== 'live' && state !== 'polling') return;
    await this.#api.health(PROOF).catch((problem) => {
      if (this.#socket.current !== socket || this.state !== state) return;
      if (state === 'live') this.#socket.lose();
      else this.#pollFailed(problem);
    });
  }

  /**
   * Asks for the events of a room after the `n` given.
   * @param {string} room
   * @param {number} after
   */
  join(room, after) {
    this.#cursors.set(room, after);
    this.#joined.delete(room);
    if (this.send({ do: 'join', room, after })) this.#asked.add(room);
    this.#polling.now();
  }

  /** @param {string} room */
  leave(room) {
    if (this.drop(room)) this.send({ do: 'leave', room });
  }

  /**
   * Forgets a room that the hub has made us leave; says whether we were there.
   * @param {string} room
   */
  drop(room) {
    this.#joined.delete(room);
    this.#asked.delete(room);
    return this.#cursors.delete(room);
  }

  /**
   * Whether the room was joined on this connection.
   * @param {string} room
   */
  asked(room) {
    return this.#asked.has(room);
  }

  /**
   * Whether the replay of its events is complete, too.
   * @param {string} room
   */
  joined(room) {
    return this.#joined.has(room);
  }

  /**
   * Sends a command and says whether it could be sent. Those that become events, and `seen`, go by either way; the
   * others, such as `typing`, only over the socket.
   * @param {Command} command
   * @returns {boolean}
   */
  send(command) {
    const frame = JSON.stringify(command);
    const live = this.state === 'live' && this.#socket.isOpen;
    const byHttp = this.state === 'polling' || (live && !fits(frame));
    if (byHttp && 'key' in command && command.key) return this.#post(command);
    if (command.do === 'seen' && this.state === 'polling') {
      this.#api.change(command.room, command).catch(() => {}); // the next one says more
      return true;
    }
    if (live) this.#socket.send(frame);
    return live;
  }

  /**
   * Sends one message where its room is joined; its event is the answer, or a `refused`.
   * @param {Pick<Unsent, 'room' | 'text' | 'key' | 'files'> & SayMore} message
   */
  say({ room, text, key, re, to, poll, files }) {
    const more = {
      ...(re && { re }), ...(to && { to }), ...(poll && { poll }), ...(files && { files: files.map(({ id }) => id) }),
    };
    return this.joined(room) && this.send({ do: 'say', room, text, key, ...more });
  }

  /**
   * The event itself comes by the socket or with the next page; only a refusal is an answer.
   * @param {Say | RoomCommand} command
   */
  #post(command) {
    postCommand(this.#api, command).then(
      () => this.#polling.now(),
      (problem) => problem.status && this.#raise('event', refusalOf(command, problem)),
    );
    return true;
  }

  #dial() {
    clearTimeout(this.#retryTimer);
    this.#hangUp();
    if (this.state === 'idle') this.#become('opening');
    this.#socket.open();
  }

  #hangUp() {
    this.#socket.close();
    this.#asked.clear();
    if (this.state !== 'polling') this.#joined.clear();
  }

  /** @param {HubEvent | Welcome} event */
  #hear(event) {
    this.#heard = Date.now();
    if (event.do === 'welcome') this.#welcome(event);
    else this.#take(event);
  }

  /** @param {Welcome} event */
  #welcome(event) {
    this.#polling.stop();
    this.#joined.clear();
    this.#failures = 0;
    this.#become('live');
    this.#roomsTag = '';
    this.#raise('welcome', event);
  }

  /** @param {HubEvent} event */
  #take(event) {
    if ('n' in event) {
      if (event.n <= (this.#cursors.get(event.room) ?? Infinity)) return;
      this.#cursors.set(event.room, event.n);
    } else if (event.do === 'joined' && this.#cursors.has(event.room)) {
      this.#joined.add(event.room);
    }
    this.#raise('event', event);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #closed(code, reason) {
    this.#hangUp();
    if (code === 1008) this.#end(reason);
    else this.#failed();
  }

  async #failed() {
    if (this.state === 'live' || this.state === 'opening') this.#become('lost');
    this.#failures += 1;
    const backoff = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** Math.min(this.#failures - 1, 6));
    this.#retryIn(this.state === 'polling' ? RETRY_POLLING : backoff * (0.6 + Math.random() * 0.4));
    if (this.#failures < 2 || this.state === 'polling') return;
    const problem = await this.#api.health().then(() => null, (/** @type {Problem} */ why) => why);
    if (!['lost', 'gone', 'paused'].includes(this.state)) return;
    if (!problem) {
      this.#become('polling');
      this.#retryIn(RETRY_POLLING);
      this.#roomsTag = '';
      this.#raise('welcome', { do: 'welcome' });
      this.#polling.start();
    } else if (problem.code === 'paused') {
      this.#become('paused');
    } else if (this.#failures > 3) {
      this.#become('gone');
    }
  }

  /**
   * @param {string} room
   * @param {Page} page
   */
  #polled(room, { events, last }) {
    for (const event of events) this.#take(event);
    if (!this.#joined.has(room)) this.#take({ do: 'joined', room, last });
  }

  /**
   * @param {Problem} problem
   * @param {string} [room]
   */
  #pollFailed({ status, code, message }, room) {
    if (status === 404 && room) this.#raise('event', { do: 'gone', room });
    else if (status === 401 || status === 403) this.#end(message);
    else if (!status || code === 'paused') {
      this.#polling.stop();
      this.#become('lost');
      this.#dial();
    }
  }

  /** @param {string} reason */
  #end(reason) {
    this.stop('ended');
    this.#raise('ended', { reason });
  }

  #watch() {
    const now = Date.now();
    const slept = now - (this.#watched || now) > SLEPT;
    this.#watched = now;
    if (slept) this.renew();
    else if (this.state === 'live' && now - this.#heard > SILENCE) {
      this.#heard = now;
      this.prove();
    }
  }

  /** @param {number} ms */
  #retryIn(ms) {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#dial(), ms);
  }

  /** @param {ConnectionState} state */
  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.#raise('state', state);
  }

  /**
   * @template {keyof ConnectionEvents} K
   * @param {K} name
   * @param {ConnectionEvents[K]} detail
   */
  #raise(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
