/** A QR code's modules as one SVG path, on white with the quiet zone that readers need. */
const SVG = 'http://www.w3.org/2000/svg';
const QUIET = 4;

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

/** One rectangle a run of dark modules. */
export function qrPath(rows) {
  let path = '';
  rows.forEach((row, y) => {
    for (const run of row.matchAll(/1+/g)) path += `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`;
  });
  return path;
}
