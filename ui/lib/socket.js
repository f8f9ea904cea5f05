/** One WebSocket to the hub: opened, greeted, and read line by line. */
/** @import { Hello, HubEvent, Welcome } from './types.d.ts' */
const HANDSHAKE = 8000; // ms for the connection and the hub's welcome

export class Socket {
  #url;
  #hello;
  #onLine;
  #onClosed;
  /** @type {WebSocket | null} */
  #socket = null;
  #timer = 0;

  /**
   * `hello()` gives the greeting; `onLine(event)` is called with each JSON line, `onClosed(code, reason)` when the
   * socket is lost.
   * @param {{
   *   url: string, hello: () => Hello, onLine: (event: HubEvent | Welcome) => void,
   *   onClosed: (code: number, reason: string) => void,
   * }} parts
   */
  constructor({ url, hello, onLine, onClosed }) {
    this.#url = url;
    this.#hello = hello;
    this.#onLine = onLine;
    this.#onClosed = onClosed;
  }

  /** Whether something can be sent. */
  get isOpen() {
    return this.#socket?.readyState === 1;
  }

  /** Which socket this is now: another one after each `open`. */
  get current() {
    return this.#socket;
  }

  /** Opens a new socket in place of the one before. */
  open() {
    this.close();
    let socket;
    try {
      socket = new WebSocket(this.#url);
    } catch {
      this.#onClosed(1006, '');
      return;
    }
    this.#socket = socket;
    /** @type {<E>(act: (event: E) => void) => (event: E) => void} */
    const ifCurrent = (act) => (event) => this.#socket === socket && act(event);
    socket.onopen = ifCurrent(() => socket.send(JSON.stringify(this.#hello())));
    socket.onmessage = ifCurrent(({ data }) => this.#read(data));
    socket.onclose = ifCurrent(({ code, reason }) => this.lose(code, reason));
    this.#timer = setTimeout(() => this.lose(), HANDSHAKE);
  }

  /** @param {string} frame */
  send(frame) {
    this.#socket?.send(frame);
  }

  close() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    try {
      socket?.close(1000);
    } catch {
      // It is closed already.
    }
  }

  /** Gives the socket up as lost. */
  lose(code = 1006, reason = '') {
    this.close();
    this.#onClosed(code, reason);
  }

  /**
   * A frame has one or more lines. An empty or broken one is not worth a lost connection.
   * @param {string} data
   */
  #read(data) {
    for (const line of String(data).split('\n')) {
      const event = parsed(line);
      if (event?.do === 'welcome') clearTimeout(this.#timer);
      if (event) this.#onLine(event);
    }
  }
}

/**
 * @param {string} line
 * @returns {HubEvent | Welcome | null}
 */
function parsed(line) {
  try {
    const event = JSON.parse(line);
    return typeof event === 'object' ? event : null;
  } catch {
    return null;
  }
}
