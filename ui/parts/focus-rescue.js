/** Restores the focus when the button that was pressed has been removed along with its row. */
const ROW = 'li, .returning';

/** @typedef {{ row: HTMLElement, list: Element, at: number, nth: number, dialog: HTMLDialogElement | null }} Place */

/**
 * Where a button stands: its row, which one of its list that is, and which button of the row it is; null for what is
 * in no row.
 * @param {HTMLElement | null} button
 * @returns {Place | null}
 */
export function placeOf(button) {
  const row = button?.closest(ROW);
  const list = row?.parentElement;
  if (!button || !list) return null;
  const [at, nth] = [[...list.children].indexOf(row), buttonsOf(row).indexOf(button)];
  return { row, list, at, nth, dialog: row.closest('dialog') };
}

/**
 * The button that takes the place of one that is gone, or undefined.
 * @param {Place} place
 */
export function nextTo({ row, list, at, nth }) {
  if (!list.isConnected) return undefined;
  if (row.isConnected) return buttonsOf(row)[0];
  const rows = [...list.children].filter((other) => other.matches(ROW));
  const buttons = buttonsOf(rows[Math.min(at, rows.length - 1)]);
  return buttons[Math.min(nth, buttons.length - 1)];
}

/**
 * @param {Element | undefined} row
 * @returns {HTMLElement[]}
 */
function buttonsOf(row) {
  return [...(row?.querySelectorAll('button') ?? [])];
}
