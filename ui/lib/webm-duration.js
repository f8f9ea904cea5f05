/** Gives a recording in WebM the duration that browsers leave out, so that every player can seek in it. Pure. */
import { elementAt, numberIn } from './webm-elements.js';

// https://www.matroska.org/technical/elements.html: ids with the bits that say how long they are.
const [HEADER, SEGMENT, INFO, SCALE, DURATION] = [0x1a45dfa3, 0x18538067, 0x1549a966, 0x2ad7b1, 0x4489];
const [VOID, CHECKSUM] = [0xec, 0xbf];
const NANOSECONDS = 1e6; // of one tick, unless the file says otherwise

/**
 * The beginning of a file with its duration in it; null where that is there already, or anything else is not as
 * browsers write it. What the file holds behind `head` follows unchanged.
 * @param {Uint8Array} head the first bytes of the file
 * @param {number} ms
 * @returns {Uint8Array[] | null}
 */
export function withDuration(head, ms) {
  const info = infoOf(head);
  if (!info || !(ms > 0)) return null;
  const scale = scaleOf(head, info.start, info.end);
  if (!scale) return null;
  const size = info.end - info.start + 11;
  const before = new Uint8Array(12); // the id and a size of eight bytes
  const view = new DataView(before.buffer);
  view.setUint32(0, INFO);
  view.setUint32(4, 0x01000000);
  view.setUint32(8, size);
  const added = new Uint8Array([0x44, 0x89, 0x88, 0, 0, 0, 0, 0, 0, 0, 0]);
  new DataView(added.buffer).setFloat64(3, (ms * 1e6) / scale);
  return [head.subarray(0, info.at), before, head.subarray(info.start, info.end), added, head.subarray(info.end)];
}

/**
 * Where the Info stands of a file whose Segment has no size: whatever follows it may be moved then.
 * @param {Uint8Array} head
 */
function infoOf(head) {
  const header = elementAt(head, 0);
  const segment = header?.id === HEADER ? elementAt(head, header.end) : null;
  if (segment?.id !== SEGMENT || segment.end !== Infinity) return null;
  let found = elementAt(head, segment.start);
  while (found && (found.id === VOID || found.id === CHECKSUM)) found = elementAt(head, found.end);
  return found?.id === INFO && found.end <= head.length ? found : null;
}

/**
 * How many nanoseconds a tick of the file has; 0 where the Info has a duration, or is damaged.
 * @param {Uint8Array} head
 * @param {number} start
 * @param {number} end
 */
function scaleOf(head, start, end) {
  let scale = NANOSECONDS;
  for (let at = start; at < end;) {
    const child = elementAt(head, at);
    if (!child || child.end > end || child.id === DURATION) return 0;
    if (child.id === SCALE) scale = numberIn(head.subarray(child.start, child.end));
    at = child.end;
  }
  return scale;
}
