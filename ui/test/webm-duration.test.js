import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDuration } from '../lib/webm-duration.js';

const HEADER = [0x1a, 0x45, 0xdf, 0xa3, 0x84, 0x42, 0x86, 0x81, 1];
const SEGMENT = [0x18, 0x53, 0x80, 0x67, 0x01, 255, 255, 255, 255, 255, 255, 255];
const SCALE = [0x2a, 0xd7, 0xb1, 0x83, 0x0f, 0x42, 0x40]; // a million nanoseconds
const APP = [0x4d, 0x80, 0x81, 65];
const TRACKS = [0x16, 0x54, 0xae, 0x6b, 0x81, 7];
const info = (...content) => [0x15, 0x49, 0xa9, 0x66, 0x80 | content.length, ...content];
const file = (...parts) => new Uint8Array(parts.flat());
const whole = file(HEADER, SEGMENT, info(...SCALE, ...APP), TRACKS);

/** What is written for so many ms, as one array of bytes. */
const joined = (head, ms) => file(...(withDuration(head, ms) ?? [[]]).map((part) => [...part]));
const float = (number) => [...new Uint8Array(new Float64Array([number]).buffer)].reverse();

test('the duration stands in the Info, and all else as before', () => {
  const longer = [0x15, 0x49, 0xa9, 0x66, 0x01, 0, 0, 0, 0, 0, 0, 22];
  const added = [0x44, 0x89, 0x88, ...float(2500)];
  assert.deepEqual(joined(whole, 2500), file(HEADER, SEGMENT, longer, SCALE, APP, added, TRACKS));
});

test('a duration is told in the ticks of the file', () => {
  const micro = file(HEADER, SEGMENT, info(0x2a, 0xd7, 0xb1, 0x82, 0x03, 0xe8), TRACKS);
  assert.deepEqual([...joined(micro, 2)].slice(-TRACKS.length - 8, -TRACKS.length), float(2000));
  const unsaid = file(HEADER, SEGMENT, info(...APP), TRACKS);
  assert.deepEqual([...joined(unsaid, 2)].slice(-TRACKS.length - 8, -TRACKS.length), float(2));
});

test('what stands before the Info and means nothing is passed over', () => {
  const padded = file(HEADER, SEGMENT, [0xec, 0x82, 0, 0], info(...SCALE), TRACKS);
  assert.equal(joined(padded, 1).length, padded.length + 18);
});

test('what is not as browsers write it stays as it is', () => {
  const sized = [0x18, 0x53, 0x80, 0x67, 0x90];
  const seek = [0x11, 0x4d, 0x9b, 0x74, 0x80];
  const others = {
    nothing: file([]),
    'an ogg': file([...new TextEncoder().encode('OggS')], [0, 2, 0, 0]),
    'a header alone': file(HEADER),
    'a segment of a known size': file(HEADER, sized, info(...SCALE)),
    'a segment without content': file(HEADER, SEGMENT),
    'places of other elements': file(HEADER, SEGMENT, seek, info(...SCALE)),
    'tracks first': file(HEADER, SEGMENT, TRACKS, info(...SCALE)),
    'a duration': file(HEADER, SEGMENT, info(0x44, 0x89, 0x84, 0, 0, 0, 0), TRACKS),
    'a child that is too long': file(HEADER, SEGMENT, info(0x4d, 0x80, 0x89, 65), TRACKS),
    'a child without an end': file(HEADER, SEGMENT, info(0x4d, 0x80, 0xff), TRACKS),
    'ticks of no length': file(HEADER, SEGMENT, info(0x2a, 0xd7, 0xb1, 0x81, 0), TRACKS),
    'an id of zeros': file(HEADER, SEGMENT, [0, 0, 0, 0, 0, 0]),
  };
  for (const [what, bytes] of Object.entries(others)) assert.equal(withDuration(bytes, 1000), null, what);
  for (const ms of [0, -1, NaN]) assert.equal(withDuration(whole, ms), null);
});

test('a file that was cut off anywhere, or has any byte changed, throws nothing', () => {
  for (let length = 0; length < whole.length; length += 1) {
    const cut = withDuration(whole.slice(0, length), 1000);
    assert.equal(cut !== null, length >= whole.length - TRACKS.length, `${length}`);
    for (const byte of [0, 1, 0x7f, 0x80, 255]) {
      const parts = withDuration(whole.with(length, byte), 1000);
      if (parts) assert.equal(parts.reduce((sum, part) => sum + part.length, 0) > whole.length, true);
    }
  }
});
