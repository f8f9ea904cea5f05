/** Until when a status lasts, and when somebody was here, in words. Pure. */
import { ago, clock, day, dayName } from './time.js';
/** @import { Presence, Status } from './types.d.ts' */

/** How long a status may last. */
export const SPANS = {
  open: 'Until I change it', half: 'In 30 minutes', hour: 'In 1 hour', today: 'At the end of today', date: 'On a day …',
};

/**
 * When a status ends that is set now, in seconds since 1970; 0 for no end.
 * @param {string} span a key of SPANS
 * @param {Date} now
 * @param {string} date for the span `date`, as `2026-11-22`
 */
export function endOf(span, now, date) {
  const minutes = span === 'half' ? 30 : span === 'hour' ? 60 : 0;
  if (minutes) return Math.round(now.getTime() / 1000) + minutes * 60;
  if (span !== 'today' && (span !== 'date' || !date)) return 0;
  const last = span === 'today' ? new Date(now) : new Date(`${date}T12:00`);
  return Math.floor(last.setHours(23, 59, 59) / 1000);
}

/**
 * When a status ends, in words; '' where it does not.
 * @param {Status} status
 * @param {Date} now
 */
export function untilText({ until }, now) {
  return until ? `until ${moment(until, now)}` : '';
}

/**
 * When somebody was here last, in words; '' where that is not known, or they are here.
 * @param {Presence | undefined} presence
 */
export function lastHereText(presence) {
  return presence && !presence.here && presence.last ? `Last here ${ago(presence.last)}.` : '';
}

/**
 * @param {number} seconds
 * @param {Date} now
 */
function moment(seconds, now) {
  const at = new Date(seconds * 1000).toISOString();
  return day(at) === day(now) ? clock(at) : dayName(at, now.getTime());
}
