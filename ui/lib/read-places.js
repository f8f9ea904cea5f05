/** At which message the face of each person stands who has read the room. Pure. */
/** @import { ReadMark, Row, RowOf } from './types.d.ts' */

/**
 * By the id of a row, those who have read up to it, by name.
 *
 * Each stands at the last message that they have read, or above it where that is not to be seen, as no other row has
 * faces. Whoever wrote that message has none: that they have read it says nothing. In a room for two the face stands at
 * the last of my own messages that was read, which stays true after the answer. `end`: the last `n` held, where later
 * messages are not; who has read further is somewhere below.
 * @param {{ rows: Row[], marks: Iterable<ReadMark>, me: string, direct: boolean, end?: number }} room
 */
export function readPlaces({ rows, marks, me, direct, end = Infinity }) {
  const messages = /** @type {RowOf<'message'>[]} */ (rows.filter(({ kind }) => kind === 'message'));
  const own = direct ? messages.filter(({ message }) => message.who === me) : messages;
  /** @type {Map<string, ReadMark[]>} */
  const places = new Map();
  for (const mark of marks) {
    const row = mark.n <= end && mark.who !== me ? lastUpTo(own, mark.n) : undefined;
    if (!row || row.message.who === mark.who) continue;
    const there = places.get(row.id);
    if (there) there.push(mark);
    else places.set(row.id, [mark]);
  }
  for (const there of places.values()) there.sort((a, b) => a.name.localeCompare(b.name));
  return places;
}

/**
 * @param {RowOf<'message'>[]} messages
 * @param {number} n
 */
function lastUpTo(messages, n) {
  let [from, to] = [0, messages.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (messages[middle].n <= n) from = middle + 1;
    else to = middle;
  }
  return messages[from - 1];
}
