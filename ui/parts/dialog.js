/** What all `<dialog>` elements of the page share. */

/** A click handler of a dialog: closes it where its backdrop was hit. */
export function closeOnBackdrop(event) {
  if (event.target === event.currentTarget) event.currentTarget.close();
}
