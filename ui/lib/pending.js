/** Commands waiting for an answer, such as an edit, a reaction or a pin: their own event, a refusal, or a timeout. */
import { Problem } from './api.js';
import { newKey } from './random-key.js';
/** @import { RoomCommand, Without } from './types.d.ts' */

const TIMEOUT = 10000; // ms

export class PendingCommands {
  #send;
  /** @type {Map<string, { resolve: () => void, reject: (why: Problem) => void, timer: number }>} */
  #waiting = new Map(); // key -> {resolve, reject, timer}

  /**
   * `send(command)` says whether it could be sent.
   * @param {(command: RoomCommand) => boolean} send
   */
  constructor(send) {
    this.#send = send;
  }

  /**
   * Sends a command with a new key; the promise resolves once it is done, or rejects with a Problem.
   * @param {Without<RoomCommand, 'key'>} command
   * @returns {Promise<void>}
   */
  send(command) {
    const key = newKey();
    /** @type {Promise<void>} */
    const answer = new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(key, 'Hearth did not answer. Try again.'), TIMEOUT);
      this.#waiting.set(key, { resolve, reject, timer });
    });
    if (!this.#send({ ...command, key })) this.#fail(key, 'Not connected. Try again in a moment.');
    return answer;
  }

  /**
   * The command with this key is done, or has met a Problem. Other keys are none of ours.
   * @param {string} key
   * @param {Problem | null} problem
   */
  settle(key, problem = null) {
    const waiting = this.#waiting.get(key);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(key);
    if (problem) waiting.reject(problem);
    else waiting.resolve();
  }

  /**
   * @param {string} key
   * @param {string} message
   */
  #fail(key, message) {
    this.settle(key, new Problem({ message }));
  }
}
