/** A QR code as one SVG path, on white with the quiet zone that readers need. */
/** @import { QrMatrix } from '../lib/types.d.ts' */

const SVG = 'http://www.w3.org/2000/svg';
const QUIET = 4; // modules

/**
 * `rows`: strings of 1 for dark and 0 for light modules.
 * @param {QrMatrix} rows
 * @param {string} label
 */
export function qrNode(rows, label) {
  const size = rows.length + 2 * QUIET;
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'qr');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  svg.setAttribute('shape-rendering', 'crispEdges');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', qrPath(rows));
  svg.append(path);
  return svg;
}

/**
 * The path of a QR code: one rectangle for each run of dark modules.
 * @param {QrMatrix} rows
 */
function qrPath(rows) {
  let path = '';
  rows.forEach((row, y) => {
    for (const { index, 0: { length } } of row.matchAll(/1+/g)) {
      path += `M${index + QUIET} ${y + QUIET}h${length}v1h-${length}z`;
    }
  });
  return path;
}
