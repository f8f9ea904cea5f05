import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventWindow } from '../lib/event-window.js';
import { said } from './fakes.js';

const LIMIT = 200; // events held at rest
const CUT = 260; // and with this many they are cut to that

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => said(from + i));
const numbers = (from, to) => range(from, to).map(({ n }) => n);

/** A window on the page from..last, as a room has after it was opened. */
function opened(from, last) {
  const held = new EventWindow();
  held.reset({ events: range(from, last), last });
  return held;
}

test('an empty room starts at its beginning', () => {
  const held = opened(1, 0);
  assert.deepEqual([held.start, held.first, held.newest, held.last, held.attached], [true, 0, 0, 0, true]);
  assert.equal(held.take(said(1)), true);
  assert.deepEqual(held.order, [1]);
});

test('a damaged first line counts as the beginning', () => {
  const held = new EventWindow();
  held.reset({ events: range(2, 3), last: 3, damaged: [1] });
  assert.equal(held.start, true);
  held.reset({ events: range(2, 3), last: 3, damaged: [2] });
  assert.equal(held.start, false);
});

test('duplicates and late events are ignored', () => {
  const held = opened(1, 3);
  assert.deepEqual([4, 4, 2, 5].map((n) => held.take(said(n))), [true, false, false, true]);
  assert.deepEqual(held.order, [1, 2, 3, 4, 5]);
  assert.equal(held.last, 5);
});

test('an older page does not lower the newest known event', () => {
  const held = opened(1, 3);
  held.reset({ events: range(1, 2), last: 9 }, { attached: false });
  assert.deepEqual([held.last, held.attached], [9, false]);
  held.reset({ events: range(8, 9), last: 9 }, { attached: false });
  assert.equal(held.attached, true, 'a jump may land at the end');
});

test('the last page of a hub with less history is believed', () => {
  const held = opened(1, 9);
  held.reset({ events: range(1, 4), last: 4 });
  assert.equal(held.last, 4, 'the hub has less after a restart');
  held.reset({ events: range(1, 2), last: 4 }, { attached: false });
  assert.equal(held.last, 4);
});

test('a detached window takes no new messages, only marks of those it holds', () => {
  const held = new EventWindow();
  held.follow(false);
  held.reset({ events: range(1, 60), last: 5000 }, { attached: false });
  assert.equal(held.take(said(5001, { do: 'edit', of: 7, text: 'new' })), true);
  assert.equal(held.take(said(5002)), true);
  assert.deepEqual([held.newest, held.last, held.attached], [60, 5002, false]);
  assert.equal(held.message(7).text, 'new');
  assert.equal(held.message(5002), undefined);
});

test('the window is bounded while following', () => {
  const held = opened(1, 1);
  for (let n = 2; n < CUT; n += 1) held.take(said(n));
  assert.deepEqual([held.first, held.start], [1, true]);
  held.take(said(CUT));
  assert.deepEqual([held.first, held.newest, held.start], [CUT - LIMIT + 1, CUT, false]);
  assert.equal(held.message(1), undefined);
  assert.equal(held.attached, true);
});

test('past the limit a window that is not followed detaches', () => {
  const held = opened(1, LIMIT - 1);
  held.follow(false);
  held.take(said(LIMIT));
  assert.deepEqual([held.newest, held.attached], [LIMIT, true]);
  held.take(said(LIMIT + 1));
  assert.deepEqual([held.first, held.newest, held.attached, held.last], [1, LIMIT, false, LIMIT + 1]);
  held.follow(true);
  held.take(said(LIMIT + 2));
  assert.deepEqual([held.newest, held.last], [LIMIT, LIMIT + 2], 'what is held stays without a hole');
});

test('older pages are prepended without duplicates, up to the beginning', () => {
  const held = opened(50, 60);
  held.takeOlder({ events: range(40, 52) });
  assert.deepEqual(held.order, numbers(40, 60));
  assert.equal(held.start, false);
  held.takeOlder({ events: range(1, 39) });
  assert.deepEqual([held.first, held.start], [1, true]);
  const damaged = opened(50, 60);
  damaged.takeOlder({ events: range(2, 49), damaged: [1] });
  assert.equal(damaged.start, true);
  const nothing = opened(50, 60);
  nothing.takeOlder({ events: [] });
  assert.equal(nothing.start, true, 'nothing older is there');
});

test('what is far from a reader of older ones is given up', () => {
  const held = opened(1001, 1200);
  held.takeOlder({ events: range(942, 1000) });
  assert.deepEqual([held.first, held.newest, held.attached], [942, 1200, true]);
  held.trim(0, 1200);
  assert.deepEqual([held.newest, held.attached], [1200, true], 'nothing was far away');
  held.trim(0, 1100);
  assert.deepEqual([held.first, held.newest, held.attached, held.last], [942, 1100, false, 1200]);
  assert.equal(held.message(1200), undefined);
  assert.equal(held.message(1100)?.n, 1100);
});

test('newer pages are appended until the window is attached', () => {
  const held = new EventWindow();
  held.reset({ events: range(1, 60), last: 100 }, { attached: false });
  held.takeNewer({ events: range(59, 90), last: 101 });
  assert.deepEqual([held.newest, held.last, held.attached], [90, 101, false]);
  held.takeNewer({ events: range(91, 101), last: 101 });
  assert.deepEqual([held.newest, held.attached], [101, true]);
  assert.deepEqual(held.order, numbers(1, 101));
  held.skipTo(500);
  assert.equal(held.attached, false);
  held.takeNewer({ events: [], last: 500 });
  assert.equal(held.attached, true, 'no more is to be had');
  held.takeNewer({ events: range(501, 760), last: 760 });
  assert.deepEqual([held.first, held.newest, held.start], [1, 760, true]);
  held.trim(1, Infinity);
  assert.deepEqual([held.first, held.start], [1, true], 'nothing was far away');
  held.trim(561, Infinity);
  assert.deepEqual([held.first, held.newest, held.start, held.attached], [561, 760, false, true]);
  assert.equal(held.message(560), undefined);
});

test('skipping a replay detaches the window', () => {
  const held = opened(1, 3);
  held.skipTo(3);
  assert.equal(held.attached, true);
  held.skipTo(900);
  assert.deepEqual([held.last, held.attached], [900, false]);
  assert.equal(held.take(said(900)), false);
});

test('reactions push no message out, however many they are', () => {
  const react = (n) => ({ n, do: 'react', of: 1, text: `e${n}`, by: 'Ben', who: `p${n}` });
  const reactions = Array.from({ length: 5000 }, (_, i) => react(i + 2));
  const held = new EventWindow();
  held.reset({ events: reactions.slice(4000), last: 5001 });
  held.takeOlder({ events: reactions.slice(0, 4000) });
  held.takeOlder({ events: [said(1)] });
  assert.deepEqual([held.start, held.attached, held.size], [true, true, 1]);
  assert.equal(held.message(1).reactions.length, 5000);
  for (let n = 5002; n < 5001 + CUT; n++) held.take(said(n));
  assert.deepEqual([held.size, held.first, held.start], [LIMIT, 5001 + CUT - LIMIT, false]);
});

test('files expire too while the newest events are not held', () => {
  const files = [{ id: 'a', name: 'a', size: 1, type: 'a/b', sha256: '0' }];
  const held = new EventWindow();
  held.reset({ events: [said(1, { files })], last: 9 }, { attached: false });
  assert.equal(held.isExpired('a'), false);
  held.take({ n: 10, do: 'expire', ids: ['a'], by: 'Hearth' });
  assert.deepEqual([held.isExpired('a'), held.message(1).files[0].expired, held.attached], [true, true, false]);
});
