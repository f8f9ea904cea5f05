/** The focus within the message list, which is one stop of the Tab key. */

/**
 * Only the name of the message with the focus, and who has read up to it, are further stops of the Tab key.
 * @param {HTMLElement} list
 * @param {HTMLElement} target
 */
export function rovingTabStop(list, target) {
  for (const stop of list.querySelectorAll('.name[tabindex="0"], .readers[tabindex="0"]')) stop.tabIndex = -1;
  for (const stop of target.closest('.msg')?.querySelectorAll('.name, .readers') ?? []) stop.tabIndex = 0;
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
