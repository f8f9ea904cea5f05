/**
 * The rows that are drawn next: those around row `from` that are drawn already, and of the others the `most` that are
 * nearest. So a long list is drawn in pieces, each short enough for a frame, and first where somebody looks.
 * @template T
 * @param {T[]} rows
 * @param {{ isDrawn: (row: T) => boolean, from: number, most: number }} piece
 */
export function nearestRows(rows, { isDrawn, from, most }) {
  let [first, last, left] = [from, from, most];
  const takes = (/** @type {number} */ at) => {
    if (at < 0 || at >= rows.length) return false;
    if (isDrawn(rows[at])) return true;
    left -= 1;
    return left >= 0;
  };
  let [above, below] = [true, true];
  while (above || below) {
    below &&= takes(last);
    if (below) last += 1;
    above &&= takes(first - 1);
    if (above) first -= 1;
  }
  return rows.slice(first, last);
}
