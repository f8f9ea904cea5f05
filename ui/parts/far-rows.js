/** Rows far behind somebody who reads on are given up: each row more makes each frame of scrolling longer. */
import { raise } from './raise.js';
/** @import { Room } from '../lib/room.js' */
/** @import { RowNodes } from './row-nodes.js' */

const BEHIND = 1200; // pixels beside what is in sight that are kept: more than those at which a page is asked for
const MANY = 80; // events with a row that are held without giving up any
const MEDIA = /** @type {'audio'} */ ('audio, video');
const WORTH = 5; // rows: for fewer, the list is not drawn anew

/**
 * Has those given up of `rows`, which `box` shows of the room, and says whether there were any. `heading`: where the
 * reader goes, by the last page that was loaded. While rows are selected or a sound plays, all stay.
 * @param {HTMLElement} box
 * @param {{ room: Room, rows: RowNodes, heading: 'older' | 'newer' }} list
 */
export function giveUpFarRows(box, { room, rows, heading }) {
  if (room.size < MANY || isInUse(box)) return false;
  const { top, bottom } = box.getBoundingClientRect();
  const { count, n } = rows.behind(heading, { top: top - BEHIND, bottom: bottom + BEHIND });
  if (count < WORTH || !n || n === (heading === 'older' ? room.newest : room.first)) return false;
  raise(box, 'trim', heading === 'older' ? { room, first: 0, last: n } : { room, first: n, last: Infinity });
  rows.giveUpFar();
  return true;
}

/** @param {HTMLElement} box */
function isInUse(box) {
  return box.matches('.selecting') || [...box.querySelectorAll(MEDIA)].some(({ paused }) => !paused);
}
