/** The rows of the message list that are no messages: its beginning, days, gaps, notes, and what is muted. */
import { roomEventText } from '../lib/event-text.js';
import { dayName, full } from '../lib/time.js';
import { element } from './element.js';
import { iconNode } from './icon.js';
/** @import { RoomInfo, RoomKind, RowOf } from '../lib/types.d.ts' */

const UNBEGUN = 'This room is public: anybody here can open it. It begins with its first message. '
  + 'Looking for a private room? Open it from your list of rooms, or by its invitation.';

/** @type {Record<RoomKind, (empty: boolean, info: Partial<RoomInfo>) => string>} */
const BEGINNINGS = {
  public: (empty, { name }) => {
    if (!empty) return 'This is where the room begins.';
    return name === 'general' ? 'Nothing has been said here yet. Begin.' : UNBEGUN;
  },
  announcements: () => 'Announcements: everybody reads, chosen people write.',
  private: () => 'A private room. Only people who were invited see it.',
  direct: (empty, { title }) => `Only you and ${title} see what is said here.`,
};

/** By the kind of a row, what draws it. */
export const MARKERS = { start, earlier, day, new: divider, gap, note, muted };

/** @param {RowOf<'start'>} row */
function start({ empty, info }) {
  const begin = BEGINNINGS[info.kind ?? 'public'] ?? BEGINNINGS.public; // a later Hearth may know more kinds
  const title = element('h2', {}, element('bdi', {}, info.title));
  return element('div', { className: 'start' }, iconNode('mark', 'mark'), title, element('p', {}, begin(empty, info)));
}

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
