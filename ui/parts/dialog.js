/** What the `<dialog>` elements of the page share. */

/** A click handler of a dialog: closes it where its backdrop was hit. */
export function closeOnBackdrop(event) {
  if (event.target === event.currentTarget) event.currentTarget.close();
}

/** Whether a pointer event of a dialog lies outside its box. */
export function isOutside(event) {
  if (event.target !== event.currentTarget) return false;
  const { left, right, top, bottom } = event.target.getBoundingClientRect();
  return event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
}
