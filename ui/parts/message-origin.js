/** The line above a forwarded message: who said it, and where. */
import { titleOf } from '../lib/room-info.js';
import { full } from '../lib/time.js';
import { element } from './element.js';
import { iconNode } from './icon.js';
/** @import { Origin } from '../lib/types.d.ts' */

/**
 * It leads there where everybody may see it.
 * @param {Origin} origin
 */
export function originLine({ by, at, room, n }) {
  const words = [iconNode('forward'), element('span', {}, 'Forwarded from ', element('bdi', {}, by),
    room ? ', ' : '', room ? element('bdi', {}, titleOf(room)) : '')];
  if (!room || !n) return element('p', { className: 'origin', title: full(at) }, ...words);
  const data = { act: 'origin', text: room, of: String(n) };
  return element('button', { type: 'button', className: 'origin', title: full(at), data }, ...words);
}
