/** What of a file is told in words. Pure. */

const UNITS = ['KB', 'MB', 'GB', 'TB'];
const [LONG, END] = [12, 4]; // letters of a name: from so many on, its last ones stay together with the extension
/** Extensions of texts that have no colours. */
const PLAIN = new Set(['', 'txt', 'text', 'log', 'csv', 'tsv', 'srt', 'vtt']);

/**
 * A number of bytes in a unit in which it is short: `812 bytes`, `1.4 MB`, `35 MB`.
 * @param {number} bytes
 */
export function sizeText(bytes) {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  let [size, unit] = [bytes / 1000, 0];
  while (size >= 999.5 && unit < UNITS.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size).toLocaleString('en')} ${UNITS[unit]}`;
}

/**
 * The extension of a name without its point, in small letters; '' where it has none.
 * @param {string} name
 */
export function extensionOf(name) {
  return endOf(name).slice(1).toLowerCase();
}

/**
 * A name in the part that may be cut off where there is little room, and the end that is always seen.
 * @param {string} name
 */
export function nameParts(name) {
  const end = endOf(name);
  const stem = name.slice(0, name.length - end.length);
  const kept = stem.length > LONG && /^[ -~]+$/.test(stem) ? END : 0; // no letters that join, or run the other way
  return [stem.slice(0, stem.length - kept), stem.slice(stem.length - kept) + end];
}

/**
 * The word by which colours of code are found for a file of this name, '' for none.
 * @param {string} name
 */
export function codeWord(name) {
  const extension = extensionOf(name);
  return PLAIN.has(extension) ? '' : extension;
}

/** @param {string} name */
function endOf(name) {
  return /^.+(\.[\w+-]{1,12})$/.exec(name)?.[1] ?? '';
}
