/** The focus within the message list, which is one stop of the Tab key. */

/**
 * Of all the names only that of the message with the focus is a further stop of the Tab key.
 * @param {HTMLElement} list
 * @param {HTMLElement} target
 */
export function rovingTabStop(list, target) {
  for (const name of list.querySelectorAll('.name[tabindex="0"]')) name.tabIndex = -1;
  const name = target.closest('.msg')?.querySelector('.name');
  if (name) name.tabIndex = 0;
}

/**
 * Moves the focus by `step` messages, from outside of them to the last one; returns whether there is one.
 * @param {HTMLElement} list
 * @param {HTMLElement} target
 * @param {number} step
 */
export function moveFocus(list, target, step) {
  const current = target.closest('.msg');
  const all = [...list.querySelectorAll('.msg')];
  const next = current ? all[all.indexOf(current) + step] : all[all.length - 1];
  if (!next) return false;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
  return true;
}
