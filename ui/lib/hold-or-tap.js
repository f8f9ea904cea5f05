/** A button that begins something: a tap, or a key, until the next one; held down, until it is let go. */
const HELD = 300; // ms
const CLICK = 500; // ms after it was let go in which the click of that comes

export class HoldOrTap {
  isHeld = false; // and what it began goes on until it is let go
  #act;
  #timer = 0;
  #ended = -Infinity; // ms of the page's time at which what was held was let go, until the click of that comes

  /**
   * `runs()` says whether what was begun is under way by now.
   * @param {{ begin: () => void, end: () => void, runs: () => boolean }} act
   */
  constructor(act) {
    this.#act = act;
  }

  /**
   * A click, by a finger, a mouse or a key. Its own time counts: what handles it may come late.
   * @param {Event} event
   */
  click({ timeStamp }) {
    clearTimeout(this.#timer);
    const isOfHold = timeStamp - this.#ended < CLICK;
    this.#ended = -Infinity;
    if (isOfHold) return;
    if (this.#act.runs()) this.#act.end();
    else this.#act.begin();
  }

  /**
   * `signal` tells that it was let go, which it may be by now: what handles a first press has to come for it.
   * @param {PointerEvent} event
   * @param {HTMLElement} button
   * @param {AbortSignal} signal
   */
  down({ button: key, timeStamp }, button, signal) {
    if (key || signal.aborted || this.isHeld || this.#act.runs()) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.isHeld = true;
      this.#act.begin();
    }, Math.max(0, HELD - (performance.now() - timeStamp)));
    signal.addEventListener('abort', () => this.#up());
    button.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  }

  // Where the browser asked for something meanwhile, nothing runs yet: it goes on as after a tap.
  #up() {
    clearTimeout(this.#timer);
    if (!this.isHeld) return;
    this.isHeld = false;
    this.#ended = performance.now();
    if (this.#act.runs()) this.#act.end();
  }
}
