/** The two buttons over the message list: to the newest message, and back to where the unread ones begin. */
import { store } from '../lib/store.js';
import { element } from './element.js';
import { iconNode } from './icon.js';
/** @import { Room } from '../lib/room.js' */

export class JumpButtons {
  newest = element('button', { type: 'button', className: 'jump', hidden: true });
  back = element('button', { type: 'button', className: 'jump back', hidden: true },
    iconNode('send'), 'Where you left off');
  #box;
  #seenDivider = 0; // the divider that was in sight already

  /**
   * `box` is the element that scrolls.
   * @param {HTMLElement} box
   */
  constructor(box) {
    this.#box = box;
  }

  /** Another room came on view. */
  reset() {
    this.#seenDivider = 0;
    this.hide();
  }

  hide() {
    show(this.newest, false);
    show(this.back, false);
  }

  /**
   * `divider`: the node of the "new" line, if any; `isAtEnd()`: whether the list is scrolled to its end.
   * @param {Room | null} room
   * @param {{ divider?: HTMLElement, isAtEnd: () => boolean }} list
   */
  update(room, { divider, isAtEnd }) {
    this.#updateBack(room, divider);
    const away = Boolean(room?.ready && !room.following && (!room.attached || !isAtEnd()));
    show(this.newest, away);
    if (!room || !away) return;
    const count = store.unreadIn(room.name);
    this.newest.classList.toggle('news', count > 0);
    const text = count ? `${count} new` : 'Newest';
    if (this.newest.textContent !== text) this.newest.replaceChildren(iconNode('down'), text);
  }

  // Shown while the unread messages begin above, until their beginning was in sight.
  /**
   * @param {Room | null} room
   * @param {HTMLElement} [divider]
   */
  #updateBack(room, divider) {
    const above = room?.ready && room.divider && (divider
      ? divider.getBoundingClientRect().top < this.#box.getBoundingClientRect().top
      : room.first > room.divider + 1);
    if (room && divider && !above) this.#seenDivider = room.divider;
    show(this.back, Boolean(above) && this.#seenDivider !== room?.divider);
  }
}

/**
 * Touches the button only where something changes: the styles of what is assigned are worked out anew.
 * @param {HTMLElement} button
 * @param {boolean} isShown
 */
function show(button, isShown) {
  if (button.hidden === isShown) button.hidden = !isShown;
}
