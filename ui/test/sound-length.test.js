import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secondsIn } from '../lib/sound-length.js';

const text = (letters) => [...letters].map((letter) => letter.charCodeAt(0));
const file = (...parts) => new Uint8Array(parts.flat());
const little = (number, size) => Array.from({ length: size }, (_, at) => (number >> (8 * at)) & 255);
const head = (channels = 1) => [...text('OpusHead'), 1, channels, ...Array(9).fill(0)];
const [MINUTE, FRAMES] = [[0x1b, 50], [0x98 | 3, 50]]; // 50 frames of 60 ms, and of 20 ms

const page = (flags, packets, serial = 7) => [
  ...text('OggS'), 0, flags, ...Array(8).fill(0), ...little(serial, 4), ...Array(8).fill(0), packets.length,
  ...packets.map((packet) => packet.length), ...packets.flat(),
];
const ogg = (...pages) => file(page(2, [head()]), page(0, [text('OpusTags')]), ...pages);

const element = (id, ...content) => {
  const data = content.flat();
  return [...id, 0x40 | (data.length >> 8), data.length & 255, ...data];
};
const endless = (id, ...content) => [...id, 0xff, ...content.flat()];
const [SEGMENT, CLUSTER] = [[0x18, 0x53, 0x80, 0x67], [0x1f, 0x43, 0xb6, 0x75]];
const block = (packet, flags = 0x80) => element([0xa3], [0x81, 0, 0, flags, ...packet]);
const track = (...more) => element([0x16, 0x54, 0xae, 0x6b], element([0xae],
  element([0x86], text('A_OPUS')), element([0x63, 0xa2], head()), ...more));
const webm = (...content) => file(element([0x1a, 0x45, 0xdf, 0xa3], [1]), endless(SEGMENT, ...content));

const wav = ({ kind = 1, channels = 1, rate = 8000, bits = 16, samples = 8000 } = {}) => file(
  text('RIFF'), little(9, 4), text('WAVEfmt '), little(16, 4), little(kind, 2), little(channels, 2), little(rate, 4),
  little(9, 4), little(9, 2), little(bits, 2), Array(Math.max(0, (samples * channels * bits) / 8 - 36)).fill(0),
);

test('Ogg is as long as its packets, whatever it says', () => {
  assert.equal(secondsIn(ogg(page(0, [MINUTE, FRAMES]), page(4, [MINUTE]))), 7);
  assert.equal(secondsIn(ogg(page(0, [[0x00], [0x69], [0xea]]))), 0.06);
  const [large, rest] = [Array(255).fill(0), Array(3).fill(255)];
  assert.equal(secondsIn(ogg(page(0, [large]), page(1, [rest]))), 0.01, 'a packet on two pages');
});

test('WebM is as long as its blocks, in clusters that say where they end or not', () => {
  assert.equal(secondsIn(webm(track(), endless(CLUSTER, block(FRAMES)), endless(CLUSTER, block(FRAMES)))), 2);
  const grouped = element([0xa0], element([0xa1], [0x81, 0, 0, 0, ...MINUTE]));
  assert.equal(secondsIn(webm(track(), element(CLUSTER, block(FRAMES), grouped), element(CLUSTER, block(FRAMES)))), 5);
});

test('a plain WAV is as long as its bytes', () => {
  assert.equal(secondsIn(wav()), 1);
  assert.equal(secondsIn(wav({ channels: 2, bits: 32, kind: 3, samples: 4000 })), 0.5);
});

test('what may hold more than is counted is never short', () => {
  const others = {
    nothing: file([]),
    FLAC: file(text('fLaC'), Array(99).fill(0)),
    'Ogg with something else': file(page(2, [text('\x01vorbis and more')])),
    'Ogg with many channels': file(page(2, [head(3)])),
    'a second sound behind the first': ogg(page(2, [head()])),
    'another sound between': ogg(page(0, [MINUTE], 8)),
    'Ogg and then anything': ogg(text('RIFF'), Array(30).fill(0)),
    'WebM without tracks': webm(element(CLUSTER, block(FRAMES))),
    'WebM with something else': webm(element([0xae], element([0x86], text('A_FLAC')))),
    'WebM with two tracks': webm(track(), track()),
    'WebM that is packed': webm(track(element([0x6d, 0x80], [1]))),
    'a block with several packets': webm(track(), element(CLUSTER, block(FRAMES, 0x82))),
    'a block of a far track': webm(track(), element(CLUSTER, element([0xa3], [0x40, 1, 0, 0, 0, 0x1b]))),
    'an element that ends behind its cluster': webm(track(), [...CLUSTER, 0x82, 0xec, 0x85, 1, 1, 1, 1, 1]),
    'WebM that is cut': webm(track(), CLUSTER),
    'an element without an end': webm(track(), endless([0xec])),
    'a WAV with something else': wav({ kind: 0xf1ac }),
    'a WAV that is slow': wav({ rate: 1 }),
    'a WAV without channels': wav({ channels: 0 }),
    'a WAV of bits': wav({ bits: 1 }),
  };
  for (const [what, bytes] of Object.entries(others)) assert.equal(secondsIn(bytes), Infinity, what);
});
