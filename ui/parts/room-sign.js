/** How a room looks in lists: its own icon and colour, or the icon of its kind. */
import { html } from '../vendor/lit.js';
import { icon } from './icon.js';
/** @import { RoomInfo, RoomKind } from '../lib/types.d.ts' */

/** @type {Partial<Record<RoomKind, string>>} */
const SIGNS = { announcements: 'horn', private: 'lock' };

/** @type {Record<string, string>} */
const TINTS = {
  red: 'tint-0', orange: 'tint-1', yellow: 'tint-2', green: 'tint-4', teal: 'tint-5', blue: 'tint-8',
  purple: 'tint-9', pink: 'tint-10',
};

/** The names of the colours that a room may have. */
export const TINT_NAMES = Object.keys(TINTS);

/**
 * The name of the icon for a kind; `other` for one that has none.
 * @param {RoomKind} kind
 */
function signOf(kind, other = 'room') {
  return SIGNS[kind] ?? other;
}

/**
 * The sign of a room; `other` as above, and nothing where that is '' and the room has no look of its own.
 * @param {Pick<RoomInfo, 'kind' | 'icon' | 'tint'>} info
 */
export function roomSign({ kind, icon: own, tint = '' }, other = 'room') {
  const colour = Object.hasOwn(TINTS, tint) ? `tinted ${TINTS[tint]}` : '';
  if (own) return html`<span class="sign look ${colour}" aria-hidden="true">${own}</span>`;
  const name = signOf(kind, colour ? other || 'room' : other);
  return name ? icon(name, `sign ${colour}`) : '';
}
