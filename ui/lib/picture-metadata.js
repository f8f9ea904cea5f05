/**
 * Pictures without what they say of where, when and with what they were taken. How they are turned stays, and so do
 * their colours. Pure.
 */
/** @typedef {{ parts: Uint8Array<ArrayBuffer>[], removed: boolean }} Cleaned the bytes that stay, in order */

const ORIENTATION = 0x0112; // the tag of EXIF
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PNG_SAYS = new Set(['eXIf', 'tEXt', 'iTXt', 'zTXt', 'tIME']);
const [HAS_EXIF, HAS_XMP] = [0x08, 0x04]; // flags of WebP

/**
 * What of a JPEG, PNG or WebP is sent; null where it is none of these, or is damaged.
 * @param {ArrayBuffer} buffer
 * @returns {Cleaned | null}
 */
export function withoutMetadata(buffer) {
  const bytes = new Uint8Array(buffer);
  try {
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return cleanJpeg(bytes);
    if (PNG.every((byte, at) => bytes[at] === byte)) return cleanPng(bytes);
    if (nameAt(bytes, 0) === 'RIFF' && nameAt(bytes, 8) === 'WEBP') return cleanWebp(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // a length leads past the end
  }
  return null;
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Cleaned | null}
 */
function cleanJpeg(bytes) {
  const parts = [bytes.subarray(0, 2)];
  let removed = false;
  let at = 2;
  while (at < bytes.length) {
    if (bytes[at] !== 0xff) return null;
    while (bytes[at + 1] === 0xff) at += 1; // padding
    const marker = bytes[at + 1];
    if (marker === 0xd9) { // behind the end some cameras put films and more pictures
      parts.push(bytes.subarray(at, at + 2));
      return { parts, removed: removed || at + 2 < bytes.length };
    }
    const end = at + 2 + view(bytes).getUint16(at + 2);
    const segment = sliceOf(bytes, at, end);
    const kept = keptOfJpeg(marker, segment);
    removed ||= kept !== segment;
    if (kept) parts.push(kept);
    at = end;
    if (marker !== 0xda) continue;
    const next = endOfScan(bytes, at);
    parts.push(bytes.subarray(at, next));
    at = next;
  }
  return { parts, removed }; // cut off, as far as it goes
}

/**
 * A segment as it stays, or null: of what programs add only JFIF, colours, and what Adobe says of those.
 * @param {number} marker
 * @param {Uint8Array<ArrayBuffer>} segment
 */
function keptOfJpeg(marker, segment) {
  const name = textAt(segment, 4, 11);
  if (marker === 0xe1 && name.startsWith('Exif\0\0')) {
    const turned = orientation(segment.subarray(10));
    if (turned === 1) return null;
    const tiff = exifOf(turned);
    return joined([0xff, 0xe1, 0, 8 + tiff.length, 0x45, 0x78, 0x69, 0x66, 0, 0], tiff);
  }
  const isProgram = marker >= 0xe0 && marker <= 0xef;
  const stays = marker === 0xe0 || marker === 0xee || (marker === 0xe2 && name === 'ICC_PROFILE');
  return (isProgram && !stays) || marker === 0xfe ? null : segment;
}

/**
 * Where the picture's data ends that begins at `at`: at the next marker.
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function endOfScan(bytes, at) {
  for (let next = bytes.indexOf(0xff, at); next >= 0; next = bytes.indexOf(0xff, next + 1)) {
    const marker = bytes[next + 1];
    if (marker && marker !== 0xff && (marker < 0xd0 || marker > 0xd7)) return next;
  }
  return bytes.length;
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Cleaned}
 */
function cleanPng(bytes) {
  const parts = [bytes.subarray(0, 8)];
  let removed = false;
  let at = 8;
  while (at < bytes.length) {
    const end = at + 12 + view(bytes).getUint32(at);
    const chunk = sliceOf(bytes, at, end);
    const name = nameAt(chunk, 4);
    const turned = name === 'eXIf' ? orientation(chunk.subarray(8, -4)) : 1;
    if (turned !== 1) parts.push(pngChunk(chunk.subarray(4, 8), exifOf(turned)));
    if (PNG_SAYS.has(name)) removed = true;
    else parts.push(chunk);
    at = end;
    if (name === 'IEND') return { parts, removed: removed || at < bytes.length };
  }
  return { parts, removed };
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Cleaned}
 */
function cleanWebp(bytes) {
  const whole = Math.min(bytes.length, 8 + view(bytes).getUint32(4, true));
  const parts = [bytes.slice(0, 12)];
  /** @type {Uint8Array<ArrayBuffer> | null} */
  let head = null; // the chunk that says what follows
  let removed = whole < bytes.length;
  let turned = 1;
  for (let at = 12; at + 8 <= whole;) {
    const length = view(bytes).getUint32(at + 4, true);
    const end = at + 8 + length + (length % 2);
    const name = nameAt(bytes, at);
    const chunk = sliceOf(bytes, at, Math.min(end, whole));
    if (name === 'EXIF') turned = orientation(withoutName(chunk.subarray(8)));
    if (name === 'EXIF' || name === 'XMP ') removed = true;
    else if (name === 'VP8X') parts.push(head = chunk.slice());
    else parts.push(chunk);
    at = end;
  }
  if (head) head[8] &= ~(HAS_EXIF | HAS_XMP);
  if (head && turned !== 1) {
    const tiff = exifOf(turned);
    head[8] |= HAS_EXIF;
    parts.push(joined([0x45, 0x58, 0x49, 0x46, tiff.length, 0, 0, 0], tiff));
  }
  view(parts[0]).setUint32(4, parts.reduce((sum, { length }) => sum + length, 0) - 8, true);
  return { parts, removed };
}

/**
 * How a picture is turned, 1 to 8, by its EXIF data; 1, upright, where that does not say.
 * @param {Uint8Array} tiff
 */
export function orientation(tiff) {
  try {
    const data = view(tiff);
    const little = data.getUint16(0) === 0x4949;
    const directory = data.getUint32(4, little);
    const count = data.getUint16(directory, little);
    for (let entry = 0; entry < count; entry += 1) {
      const at = directory + 2 + entry * 12;
      if (data.getUint16(at, little) !== ORIENTATION) continue;
      const turned = data.getUint16(at + 8, little);
      return turned >= 1 && turned <= 8 ? turned : 1;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return 1;
}

/**
 * EXIF data that says how a picture is turned and nothing else.
 * @param {number} turned
 */
function exifOf(turned) {
  return new Uint8Array([
    0x4d, 0x4d, 0, 42, 0, 0, 0, 8, // big-endian; the directory follows
    0, 1, ORIENTATION >> 8, ORIENTATION & 0xff, 0, 3, 0, 0, 0, 1, 0, turned, 0, 0,
    0, 0, 0, 0, // no more directories
  ]);
}

/**
 * @param {Uint8Array} name
 * @param {Uint8Array} content
 */
function pngChunk(name, content) {
  const chunk = joined([0, 0, 0, content.length], name, content, [0, 0, 0, 0]);
  view(chunk).setUint32(chunk.length - 4, crc32(chunk.subarray(4, -4)));
  return chunk;
}

/** @param {Uint8Array} bytes */
function crc32(bytes) {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

// Some programs put into WebP what stands before EXIF data in a JPEG.
/** @param {Uint8Array} exif */
function withoutName(exif) {
  return nameAt(exif, 0) === 'Exif' ? exif.subarray(6) : exif;
}

/** @param {Uint8Array} bytes */
function view({ buffer, byteOffset, byteLength }) {
  return new DataView(buffer, byteOffset, byteLength);
}

/**
 * Throws a RangeError where that is not all there.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} start
 * @param {number} end
 */
function sliceOf(bytes, start, end) {
  if (end > bytes.length) throw new RangeError('cut off');
  return bytes.subarray(start, end);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} length
 */
function textAt(bytes, at, length) {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function nameAt(bytes, at) {
  return textAt(bytes, at, 4);
}

/** @param {(number[] | Uint8Array)[]} parts */
function joined(...parts) {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}
