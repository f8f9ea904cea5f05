import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenName, progressText, tooMany } from '../lib/upload-text.js';

const now = new Date(2026, 10, 29, 9, 5, 7).getTime();

test('a pasted picture is named after the time, and nothing else is', () => {
  assert.equal(chosenName({ name: 'image.png', lastModified: now }, now), 'Picture 2026-11-29 09.05.07.png');
  assert.equal(chosenName({ name: 'image.png', lastModified: now - 60000 }, now), 'image.png');
  assert.equal(chosenName({ name: 'images.png', lastModified: now }, now), 'images.png');
  assert.equal(chosenName({ name: '', lastModified: now }, now), 'file');
});

test('how far a file is stands in words', () => {
  const file = { size: 2000000, sent: 500000, left: 0, why: 'No.' };
  const said = (more) => progressText({ ...file, ...more });
  assert.equal(said({ state: 'sending' }), '25% of 2.0 MB');
  assert.equal(said({ state: 'sending', left: 11.2 }), '25% of 2.0 MB, 12 s left');
  assert.equal(said({ state: 'sending', left: 61 }), '25% of 2.0 MB, 2 min left');
  assert.equal(said({ state: 'sending', left: 7200 }), '25% of 2.0 MB, 2 h left');
  assert.equal(said({ state: 'sending', size: 0, sent: 0 }), '100% of 0 bytes');
  assert.equal(said({ state: 'offline' }), '25%. Waiting for the network');
  assert.equal(said({ state: 'waiting' }), '2.0 MB, waits its turn');
  assert.equal(said({ state: 'preparing' }), 'Getting ready');
  assert.equal(said({ state: 'done' }), '2.0 MB');
  assert.equal(said({ state: 'failed' }), 'No.');
  assert.equal(said({ state: 'lost', why: '' }), 'This file has to be chosen again.');
  assert.equal(said({ state: 'lost', why: 'It was moved.' }), 'It was moved.');
});

test('files for which there is no room are counted', () => {
  assert.match(tooMany(1), /^A message takes up to 20 files. One was/);
  assert.match(tooMany(3), /3 were left out/);
});
