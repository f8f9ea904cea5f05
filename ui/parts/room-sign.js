/** The icons for kinds of rooms. */
/** @import { RoomKind } from '../lib/types.d.ts' */

/** @type {Partial<Record<RoomKind, string>>} */
const SIGNS = { announcements: 'horn', private: 'lock' };

/**
 * The name of the icon; `other` for a kind that has none.
 * @param {RoomKind} kind
 */
export function signOf(kind, other = 'room') {
  return SIGNS[kind] ?? other;
}
