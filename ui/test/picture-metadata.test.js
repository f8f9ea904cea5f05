import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { orientation, withoutMetadata } from '../lib/picture-metadata.js';

const text = (words) => [...Buffer.from(words, 'latin1')];
const whole = ({ parts }) => Buffer.concat(parts);
const clean = (bytes) => withoutMetadata(new Uint8Array(bytes).buffer);
const big = (number, bytes) => Array.from({ length: bytes }, (_, at) => (number >> (8 * (bytes - 1 - at))) & 255);
const little = (number, bytes) => big(number, bytes).reverse();

/** EXIF data with a place and, at its first entry or behind another, how the picture is turned. */
function exif(turned, { intel = false } = {}) {
  const put = intel ? little : big;
  const entry = (tag, value) => [...put(tag, 2), ...put(3, 2), ...put(1, 4), ...put(value, 2), 0, 0];
  return [
    ...text(intel ? 'II' : 'MM'), ...put(42, 2), ...put(8, 4), ...put(2, 2),
    ...entry(0x0100, 40), ...entry(0x0112, turned), 0, 0, 0, 0, ...text('GPS 47.37 8.54'),
  ];
}

// -- JPEG ------------------------------------------------------------------------------------

const segment = (marker, content) => [0xff, marker, ...big(content.length + 2, 2), ...content];
const JFIF = segment(0xe0, text('JFIF\0\x01\x01\0\0\x01\0\x01\0\0'));
const ICC = segment(0xe2, text('ICC_PROFILE\0\x01\x01colours'));
const SCAN = [...segment(0xda, [1, 1, 0, 0, 63, 0]), 1, 2, 0xff, 0, 3, 0xff, 0xd0, 4];
const exifSegment = (turned, how) => segment(0xe1, [...text('Exif\0\0'), ...exif(turned, how)]);
const jpeg = (...segments) => [0xff, 0xd8, ...segments.flat(), ...SCAN, 0xff, 0xd9];

test('a JPEG loses what it says of where and when, and keeps its colours', () => {
  const said = [
    exifSegment(1), segment(0xe1, text('http://ns.adobe.com/xap/1.0/\0<x/>')), segment(0xed, text('Photoshop 3.0\0')),
    segment(0xe2, text('MPF\0more pictures')), segment(0xfe, text('by me')),
  ];
  const cleaned = clean(jpeg(JFIF, ...said, ICC));
  assert.equal(cleaned.removed, true);
  assert.deepEqual([...whole(cleaned)], jpeg(JFIF, ICC));
});

for (const intel of [false, true]) {
  test(`a JPEG stays turned as it is${intel ? ', whichever way its numbers run' : ''}`, () => {
    const bytes = whole(clean(jpeg(exifSegment(6, { intel }), ICC)));
    const at = bytes.indexOf('Exif\0\0');
    assert.equal(orientation(bytes.subarray(at + 6)), 6);
    assert.ok(!bytes.includes('GPS'));
    assert.deepEqual([...bytes.subarray(-SCAN.length - 2)], [...SCAN, 0xff, 0xd9]);
    const again = clean(bytes);
    assert.deepEqual(whole(again), bytes);
  });
}

test('a JPEG that says nothing stays as it is', () => {
  const bytes = jpeg(JFIF, ICC);
  assert.deepEqual([clean(bytes).removed, [...whole(clean(bytes))]], [false, bytes]);
});

test('what stands behind the end of a JPEG goes, with all its scans kept', () => {
  const bytes = [...jpeg(JFIF).slice(0, -2), ...SCAN, 0xff, 0xd9];
  const cleaned = clean([...bytes, ...text('a film')]);
  assert.deepEqual([cleaned.removed, [...whole(cleaned)]], [true, bytes]);
});

test('a JPEG that is cut off stays so', () => {
  const bytes = jpeg(exifSegment(1)).slice(0, -4);
  assert.deepEqual([...whole(clean(bytes))], jpeg().slice(0, -4));
});

test('what is no picture, or is damaged, is none', () => {
  const cut = jpeg(JFIF).slice(0, 12);
  const astray = [0xff, 0xd8, 1, 2, 3];
  for (const bytes of [[], text('Hello'), cut, astray, [0xff, 0xd8, 0xff]]) assert.equal(clean(bytes), null);
});

// -- PNG -------------------------------------------------------------------------------------

const chunk = (name, content) => {
  const named = [...text(name), ...content];
  return [...big(content.length, 4), ...named, ...big(crc32(Buffer.from(named)), 4)];
};
const png = (...chunks) => [
  0x89, ...text('PNG\r\n\x1a\n'), ...chunk('IHDR', [0, 0, 0, 1]), ...chunks.flat(), ...chunk('IEND', []),
];
const DATA = chunk('IDAT', [1, 2, 3]);

test('a PNG loses its words and times', () => {
  const said = ['tEXt', 'iTXt', 'zTXt', 'tIME'].map((name) => chunk(name, text('said')));
  const cleaned = clean([...png(...said, chunk('eXIf', exif(1)), chunk('iCCP', [9]), DATA), 7]);
  assert.deepEqual([cleaned.removed, [...whole(cleaned)]], [true, png(chunk('iCCP', [9]), DATA)]);
  assert.equal(clean(png(DATA)).removed, false);
});

test('a PNG stays turned as it is', () => {
  const bytes = whole(clean(png(chunk('eXIf', exif(3)), DATA)));
  const at = bytes.indexOf('eXIf');
  assert.equal(orientation(bytes.subarray(at + 4)), 3);
  const length = bytes.readUInt32BE(at - 4);
  assert.equal(bytes.readUInt32BE(at + 4 + length), crc32(bytes.subarray(at, at + 4 + length)));
  assert.equal(clean(png(DATA).slice(0, -6)), null);
});

// -- WebP ------------------------------------------------------------------------------------

const piece = (name, content) => [
  ...text(name), ...little(content.length, 4), ...content, ...(content.length % 2 ? [0] : []),
];
const webp = (...pieces) => {
  const body = [...text('WEBP'), ...pieces.flat()];
  return [...text('RIFF'), ...little(body.length, 4), ...body];
};
const head = (flags) => piece('VP8X', [flags, 0, 0, 0, 9, 0, 0, 9, 0, 0]);
const PIXELS = piece('VP8 ', [1, 2, 3]);

test('a WebP loses what it says, and its flags say so', () => {
  const cleaned = clean(webp(head(0x3c), PIXELS, piece('EXIF', exif(1)), piece('XMP ', text('<x/>'))));
  assert.deepEqual([cleaned.removed, [...whole(cleaned)]], [true, webp(head(0x30), PIXELS)]);
});

test('a WebP stays turned as it is', () => {
  for (const before of ['', 'Exif\0\0']) {
    const bytes = whole(clean(webp(head(0x08), PIXELS, piece('EXIF', [...text(before), ...exif(8)]))));
    assert.equal(bytes[20] & 0x08, 0x08);
    assert.equal(orientation(bytes.subarray(bytes.indexOf('EXIF') + 8)), 8);
    assert.equal(bytes.readUInt32LE(4), bytes.length - 8);
    assert.ok(!bytes.includes('GPS'));
  }
});

test('a WebP that says nothing stays as it is', () => {
  const bytes = webp(PIXELS);
  assert.deepEqual([clean(bytes).removed, [...whole(clean(bytes))]], [false, bytes]);
});
