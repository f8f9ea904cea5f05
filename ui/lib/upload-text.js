/** What of files on their way is told in words. Pure. */
import { sizeText } from './size-text.js';
/** @import { Attached } from './types.d.ts' */

export const MOST_FILES = 20; // of one message
const FRESH = 3000; // ms

/** @param {number} left how many files a message has no room for */
export function tooMany(left) {
  const others = left === 1 ? 'One was left out.' : `${left} were left out.`;
  return `A message takes up to ${MOST_FILES} files. ${others}`;
}

/**
 * The name of a chosen file. Browsers call each picture that is pasted `image.png`, so that gets the time for a name.
 * @param {{ name: string, lastModified: number }} file
 */
export function chosenName({ name, lastModified }, now = Date.now()) {
  if (!/^image\.\w+$/.test(name) || now - lastModified > FRESH) return name || 'file';
  const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
  const at = new Date(now);
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join('.');
  return `Picture ${day} ${time}${name.slice(5)}`;
}

/**
 * How far a file is.
 * @param {Attached} file
 */
export function progressText({ state, sent, size, left, why }) {
  switch (state) {
    case 'done':
      return sizeText(size);
    case 'waiting':
      return `${sizeText(size)}, waits its turn`;
    case 'preparing':
      return 'Getting ready';
    case 'offline':
      return `${percent(sent, size)}. Waiting for the network`;
    case 'failed':
      return why;
    case 'lost':
      return why || 'This file has to be chosen again.';
    default:
      return `${percent(sent, size)} of ${sizeText(size)}${left >= 1 ? `, ${leftText(left)}` : ''}`;
  }
}

/**
 * @param {number} sent
 * @param {number} size
 */
function percent(sent, size) {
  return `${size ? Math.floor((100 * sent) / size) : 100}%`;
}

/** @param {number} seconds */
function leftText(seconds) {
  if (seconds < 60) return `${Math.ceil(seconds)} s left`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min left`;
  return `${Math.ceil(seconds / 3600)} h left`;
}
