/** Keys in the message list. */
import { raise } from './raise.js';
import { moveFocus } from './roving-focus.js';

/** @type {Record<string, 'oldest' | 'newest' | undefined>} */
const ENDS = { Home: 'oldest', End: 'newest' };
/** @type {Record<string, number | undefined>} */
const STEPS = { ArrowUp: -1, ArrowDown: 1 };

/**
 * Arrows walk from message to message; Home and End go to the first and the last one of the room. `box` scrolls, and
 * `list` holds the rows.
 * @param {KeyboardEvent} event
 * @param {HTMLElement} box
 * @param {HTMLElement} list
 */
export function pressListKey(event, box, list) {
  const end = ENDS[event.key];
  if (end && !event.shiftKey && !event.altKey && !event.metaKey) {
    event.preventDefault();
    box.focus({ preventScroll: true });
    raise(box, end);
  }
  const step = STEPS[event.key];
  if (step && moveFocus(list, event.target, step)) event.preventDefault();
}
