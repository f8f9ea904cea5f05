import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReplyCounts } from '../lib/reply-counts.js';
import { said } from './fakes.js';

test('a page tells how many there are, and live ones are added', () => {
  const counts = new ReplyCounts();
  counts.takePage({ events: [said(1), said(2), said(3, { re: 1 })], replies: [[1, 1]], last: 3 });
  assert.deepEqual([1, 2, 3, 9].map((n) => counts.of(n)), [1, 0, 0, 0]);
  counts.take(said(4, { re: 1 }));
  counts.take(said(5, { re: 4 }));
  counts.take(said(6));
  assert.deepEqual([1, 2, 4, 5].map((n) => counts.of(n)), [2, 0, 1, 0]);
});

test('no answer counts twice, whichever comes first: its page or the event', () => {
  const counts = new ReplyCounts();
  counts.take(said(7, { re: 1 })); // what it answers is not held
  assert.equal(counts.of(1), 0);
  counts.takePage({ events: [said(1)], replies: [[1, 2]], last: 8 });
  counts.take(said(8, { re: 1 })); // the page knew of it
  counts.take(said(9, { re: 1 }));
  assert.equal(counts.of(1), 3);
});

test('a message that answers itself, or one that comes later, counts for nothing', () => {
  const counts = new ReplyCounts();
  counts.takePage({ events: [said(1), said(5)], last: 5 });
  counts.take(said(6, { re: 6 }));
  counts.take(said(7, { re: 8 }));
  counts.take({ ...said(8), do: 'pin', of: 1 });
  assert.deepEqual([1, 5, 6, 7, 8].map((n) => counts.of(n)), [0, 0, 0, 0, 0]);
});

test('it starts over empty', () => {
  const counts = new ReplyCounts();
  counts.takePage({ events: [said(1)], replies: [[1, 4]], last: 5 });
  counts.clear();
  assert.equal(counts.of(1), 0);
});
