import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileKind, pictureBox, pictureColumns, previewLines } from '../lib/file-kinds.js';

const file = (type, more = {}) => ({ id: 'a', name: 'a', size: 9, type, sha256: '', ...more });

test('what is shown of a file goes by its type', () => {
  const size = { width: 30, height: 20 };
  const pictures = ['png', 'jpeg', 'gif', 'webp', 'avif'];
  for (const type of pictures) assert.equal(fileKind(file(`image/${type}`, size)), 'picture');
  for (const type of ['mp4', 'webm']) assert.equal(fileKind(file(`video/${type}`)), 'video');
  for (const type of ['mpeg', 'ogg', 'mp4', 'wav', 'webm']) assert.equal(fileKind(file(`audio/${type}`)), 'sound');
  assert.equal(fileKind(file('text/plain')), 'text');
  for (const type of ['application/pdf', 'image/svg+xml', 'image/pngx', 'video/x-a', 'text/html', 'audio/flac', '']) {
    assert.equal(fileKind(file(type, size)), 'card', type);
  }
});

test('what cannot be laid out or is too large is a card', () => {
  assert.equal(fileKind(file('image/png')), 'card');
  assert.equal(fileKind(file('image/png', { width: 10 })), 'card');
  assert.equal(fileKind(file('image/png', { width: 10_000, height: 10_000 })), 'picture');
  assert.equal(fileKind(file('image/png', { width: 10_001, height: 10_000 })), 'card');
  assert.equal(fileKind(file('text/plain', { size: 0 })), 'card');
});

test('a picture keeps its shape within its bounds, and can be pressed', () => {
  const box = (width, height) => pictureBox(file('image/png', { width, height }));
  assert.deepEqual(box(3600, 2400), [360, 240]);
  assert.deepEqual(box(1000, 3000), [100, 300]);
  assert.deepEqual(box(200, 100), [200, 100]);
  assert.deepEqual(box(9000, 90), [360, 44]);
  assert.deepEqual(box(16, 16), [44, 44]);
});

test('several pictures make a tidy grid', () => {
  assert.deepEqual([2, 3, 4, 5, 9, 10, 20].map(pictureColumns), [2, 3, 2, 3, 3, 4, 4]);
});

test('a preview is as high as its text may need', () => {
  assert.deepEqual([1, 60, 61, 300, 5000].map(previewLines), [2, 2, 3, 10, 12]);
});

test('of one that has expired nothing is shown', () => {
  assert.equal(fileKind(file('image/png', { width: 30, height: 20, expired: true })), 'expired');
});
