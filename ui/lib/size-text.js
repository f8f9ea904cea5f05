/** Sizes in words. Pure. */
const BINARY = ['bytes', 'KiB', 'MiB', 'GiB'];
const UNITS = ['KB', 'MB', 'GB', 'TB'];

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
 * A limit that somebody set, as the hub tells it: `1 GiB`, `1.5 MiB`.
 * @param {number} bytes
 */
export function limitText(bytes) {
  let [size, unit] = [bytes, 0];
  while (size >= 1024 && unit < BINARY.length - 1) [size, unit] = [size / 1024, unit + 1];
  return `${Number(size.toPrecision(4)).toLocaleString('en')} ${BINARY[unit]}`;
}
