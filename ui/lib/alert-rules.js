/** What calls for somebody's attention, by what they chose. Pure, but for what it reads of the store. */
import { isMeant } from './mentions.js';
import { roomPreferences } from './room-preferences.js';
/** @import { Store } from './store.js' */
/** @import { Addressed, AlertLevel, AlertSettings, Me, Preferences, QuietHours, RoomInfo } from './types.d.ts' */

/** @type {QuietHours} */
const NIGHT = { on: false, from: '22:00', to: '07:00' };

/**
 * What a person chose for all their devices.
 * @param {Preferences} preferences
 * @returns {AlertSettings}
 */
export function alertSettings({ alerts }) {
  return { flash: alerts?.flash !== false, text: alerts?.text !== false, quiet: { ...NIGHT, ...alerts?.quiet } };
}

/**
 * Of what in a room somebody wants to be told.
 * @param {Preferences} preferences
 * @param {Pick<RoomInfo, 'name' | 'kind'>} room
 * @returns {AlertLevel}
 */
export function alertLevel(preferences, { name, kind }) {
  const { alerts, muted } = roomPreferences(preferences).of(name);
  if (muted) return 'nothing';
  return alerts === 'all' || alerts === 'mentions' ? alerts : kind === 'direct' ? 'all' : 'mentions';
}

/**
 * Whether a message is meant for me: in a direct conversation, by my name, or as an answer to what I said.
 * @param {Addressed} message
 * @param {{ me: Pick<Me, 'who'>, kind: string, answered?: { who?: string } | null }} situation
 */
export function isMeantForMe({ to }, { me, kind, answered }) {
  return kind === 'direct' || answered?.who === me.who || isMeant(to, me.who);
}

/**
 * Whether these are quiet hours, by the clock of this device; they may go over midnight.
 * @param {QuietHours} hours
 * @param {Date} now
 */
export function isQuiet({ on, from, to }, now) {
  const time = now.toTimeString().slice(0, 5);
  if (!on || from === to) return false;
  return from < to ? from <= time && time < to : from <= time || time < to;
}

/**
 * How many unread messages call for attention, and whether there are others that were not silenced.
 * @param {Store} store
 */
export function callsForMe(store) {
  let count = 0;
  let others = false;
  for (const [name, { unread = 0 }] of store.rooms) {
    if (!unread) continue;
    const level = alertLevel(store.preferences, store.roomInfo(name));
    if (level === 'nothing') continue;
    const own = level === 'all' && !isFromMuted(store, name) ? unread : store.mentionsIn(name);
    count += own;
    others ||= unread > own;
  }
  return { count, others };
}

// All that is said in a direct conversation is by one person.
/**
 * @param {Store} store
 * @param {string} name
 */
function isFromMuted(store, name) {
  const { kind, with: other } = store.roomInfo(name);
  return kind === 'direct' && store.isMuted({ who: other });
}
