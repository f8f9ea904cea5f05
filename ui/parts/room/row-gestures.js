/**
 * What is done with a row of the list of rooms beside opening it: its menu (the other mouse button, the menu key, a
 * finger that holds) and moving it (the mouse, or a finger after it held).
 */
const HOLD = 450; // ms
const MOVE = 8; // pixels: from there on it is no click, and a finger that did not hold scrolls
const EDGE = 40; // pixels from an end of the list at which it scrolls

export class RowGestures {
  #box;
  #on;
  /** @type {HTMLElement | null} */
  #row = null; // that is pressed
  #at = [0, 0];
  #timer = 0;
  #held = false; // a finger has held it
  #moving = false;
  #done = false; // the click that follows is none
  /** @type {{ row: HTMLElement, after: boolean } | null} */
  #target = null;

  /**
   * `box` scrolls and has rows with `data-room`. `menu(name)` asks for a room's menu; `move(name, other, after)` for a
   * place before or after another room of the same list.
   * @param {HTMLElement} box
   * @param {{ menu: (name: string) => void, move: (name: string, other: string, after: boolean) => void }} on
   */
  constructor(box, on) {
    this.#box = box;
    this.#on = on;
    box.addEventListener('contextmenu', (event) => this.#menu(event));
    box.addEventListener('dragstart', (event) => event.preventDefault()); // of a link
    box.addEventListener('pointerdown', (event) => this.#down(event));
    box.addEventListener('touchmove', (event) => this.#held && event.preventDefault(), { passive: false });
    box.addEventListener('touchend', (event) => this.#held && event.preventDefault(), { passive: false });
    box.addEventListener('click', (event) => this.#click(event), { capture: true });
    window.addEventListener('pointermove', (event) => this.#move(event), { passive: true });
    window.addEventListener('pointerup', () => this.#up());
    window.addEventListener('pointercancel', () => this.#end());
    window.addEventListener('keydown', ({ key }) => key === 'Escape' && this.#end());
  }

  /** @param {MouseEvent} event */
  #menu(event) {
    const name = event.target.closest('[data-room]')?.dataset.room;
    if (!name) return;
    event.preventDefault();
    if (this.#row && this.#timer) return; // a finger: it opens as it is lifted
    this.#end();
    this.#on.menu(name);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    this.#end();
    this.#done = false;
    const row = event.target.closest('[data-room]');
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!row || elsewhere || event.target.closest('button')) return;
    this.#row = row;
    this.#at = [event.clientX, event.clientY];
    if (event.pointerType === 'mouse') return;
    this.#timer = setTimeout(() => {
      this.#held = true;
      row.classList.add('held');
    }, HOLD);
  }

  /** @param {PointerEvent} event */
  #move({ pointerType, clientX, clientY }) {
    const row = this.#row;
    if (!row) return;
    const far = Math.hypot(clientX - this.#at[0], clientY - this.#at[1]) > MOVE;
    if (!this.#moving && !far) return;
    if (pointerType !== 'mouse' && !this.#held) return this.#end();
    this.#moving = true;
    row.classList.add('moving');
    this.#scroll(clientY);
    this.#aim(document.elementFromPoint(clientX, clientY)?.closest('[data-room]') ?? null, clientY);
    return undefined;
  }

  /**
   * @param {HTMLElement | null} over
   * @param {number} y
   */
  #aim(over, y) {
    this.#target?.row.removeAttribute('data-drop');
    this.#target = null;
    if (!over || over === this.#row || over.parentElement !== this.#row?.parentElement) return;
    const { top, height } = over.getBoundingClientRect();
    this.#target = { row: over, after: y > top + height / 2 };
    over.dataset.drop = this.#target.after ? 'after' : 'before';
  }

  /** @param {number} y */
  #scroll(y) {
    const { top, bottom } = this.#box.getBoundingClientRect();
    if (y < top + EDGE) this.#box.scrollBy(0, -EDGE / 4);
    else if (y > bottom - EDGE) this.#box.scrollBy(0, EDGE / 4);
  }

  #up() {
    const name = this.#row?.dataset.room;
    const [target, held, moving] = [this.#target, this.#held, this.#moving];
    this.#done = held || moving;
    setTimeout(() => this.#end()); // the end of the touch comes after it
    if (!name) return;
    if (moving && target) this.#on.move(name, target.row.dataset.room ?? '', target.after);
    else if (held && !moving) this.#on.menu(name);
  }

  #end() {
    clearTimeout(this.#timer);
    this.#target?.row.removeAttribute('data-drop');
    this.#row?.classList.remove('held', 'moving');
    [this.#row, this.#target, this.#held, this.#moving, this.#timer] = [null, null, false, false, 0];
  }

  /** @param {MouseEvent} event */
  #click(event) {
    if (!this.#done) return;
    this.#done = false;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
