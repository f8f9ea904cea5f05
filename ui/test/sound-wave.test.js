import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fewerBars, levelOf, loudness, waveOf } from '../lib/sound-wave.js';

test('the loudest part of a sound is as high as the wave', () => {
  const samples = new Float32Array(400).fill(0.1, 100, 200).fill(-0.5, 200, 300);
  assert.deepEqual(loudness(samples, 4).map((bar) => Math.round(bar * 100)), [0, 20, 100, 0]);
});

test('silence is no wave, and a sound may be shorter than its wave', () => {
  assert.deepEqual(loudness(new Float32Array(0), 3), [0, 0, 0]);
  assert.ok(loudness(new Float32Array(300).fill(0.001), 3).every((bar) => bar < 0.05));
  assert.equal(loudness(new Float32Array([1]), 3).filter((bar) => bar > 0).length, 1);
  assert.equal(loudness(new Float32Array(1000)).length, 120);
});

test('fewer bars have the height of those that they stand for', () => {
  assert.deepEqual(fewerBars([0, 1, 0.5, 0.2], 2), [1, 0.5]);
  assert.deepEqual(fewerBars([0.3], 3), [0.3, 0.3, 0.3]);
  assert.deepEqual(fewerBars([], 2), [0, 0]);
});

test('a level lies between silence and a loud voice', () => {
  assert.equal(levelOf(new Float32Array(8)), 0);
  assert.equal(levelOf(new Float32Array(0)), 0);
  assert.equal(levelOf(new Float32Array(8).fill(0.9)), 1);
  const level = levelOf(new Float32Array(8).fill(0.02));
  assert.ok(level > 0.3 && level < 0.7, `${level}`);
});

test('a wave is made of what the browser decodes', async () => {
  globalThis.OfflineAudioContext = class {
    decodeAudioData() {
      return Promise.resolve({ duration: 2.5, getChannelData: () => new Float32Array(240).fill(0.5, 120) });
    }
  };
  const { bars, seconds } = await waveOf(new ArrayBuffer(1));
  assert.deepEqual([bars[0], bars[119], seconds], [0, 1, 2.5]);
});
