import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestRows } from '../lib/nearest-rows.js';

const ROWS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const drawn = (...rows) => (row) => rows.includes(row);
const near = (from, most, ...there) => nearestRows(ROWS, { isDrawn: drawn(...there), from, most });

test('from the end, the last ones come first', () => {
  assert.deepEqual(near(10, 3), [7, 8, 9]);
  assert.deepEqual(near(10, 3, 7, 8, 9), [4, 5, 6, 7, 8, 9]);
  assert.deepEqual(near(10, 99), ROWS);
  assert.deepEqual(near(10, 0), []);
});

test('around a row, both sides come in turn, its own first', () => {
  assert.deepEqual(near(5, 1), [5]);
  assert.deepEqual(near(5, 4), [3, 4, 5, 6]);
  assert.deepEqual(near(1, 6), [0, 1, 2, 3, 4, 5]);
});

test('what is drawn stays and counts for nothing', () => {
  assert.deepEqual(near(4, 2, 2, 3, 4, 5), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(near(4, 0, 2, 3, 4, 5), [2, 3, 4, 5]);
  assert.deepEqual(near(10, 2, 5, 6, 7), [5, 6, 7, 8, 9], 'what came at the end joins on');
  assert.deepEqual(near(10, 1, 0, 1), [9], 'what is too far off comes back later');
});

test('of no rows there are none', () => {
  assert.deepEqual(nearestRows([], { isDrawn: () => false, from: 0, most: 5 }), []);
});
