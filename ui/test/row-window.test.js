import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowWindow } from '../lib/row-window.js';

const list = { count: 1000, height: 40, start: 100, inSight: 400 };

test('the rows in sight are drawn, with some around them', () => {
  assert.deepEqual(rowWindow({ ...list, top: 100 }), { first: 0, last: 25 });
  assert.deepEqual(rowWindow({ ...list, top: 100 + 500 * 40 }), { first: 485, last: 525 });
  assert.deepEqual(rowWindow({ ...list, top: 100 + 500 * 40 + 1 }), { first: 485, last: 526 }, 'those cut off too');
});

test('a window stays within its list', () => {
  assert.deepEqual(rowWindow({ ...list, top: 100 + 990 * 40 }), { first: 975, last: 1000 });
  assert.deepEqual(rowWindow({ ...list, count: 3, top: 0 }), { first: 0, last: 3 });
  const far = rowWindow({ ...list, top: 100 + 5000 * 40 });
  assert.equal(far.first, far.last, 'nothing of a list far above');
  const below = rowWindow({ ...list, start: 100_000, top: 0 });
  assert.deepEqual(below, { first: 0, last: 0 }, 'nothing of a list far below');
});

test('the row in focus is drawn, with some around it, though it is not in sight yet', () => {
  const middle = { ...list, top: 100 + 500 * 40 };
  assert.deepEqual(rowWindow({ ...middle, focus: 505 }), { first: 485, last: 525 });
  assert.deepEqual(rowWindow({ ...middle, focus: 520 }), { first: 485, last: 536 });
  assert.deepEqual(rowWindow({ ...middle, focus: 490 }), { first: 475, last: 525 });
  assert.deepEqual(rowWindow({ ...middle, focus: 900 }), { first: 485, last: 525 }, 'unless it is far away');
});

test('before anything is laid out, the first rows are drawn', () => {
  assert.deepEqual(rowWindow({ ...list, height: 0, top: 0 }), { first: 0, last: 30 });
  assert.deepEqual(rowWindow({ ...list, count: 4, height: 0, top: 0 }), { first: 0, last: 4 });
});
