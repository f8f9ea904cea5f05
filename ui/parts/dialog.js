/** What the `<dialog>` elements of the page share. */

/**
 * A click handler of a dialog: closes it where its backdrop was hit.
 * @param {MouseEvent} event
 */
export function closeOnBackdrop({ target }) {
  if (target instanceof HTMLDialogElement) target.close();
}

/**
 * Whether a pointer event of a dialog lies outside its box.
 * @param {PointerEvent} event
 */
export function isOutside(event) {
  if (event.target !== event.currentTarget) return false;
  const { left, right, top, bottom } = event.target.getBoundingClientRect();
  return event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
}
