/** One WebSocket to the hub: opened, greeted, and read line by line. */
const HANDSHAKE = 8000; // ms for the connection and the hub's welcome

export class Socket {
  #url;
  #onLine;
  #onClosed;
  #socket = null;
  #timer = 0;

  /** `onLine(event)` is called with each JSON line, `onClosed(code, reason)` when the socket is lost. */
  constructor({ url, onLine, onClosed }) {
    this.#url = url;
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
    const ifCurrent = (act) => (event) => this.#socket === socket && act(event);
    socket.onopen = ifCurrent(() => socket.send('{"do":"hello"}'));
    socket.onmessage = ifCurrent(({ data }) => this.#read(data));
    socket.onclose = ifCurrent(({ code, reason }) => this.lose(code, reason));
    this.#timer = setTimeout(() => this.lose(), HANDSHAKE);
  }

  send(frame) {
    this.#socket.send(frame);
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

  // A frame has one or more lines. An empty or broken one is not worth a lost connection.
  #read(data) {
    for (const line of String(data).split('\n')) {
      let event = null;
      try {
        event = JSON.parse(line);
      } catch {
        continue;
      }
      if (event?.do === 'welcome') clearTimeout(this.#timer);
      if (event) this.#onLine(event);
    }
  }
}
