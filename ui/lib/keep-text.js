/** How long files stay in a room, in words. Pure. */
import { sizeText } from './size-text.js';

/**
 * `for ever`, `for 30 days`, `only the newest 2.0 GB`, or both of the last two; 0 for no end.
 * @param {number} days
 * @param {number} bytes
 */
export function keepText(days = 0, bytes = 0) {
  const parts = [days && `for ${count(days)}`, bytes && `only the newest ${sizeText(bytes)}`].filter(Boolean);
  return parts.join(', and ') || 'for ever';
}

/**
 * The same in few words: `Kept for 30 days, up to 2.0 GB`.
 * @param {number} days
 * @param {number} bytes
 */
export function keptText(days = 0, bytes = 0) {
  const parts = [days && `for ${count(days)}`, bytes && `up to ${sizeText(bytes)}`].filter(Boolean);
  return `Kept ${parts.join(', ') || 'for ever'}`;
}

/**
 * The same as a sentence; '' for ever.
 * @param {{ keep_days?: number, keep_bytes?: number }} room
 */
export function keepSentence({ keep_days: days = 0, keep_bytes: bytes = 0 }) {
  if (!bytes) return days ? `Files stay here for ${count(days)}.` : '';
  const most = `the newest ${sizeText(bytes)}`;
  return days ? `Files stay here for ${count(days)}, and only ${most}.` : `Of the files here, only ${most} stay.`;
}

/** @param {number} days */
function count(days) {
  return days === 1 ? '1 day' : `${days.toLocaleString('en')} days`;
}
