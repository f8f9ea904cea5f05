/** Long press on a message. The events that follow from the same touch must not activate anything. */
const DURATION = 450; // ms
const CLICK = 1000; // ms after a finger is up in which a click may still come from it
const MOVE = 10; // pixels: a finger that moves further scrolls

export class LongPress {
  #act;
  #at = [0, 0];
  #timer = 0;
  #held = false; // the finger that pressed is not up yet, or its click is still to come
  #releaseTimer = 0;

  /**
   * `act(row)` is called for a press on a message of `list`, and returns whether it opened something.
   * @param {HTMLElement} list
   * @param {(row: HTMLElement) => boolean} act
   */
  constructor(list, act) {
    this.#act = act;
    window.addEventListener('pointerdown', () => this.#release(), { capture: true });
    list.addEventListener('pointerdown', (event) => this.#down(event));
    for (const name of /** @type {const} */ (['pointerup', 'pointercancel', 'pointermove'])) {
      list.addEventListener(name, (event) => this.#up(event), { capture: true, passive: true });
    }
    list.addEventListener('scroll', () => clearTimeout(this.#timer), { capture: true, passive: true });
    for (const name of ['touchend', 'contextmenu']) {
      list.addEventListener(name, (event) => this.#held && swallow(event), { capture: true, passive: false });
    }
  }

  /**
   * Ignores the finger's click in what was opened.
   * @param {HTMLElement} target
   */
  guard(target) {
    target.addEventListener('click', (event) => this.#held && event.detail && swallow(event), { capture: true });
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const row = event.target.closest('.msg');
    if (event.pointerType === 'mouse' || !row || event.target.closest('a, button, pre')) return;
    this.#at = [event.clientX, event.clientY];
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#held = this.#act(row);
    }, DURATION);
  }

  /** @param {PointerEvent} event */
  #up({ type, clientX, clientY }) {
    if (type === 'pointermove' && Math.hypot(clientX - this.#at[0], clientY - this.#at[1]) < MOVE) return;
    clearTimeout(this.#timer);
    const isUp = type === 'pointerup' || type === 'pointercancel';
    if (this.#held && isUp) this.#releaseTimer = setTimeout(() => this.#release(), CLICK);
  }

  #release() {
    clearTimeout(this.#releaseTimer);
    this.#held = false;
  }
}

/** @param {Event} event */
function swallow(event) {
  if (event.cancelable) event.preventDefault();
  event.stopImmediatePropagation();
}
