import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EmojiGrid } from '../lib/emoji-grid.js';

const cells = (from, count) => Array.from({ length: count }, (_, i) => ({ text: String(from + i) }));
const sections = [
  { title: 'recent', cells: [] }, { title: 'faces', cells: cells(0, 7) }, { title: 'flags', cells: cells(7, 4) },
];
const grid = new EmojiGrid(sections, 3); // faces | 0 1 2 | 3 4 5 | 6 | flags | 7 8 9 | 10
const how = { page: 2, backwards: false, ctrl: false };

test('sections are rows under a title, and empty ones are left out', () => {
  assert.deepEqual(grid.rows.map(({ title, first, last }) => title || `${first}-${last}`),
    ['faces', '0-3', '3-6', '6-7', 'flags', '7-10', '10-11']);
  assert.deepEqual([0, 1, 2].map((section) => grid.start(section)), [-1, 0, 4]);
  assert.equal(grid.rowOf(6), 3);
  assert.equal(grid.rowOf(7), 5);
  assert.equal(new EmojiGrid([{ title: '', cells: cells(0, 2) }], 3).rows.length, 1, 'what was found has no title');
});

test('keys lead from cell to cell', () => {
  for (const [key, from, to] of [
    ['ArrowRight', 0, 1], ['ArrowRight', 6, 7], ['ArrowRight', 10, 10], ['ArrowLeft', 0, 0], ['ArrowLeft', 7, 6],
    ['ArrowDown', 1, 4], ['ArrowDown', 5, 6], ['ArrowDown', 6, 7], ['ArrowDown', 9, 10], ['ArrowDown', 10, 10],
    ['ArrowUp', 10, 7], ['ArrowUp', 8, 6], ['ArrowUp', 4, 1], ['ArrowUp', 1, -1],
    ['PageDown', 1, 6], ['PageDown', 9, 10], ['PageUp', 10, 6], ['PageUp', 4, 0],
    ['Home', 4, 3], ['End', 4, 5], ['Home', 6, 6], ['End', 6, 6], ['a', 4, undefined],
  ]) assert.equal(grid.step(key, from, how), to, `${key} from ${from}`);
});

test('with Ctrl, Home and End lead to the ends, and lines may run from right to left', () => {
  assert.equal(grid.step('Home', 9, { ...how, ctrl: true }), 0);
  assert.equal(grid.step('End', 1, { ...how, ctrl: true }), 10);
  assert.equal(grid.step('ArrowLeft', 4, { ...how, backwards: true }), 5);
  assert.equal(grid.step('ArrowRight', 4, { ...how, backwards: true }), 3);
});
