/** Moments as words. `at` is always a UTC timestamp as the hub writes it. */
const words = globalThis.navigator?.language?.startsWith('en') ? navigator.language : 'en-GB';
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

function say(format, at) {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : format.format(date);
}
