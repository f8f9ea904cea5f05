import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Thread } from '../lib/thread.js';
import { said } from './fakes.js';

const page = (events, more = {}) => ({
  chain: [said(1)], message: said(3, { re: 1 }), events, count: events.length, more: false, ...more,
});

function opened(...events) {
  const thread = new Thread('general', 3);
  thread.takePage(page(events));
  return thread;
}

test('it has what is above and below a message', () => {
  const thread = opened(said(4, { re: 3 }), said(6, { re: 4 }));
  assert.deepEqual([thread.above, thread.below, thread.count, thread.last], [[1], [4, 6], 2, 6]);
  assert.equal(thread.message(4).text, 'text 4');
  assert.equal(thread.bare(thread.message(4)).re, undefined);
  assert.equal(thread.bare(thread.message(4)), thread.bare(thread.message(4)), 'one and the same');
});

test('live answers belong to it, directly or through others, and no others do', () => {
  const thread = opened(said(4, { re: 3 }));
  assert.deepEqual([said(5, { re: 4 }), said(6, { re: 3 }), said(7, { re: 5 })].map((event) => thread.take(event)),
    [true, true, true]);
  assert.deepEqual([said(8), said(9, { re: 1 }), said(10, { re: 2 })].map((event) => thread.take(event)),
    [false, false, false]);
  assert.deepEqual([thread.below, thread.count], [[4, 5, 6, 7], 4]);
});

test('what comes twice counts once', () => {
  const thread = opened(said(4, { re: 3 }));
  assert.equal(thread.take(said(4, { re: 3 })), false);
  thread.take(said(5, { re: 3 }));
  assert.equal(thread.take(said(5, { re: 3 })), false);
  assert.deepEqual([thread.below, thread.count], [[4, 5], 2]);
});

test('a message that answers itself, or the future, is none of it', () => {
  const thread = opened(said(4, { re: 3 }));
  for (const [n, re] of [[5, 5], [6, 7], [7, 6], [3, 3]]) assert.equal(thread.take(said(n, { re })), false, `${n}`);
  thread.takePage(page([said(4, { re: 4 })], { chain: [said(1), said(3), said(9)] }));
  assert.deepEqual([thread.above, thread.below], [[1], [4]]);
});

test('what was changed or removed is shown so', () => {
  const thread = opened(said(4, { re: 3 }));
  assert.equal(thread.take({ ...said(5), do: 'edit', of: 4, text: 'better' }), true);
  assert.equal(thread.take({ ...said(6), do: 'erase', of: 1 }), true);
  assert.equal(thread.take({ ...said(7), do: 'erase', of: 2 }), false);
  assert.equal(thread.take({ ...said(8), do: 'topic' }), false);
  assert.deepEqual([thread.message(4).text, thread.message(1).erased], ['better', true]);
});

test('behind a page that is not the last one, live answers only count', () => {
  const thread = new Thread('general', 3);
  assert.equal(thread.take(said(4, { re: 3 })), false, 'before there is anything');
  thread.takePage(page([said(4, { re: 3 })], { count: 2, more: true }));
  assert.equal(thread.take(said(9, { re: 3 })), true);
  assert.deepEqual([thread.below, thread.count], [[4], 3]);
  thread.takePage(page([said(5, { re: 3 }), said(9, { re: 3 })], { count: 3 }), true);
  assert.deepEqual([thread.below, thread.more], [[4, 5, 9], false]);
});

test('what comes live while an older page is on its way stays', () => {
  const thread = opened(said(4, { re: 3 }));
  thread.asks();
  thread.take(said(5, { re: 3 }));
  thread.take({ ...said(6), do: 'erase', of: 4 });
  thread.takePage(page([said(4, { re: 3 })]));
  assert.deepEqual([thread.below, thread.count, thread.message(4).erased], [[4, 5], 2, true]);
});

test('files expire in a thread too', () => {
  const files = [{ id: 'a', name: 'a', size: 1, type: 'a/b', sha256: '0' }];
  const thread = opened(said(4, { re: 3, files }));
  assert.equal(thread.take({ n: 9, do: 'expire', ids: ['a'], by: 'Hearth' }), true);
  assert.equal(thread.message(4).files[0].expired, true);
});
