/** Arrow keys that walk through a list of buttons, beginning at the field above it. */

/**
 * A keydown handler: the focus goes to the next of the elements that `selector` names, or to the one before.
 * @param {KeyboardEvent} event
 * @param {string} selector
 */
export function moveAlong(event, selector) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const all = [...(/** @type {HTMLElement} */ (event.currentTarget).querySelectorAll(selector))];
  const at = all.findIndex((each) => each.contains(event.target));
  const next = step && at >= 0 ? all[at + step] : null;
  if (!next) return;
  event.preventDefault();
  next.focus();
}
