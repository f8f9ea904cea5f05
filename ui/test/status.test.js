import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endOf, lastHereText, untilText } from '../lib/status-times.js';
import { signOfStatus, statusText } from '../lib/status.js';
import { clock } from '../lib/time.js';

const NOW = new Date('2026-11-22T12:00:00');
const seconds = (time) => new Date(time).getTime() / 1000;

test('a status ends when it was said to', () => {
  assert.equal(endOf('open', NOW, ''), 0);
  assert.equal(endOf('half', NOW, ''), seconds('2026-11-22T12:30:00'));
  assert.equal(endOf('hour', NOW, ''), seconds('2026-11-22T13:00:00'));
  assert.equal(endOf('today', NOW, ''), seconds('2026-11-22T23:59:59'));
  assert.equal(endOf('date', NOW, '2026-12-01'), seconds('2026-12-01T23:59:59'));
  assert.equal(endOf('date', NOW, ''), 0);
});

test('the end is a time today, else a day', () => {
  assert.equal(untilText({ until: seconds('2026-11-22T14:05:00') }, NOW), `until ${clock('2026-11-22T14:05:00')}`);
  assert.match(untilText({ until: seconds('2026-11-24T14:05:00') }, NOW), /^until Tuesday/);
  assert.equal(untilText({}, NOW), '');
});

test('a status has a sign and words, whatever it has of both', () => {
  assert.deepEqual([signOfStatus({ emoji: '🍜' }), statusText({ emoji: '🍜' })], ['🍜', '🍜']);
  assert.deepEqual([signOfStatus({ text: 'Lunch' }), statusText({ text: 'Lunch' })], ['💬', 'Lunch']);
  assert.deepEqual([signOfStatus({ busy: true }), statusText({ busy: true })], ['', 'do not disturb']);
  assert.equal(statusText({ text: 'Lunch', busy: true }), 'Lunch, do not disturb');
  assert.deepEqual([signOfStatus(null), statusText(undefined)], ['', '']);
});

test('when somebody was here last is told only where it is known', () => {
  assert.equal(lastHereText(undefined), '');
  assert.equal(lastHereText({ here: true, last: 1 }), '');
  assert.equal(lastHereText({ here: false }), '');
  assert.match(lastHereText({ here: false, last: Date.now() / 1000 }), /^Last here just now\.$/);
});
