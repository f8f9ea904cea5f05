/** Spoilers in a message: covered until somebody asks for them, and then for as long as the message is shown. */

/**
 * Shows what a spoiler hides. It has the focus still, and is no button any more.
 * @param {HTMLElement} cover
 */
export function reveal(cover) {
  for (const name of ['role', 'aria-label', 'aria-expanded', 'data-act']) cover.removeAttribute(name);
  cover.tabIndex = -1;
  cover.classList.add('open');
}

/**
 * A message is drawn anew with the same text: what was revealed stays so.
 * @param {Element} before
 * @param {Element} after
 */
export function keepRevealed(before, after) {
  /** @type {HTMLElement[]} */
  const covers = [...after.querySelectorAll('.spoiler')];
  for (const [at, cover] of [...before.querySelectorAll('.spoiler')].entries()) {
    if (cover.classList.contains('open') && covers[at]) reveal(covers[at]);
  }
}
