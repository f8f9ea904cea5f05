/** How long a sound really is, counted in what it holds, as what a file says of that may be anything. Pure. */
import { elementAt, numberIn } from './webm-elements.js';

const OPUS = 'OpusHead';
const MOST_CHANNELS = 2;
const LEAST_RATE = 3000; // Hz
const PCM = [1, 3, 6, 7]; // whole numbers, fractions, A-law, µ-law
// Of an Opus packet, by its first byte: RFC 6716, 3.1.
const [SILK, HYBRID, CELT] = [[10, 20, 40, 60], [10, 20], [2.5, 5, 10, 20]]; // ms
const [CODEC, CODEC_HEAD, ENCODED, BLOCK, SIMPLE_BLOCK, ENTRY] = [0x86, 0x63a2, 0x6d80, 0xa1, 0xa3, 0xae];
// Segment, Cluster, BlockGroup, Tracks, TrackEntry: what is in them counts.
const AROUND = [0x18538067, 0x1f43b675, 0xa0, 0x1654ae6b, ENTRY];

/**
 * In seconds: of Opus in Ogg or WebM, as browsers record it, and of WAV without compression. Infinity for all else:
 * some kilobytes may be hours there.
 * @param {Uint8Array} bytes all of the file
 */
export function secondsIn(bytes) {
  switch (textAt(bytes, 0, 4)) {
    case 'OggS': return inOgg(bytes) / 1000;
    case '\x1aE\xdf\xa3': return inWebM(bytes) / 1000;
    case 'RIFF': return inWav(bytes);
    default: return Infinity;
  }
}

/** @param {Uint8Array} bytes */
function inOgg(bytes) {
  if (!isOpus(bytes, 28)) return Infinity; // the first page has one packet, which has one piece
  let [ms, packets, goesOn] = [0, 0, false];
  for (let at = 0; at < bytes.length;) {
    const pieces = bytes[at + 26] ?? 0;
    const isOurs = textAt(bytes, at, 4) === 'OggS' && textAt(bytes, at + 14, 4) === textAt(bytes, 14, 4);
    if (!isOurs || (at > 0 && bytes[at + 5] & 2)) return Infinity; // several sounds in one file
    let place = at + 27 + pieces;
    for (const size of bytes.subarray(at + 27, place)) {
      if (!goesOn && (packets += 1) > 2) ms += inPacket(bytes, place); // the first two are about the sound
      goesOn = size === 255;
      place += size;
    }
    at = place;
  }
  return ms;
}

/** @param {Uint8Array} bytes */
function inWebM(bytes) {
  const ends = [bytes.length];
  let [ms, tracks, isKnown] = [0, 0, false];
  for (let at = 0; at < bytes.length;) {
    const found = elementAt(bytes, at);
    while (ends.length > 1 && at >= ends[ends.length - 1]) ends.pop();
    if (!found) return Infinity;
    const { id, start, end } = found;
    const isAround = AROUND.includes(id);
    if (end === Infinity ? !isAround : end > ends[ends.length - 1]) return Infinity;
    if (isAround && end !== Infinity) ends.push(end);
    if (id === ENTRY) tracks += 1;
    if (id === CODEC_HEAD) isKnown = isOpus(bytes, start);
    if (tracks > 1 || isOther(bytes, found)) return Infinity;
    if (id === BLOCK || id === SIMPLE_BLOCK) ms += inPacket(bytes, start + 4);
    at = isAround ? start : end;
  }
  return isKnown ? ms : Infinity;
}

/**
 * Whether an element of WebM says that something else than single packets of Opus is in it.
 * @param {Uint8Array} bytes
 * @param {{ id: number, start: number, end: number }} element
 */
function isOther(bytes, { id, start, end }) {
  if (id === CODEC) return textAt(bytes, start, end - start) !== 'A_OPUS';
  if (id === BLOCK || id === SIMPLE_BLOCK) return bytes[start] < 128 || (bytes[start + 3] & 6) > 0;
  return id === ENCODED;
}

/** @param {Uint8Array} bytes */
function inWav(bytes) {
  const [kind, channels, rate, bits] = [[20, 2], [22, 2], [24, 4], [34, 2]]
    .map(([at, size]) => numberIn(bytes.slice(at, at + size).reverse()));
  const isPlain = textAt(bytes, 8, 8) === 'WAVEfmt ' && PCM.includes(kind) && channels > 0 && bits >= 8;
  return isPlain && rate >= LEAST_RATE ? bytes.length / (channels * Math.floor(bits / 8) * rate) : Infinity;
}

/**
 * How many ms a packet of Opus has.
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function inPacket(bytes, at) {
  const [first = 0, second = 0] = bytes.subarray(at, at + 2);
  const kind = first >> 3;
  const frame = kind < 12 ? SILK[kind & 3] : kind < 16 ? HYBRID[kind & 1] : CELT[kind & 3];
  return frame * [1, 2, 2, second & 63][first & 3];
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function isOpus(bytes, at) {
  return textAt(bytes, at, OPUS.length) === OPUS && bytes[at + 9] <= MOST_CHANNELS;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} length
 */
function textAt(bytes, at, length) {
  return String.fromCharCode(...bytes.subarray(at, at + Math.min(length, 16)));
}
