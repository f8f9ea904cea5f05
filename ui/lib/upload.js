/**
 * Brings one file to the hub, whatever happens in between: after each loss it asks how much came, and goes on from
 * there (the IETF's resumable uploads). Knows no view.
 */
/** @import { FileAnswer, SendFile, UploadParts } from './types.d.ts' */

const SMALL = 1 << 19; // bytes: up to here a file goes in one request
const TAIL = 1 << 16; // bytes of a larger one that wait for its sum
const FIRST_WAIT = 1000; // ms before the first new try, doubled with each further one
const LONGEST_WAIT = 30000; // ms
const FAULTS = 8; // answers in a row that bring it no further, until it is given up

/** Why a file could not be sent, in words for who sends it; with `code` as the hub gave it. */
export class UploadFailure extends Error {
  /**
   * @param {string} message
   * @param {string} [code]
   */
  constructor(message, code = '') {
    super(message);
    this.code = code;
  }
}

export class Upload {
  isBegun; // the hub may have some of it
  #parts;
  #offset = 0; // up to where the hub has it
  #faults = 0;
  #wait = FIRST_WAIT;
  #wake = () => {};

  /**
   * `send(request)` is `sendFile` of file-transport.js; `digest(body, signal)` gives the file's sum, or '';
   * `told({ sent, offline })` hears how far it is, in bytes, and whether it waits for the network; `begun`: the hub may
   * have some of it already.
   * @param {UploadParts} parts
   */
  constructor(parts) {
    this.#parts = parts;
    this.isBegun = parts.begun ?? false;
  }

  /** The network is back: does not wait any longer. */
  wake() {
    this.#wait = FIRST_WAIT;
    this.#wake();
  }

  /** Resolves once the hub has all of it, rejects with an UploadFailure, or with another Error once it was ended. */
  async run() {
    const { body, digest, signal } = this.#parts;
    const sum = digest(body, signal);
    let isSummed = false;
    sum.then(() => { isSummed = true; });
    let step = this.isBegun ? 'ask' : 'begin';
    while (step !== 'done') {
      signal.throwIfAborted?.();
      try {
        if (step === 'ask') step = await this.#ask();
        else if (step === 'begin') step = await this.#begin(sum);
        else step = await this.#goOn(isSummed, sum);
      } catch (error) {
        if (error instanceof UploadFailure || signal.aborted) throw error;
        await this.#checkReadable();
        this.#tell(true);
        await this.#pause(this.#wait);
        this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
        step = 'ask';
      }
    }
  }

  /** Asks up to where the hub has the file. */
  async #ask() {
    const answer = await this.#send('HEAD', {});
    if (answer.status === 404) return 'begin';
    if (answer.status >= 300) return this.#refused(answer);
    if (answer.status === 200 || answer.header('Upload-Complete') === '?1') return 'done';
    return this.#came(Number(answer.header('Upload-Offset')));
  }

  /**
   * Sends all of a small file; a large one is announced first, so that no byte goes out in vain.
   * @param {Promise<string>} sum
   */
  async #begin(sum) {
    const { body, name, type } = this.#parts;
    const whole = body.size <= SMALL;
    this.#offset = 0;
    this.isBegun = true;
    const answer = await this.#send('PUT', {
      'Content-Type': type || 'application/octet-stream',
      'Upload-Complete': whole ? '?1' : '?0',
      'Upload-Length': String(body.size),
      ...(whole ? digestHeader(await sum) : {}),
    }, whole ? body : body.slice(0, 0), `?${new URLSearchParams({ name, announce: 'no' })}`);
    if (answer.status >= 300) {
      this.isBegun = false;
      return this.#refused(answer);
    }
    return whole ? this.#complete() : this.#came(Number(answer.header('Upload-Offset')));
  }

  /**
   * Sends what is missing: all of it where the sum is there, else all but the end, which waits for it.
   * @param {boolean} isSummed
   * @param {Promise<string>} sum
   */
  async #goOn(isSummed, sum) {
    const { body } = this.#parts;
    const tail = Math.max(this.#offset, body.size - TAIL);
    const last = isSummed || this.#offset >= tail;
    const end = last ? body.size : tail;
    const answer = await this.#send('PATCH', {
      'Content-Type': 'application/partial-upload',
      'Upload-Offset': String(this.#offset),
      'Upload-Complete': last ? '?1' : '?0',
      ...(last ? digestHeader(await sum) : {}),
    }, body.slice(this.#offset, end), '?announce=no');
    if (answer.status >= 300) return this.#refused(answer);
    return last ? this.#complete() : this.#came(Number(answer.header('Upload-Offset') || end));
  }

  #complete() {
    this.#offset = this.#parts.body.size;
    this.#tell(false);
    return 'done';
  }

  /** @param {number} offset */
  #came(offset) {
    if (offset > this.#offset) [this.#faults, this.#wait] = [0, FIRST_WAIT];
    this.#offset = Math.min(offset || 0, this.#parts.body.size);
    this.#tell(false);
    return 'go on';
  }

  /**
   * What is done next after an answer that is no success; throws an UploadFailure where nothing is.
   * @param {FileAnswer} answer
   */
  async #refused({ status, header, content }) {
    const { code = '', message = 'Something went wrong.', offset = header('Upload-Offset') } = content?.error ?? {};
    if (status === 429 || (status === 503 && header('Retry-After'))) { // too much at a time, or the hub is paused
      await this.#pause(1000 * Math.min(Math.max(Number(header('Retry-After')), 1), 60));
      return 'ask';
    }
    this.#faults += 1;
    if (this.#faults > FAULTS) throw new UploadFailure(message, code);
    if (status === 409 && offset !== '') return this.#came(Number(offset));
    if (code === 'no_such_file' || (code === 'digest_wrong' && this.#faults < 3)) return 'begin';
    const isLoss = [408, 409].includes(status) || code === 'gone' || (status >= 500 && status !== 507);
    if (isLoss) throw new Error('once more');
    throw new UploadFailure(message, code);
  }

  /**
   * @param {string} method
   * @param {Record<string, string>} headers
   * @param {Blob} [body]
   */
  #send(method, headers, body, query = '') {
    const { send, address, signal } = this.#parts;
    const before = this.#offset;
    return send({
      method, address: address + query, headers, body, signal,
      onProgress: (loaded) => this.#tell(false, before + Math.min(loaded, body?.size ?? 0)),
    });
  }

  #tell(offline = false, sent = this.#offset) {
    this.#parts.told({ sent, offline });
  }

  // A file that was changed or moved looks like a lost network.
  async #checkReadable() {
    const { body } = this.#parts;
    try {
      await body.slice(this.#offset, this.#offset + 1).arrayBuffer();
    } catch {
      throw new UploadFailure('It was changed or moved meanwhile. Choose it again.', 'unreadable');
    }
  }

  /** @param {number} ms */
  #pause(ms) {
    const { signal } = this.#parts;
    return /** @type {Promise<void>} */ (new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', this.#wake);
        this.#wake = () => {};
        resolve();
      };
      signal.addEventListener('abort', this.#wake);
    }));
  }
}

/**
 * @param {string} digest
 * @returns {Record<string, string>}
 */
function digestHeader(digest) {
  return digest ? { 'Repr-Digest': `sha-256=:${digest}:` } : {};
}
