/** The elements that files in WebM consist of. Pure. */

/**
 * The element that begins at a byte: where it begins, where its content does, and where it ends, Infinity where that is
 * not said; null where the bytes do not suffice for that, or make no element.
 * @param {Uint8Array} bytes
 * @param {number} at
 */
export function elementAt(bytes, at) {
  const idLength = lengthOf(bytes[at]);
  const sizeAt = at + idLength;
  const sizeLength = lengthOf(bytes[sizeAt]);
  const start = sizeAt + sizeLength;
  if (!idLength || idLength > 4 || !sizeLength || start > bytes.length) return null;
  const size = bytes.slice(sizeAt, start);
  size[0] &= (1 << (8 - sizeLength)) - 1;
  const isUnknown = size[0] === (1 << (8 - sizeLength)) - 1 && size.subarray(1).every((byte) => byte === 255);
  return { id: numberIn(bytes.subarray(at, sizeAt)), at, start, end: isUnknown ? Infinity : start + numberIn(size) };
}

// Of an id or a size, by its first byte; 0 for none.
/** @param {number | undefined} first */
function lengthOf(first = 0) {
  return first ? Math.clz32(first) - 23 : 0;
}

/**
 * The number that bytes are, the highest one first.
 * @param {Uint8Array} bytes
 */
export function numberIn(bytes) {
  return bytes.reduce((number, byte) => number * 256 + byte, 0);
}
