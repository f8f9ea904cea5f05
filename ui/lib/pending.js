/** Commands that want an answer: an edit, a reaction, a pin. Settled by their own event, a refusal, or time. */
import { newKey } from './random-key.js';
import { Problem } from './api.js';

const PATIENCE = 10000;

export class PendingCommands {
  #send;
  #waiting = new Map(); // key -> {resolve, reject, timer}

  /** `send(command)` says whether it could be sent. */
  constructor(send) {
    this.#send = send;
  }

  ask(command) {
    const key = newKey();
    const answer = new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.settle(key, new Problem({ message: 'Hearth did not answer. Try again.' })), PATIENCE);
      this.#waiting.set(key, { resolve, reject, timer });
    });
    if (!this.#send({ ...command, key })) this.settle(key, new Problem({ message: 'Not connected. Try again in a moment.' }));
    return answer;
  }

  settle(key, problem = null) {
    const waiting = this.#waiting.get(key);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(key);
    if (problem) waiting.reject(problem);
    else waiting.resolve();
  }
}
