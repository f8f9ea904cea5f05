/** Runs a few tasks at once; the others wait, in order. */
export class UploadQueue {
  #most;
  #running = 0;
  /** @type {{ task: () => Promise<unknown>, signal: AbortSignal }[]} */
  #waiting = [];

  /** @param {number} most how many run at once */
  constructor(most) {
    this.#most = most;
  }

  /**
   * Runs `task()` once there is room; one that was given up before does not begin.
   * @param {() => Promise<unknown>} task takes care of its own failures
   * @param {AbortSignal} signal
   */
  add(task, signal) {
    this.#waiting.push({ task, signal });
    this.#next();
  }

  /** @returns {Promise<void>} */
  async #next() {
    if (this.#running >= this.#most) return;
    const next = this.#waiting.shift();
    if (!next) return;
    if (next.signal.aborted) return this.#next();
    this.#running += 1;
    try {
      await next.task();
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }
}
