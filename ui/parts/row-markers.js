/** The rows of the message list that are no messages: its beginning, days, gaps, notes, and what is muted. */
import { roomEventText } from '../lib/event-text.js';
import { dayName, full } from '../lib/time.js';
import { element } from './element.js';
import { iconNode } from './icon.js';
import { beginning } from './room-beginning.js';
/** @import { RowOf } from '../lib/types.d.ts' */

/** By the kind of a row, what draws it. */
export const MARKERS = { start: beginning, earlier, day, new: divider, gap, note, muted };

function earlier() {
  return element('div', { className: 'earlier' }, element('div', { className: 'spinner late' }));
}

/** @param {RowOf<'day'>} row */
function day({ at }) {
  return element('div', { className: 'day' }, element('time', { dateTime: at }, dayName(at)));
}

function divider() {
  return element('div', { className: 'new' }, 'New');
}

/** @param {RowOf<'gap'>} row */
function gap({ count }) {
  const words = count === 1 ? '1 message here cannot be read' : `${count} messages here cannot be read`;
  return element('p', { className: 'gap' }, words);
}

/** @param {RowOf<'note'>} row */
function note({ message }) {
  const parts = roomEventText(message).map(
    (part) => (typeof part === 'string' ? part : element('bdi', {}, part.named)),
  );
  return element('p', { className: 'note', title: full(message.at) }, ...parts);
}

/** @param {RowOf<'muted'>} row */
function muted({ by, count, all }) {
  const words = count === 1 ? ': 1 message, muted by you' : `: ${count} messages, muted by you`;
  const label = `Show what ${by} said`;
  return element('p', { className: 'muted', data: { n: String(all[0]) }, aria: { live: 'off' } }, iconNode('mute'),
    element('span', {}, element('bdi', {}, by), words),
    element('button', { type: 'button', data: { act: 'unmute' }, aria: { label } }, 'Show'));
}
