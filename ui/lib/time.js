/** Times as words. `at` is always a UTC timestamp as the hub writes it. */
const own = globalThis.navigator?.language ?? '';
const language = /^en(-[A-Z]{2})?$/.test(own) ? own : 'en-GB'; // a browser without a language may say "en-US@posix"
/** @type {[number, string][]} */
const UNITS = [[86400, 'day'], [3600, 'hour'], [60, 'minute'], [1, 'second']];
const clockFormat = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const dayFormat = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' });
const yearFormat = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' });
const fullFormat = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'medium' });

/** @param {string | number} at */
export function clock(at) {
  return words(clockFormat, at);
}

/** @param {string} at */
export function full(at) {
  return words(fullFormat, at);
}

/**
 * The local day of `at` as `2026-11-22`: equal for all moments of one day.
 * @param {string | number | Date} at
 */
export function day(at) {
  const date = new Date(at);
  const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** @param {string} at */
export function dayName(at, now = Date.now()) {
  const today = day(now);
  if (day(at) === today) return 'Today';
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (day(at) === day(yesterday)) return 'Yesterday';
  return words(day(at).slice(0, 4) === today.slice(0, 4) ? dayFormat : yearFormat, at);
}

/**
 * A duration in seconds, in the largest unit that divides it.
 * @param {number} seconds
 */
export function span(seconds) {
  const [size, unit] = UNITS.find(([each]) => seconds % each === 0) ?? UNITS[3];
  const count = Math.round(seconds / size);
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}

/**
 * A duration as it stands after "every": `minute`, `5 minutes`.
 * @param {number} seconds
 */
export function every(seconds) {
  return span(seconds).replace(/^1 /, '');
}

/**
 * The rest of a duration, in ms, as `0:42`, `4:05` or `2 hours`.
 * @param {number} left
 */
export function countdown(left) {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  if (seconds > 3600) return `${Math.ceil(seconds / 3600)} hours`;
  if (seconds === 3600) return '1 hour';
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/**
 * How long ago a time in seconds since 1970 was.
 * @param {number} seconds
 */
export function ago(seconds, now = Date.now()) {
  const passed = now / 1000 - seconds;
  if (passed < 90) return 'just now';
  if (passed < 3600) return `${Math.round(passed / 60)} minutes ago`;
  const at = new Date(seconds * 1000).toISOString();
  const name = dayName(at, now);
  return name === 'Today' || name === 'Yesterday' ? `${name.toLowerCase()} at ${clock(at)}` : name;
}

/**
 * @param {Intl.DateTimeFormat} format
 * @param {string | number} at
 */
function words(format, at) {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : format.format(date);
}
