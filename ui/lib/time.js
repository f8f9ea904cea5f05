/** Moments as words. `at` is always a UTC timestamp as the hub writes it. */
const own = globalThis.navigator?.language ?? '';
const words = /^en(-[A-Z]{2})?$/.test(own) ? own : 'en-GB'; // a browser without a language may say "en-US@posix"
const clockFormat = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const dayFormat = new Intl.DateTimeFormat(words, { weekday: 'long', day: 'numeric', month: 'long' });
const yearFormat = new Intl.DateTimeFormat(words, { day: 'numeric', month: 'long', year: 'numeric' });
const fullFormat = new Intl.DateTimeFormat(words, { dateStyle: 'full', timeStyle: 'medium' });

export function clock(at) {
  return say(clockFormat, at);
}

export function full(at) {
  return say(fullFormat, at);
}

/** The local day of `at` as `2026-11-22`: equal for all moments of one day. */
export function day(at) {
  const date = new Date(at);
  const two = (number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function dayName(at, now = Date.now()) {
  const today = day(now);
  if (day(at) === today) return 'Today';
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (day(at) === day(yesterday)) return 'Yesterday';
  return say(day(at).slice(0, 4) === today.slice(0, 4) ? dayFormat : yearFormat, at);
}

/** A length of time in seconds, in the largest unit that fits. */
export function span(seconds) {
  const [size, unit] = seconds % 86400 === 0 ? [86400, 'day'] : seconds % 3600 === 0 ? [3600, 'hour'] : seconds % 60 === 0 ? [60, 'minute'] : [1, 'second'];
  const count = Math.round(seconds / size);
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}

/** The same after "every": `minute`, `5 minutes`. */
export function every(seconds) {
  return span(seconds).replace(/^1 /, '');
}

/** What is left of a time in ms, counted down as `0:42`, `4:05` or `2 hours`. */
export function countdown(left) {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  if (seconds > 3600) return `${Math.ceil(seconds / 3600)} hours`;
  if (seconds === 3600) return '1 hour';
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** How long ago a moment in seconds since 1970 was. */
export function ago(seconds, now = Date.now()) {
  const passed = now / 1000 - seconds;
  if (passed < 90) return 'just now';
  if (passed < 3600) return `${Math.round(passed / 60)} minutes ago`;
  const at = new Date(seconds * 1000).toISOString();
  const name = dayName(at, now);
  return name === 'Today' || name === 'Yesterday' ? `${name.toLowerCase()} at ${clock(at)}` : name;
}

function say(format, at) {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : format.format(date);
}
