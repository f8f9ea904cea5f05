import assert from 'node:assert/strict';
import { test } from 'node:test';

process.env.TZ = 'Europe/Berlin';
Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { language: 'en-US@posix' } });
const { ago, clock, countdown, day, dayName, every, full, span } = await import('../lib/time.js');

const ms = Date.parse;

test('times are local', () => {
  assert.match(clock('2026-11-22T20:17:03.123Z'), /^(21|0?9)[:.]17/);
  assert.match(clock('2026-07-22T20:17:03.123Z'), /^(22|10)[:.]17/, 'an hour later in summer');
  assert.match(full('2026-11-22T23:30:00Z'), /^Monday,? 23 November 2026.* 0?0:30:00$/);
});

test('an invalid time is empty', () => {
  for (const tell of [clock, full]) assert.equal(tell('yesterday'), '');
});

test('days are local', () => {
  assert.equal(day('2026-11-22T22:59:59.999Z'), '2026-11-22');
  assert.equal(day('2026-11-22T23:00:00Z'), '2026-11-23');
  assert.equal(day('2026-12-31T23:00:00Z'), '2027-01-01');
  assert.equal(day('2026-03-28T23:00:00Z'), '2026-03-29');
  assert.equal(day('2026-03-29T21:59:59Z'), '2026-03-29');
});

test('today and yesterday have names', () => {
  const now = ms('2026-11-22T12:00:00Z');
  for (const [at, name] of [
    ['2026-11-21T23:00:00Z', 'Today'], ['2026-11-21T22:59:59Z', 'Yesterday'], ['2026-11-20T23:00:00Z', 'Yesterday'],
    ['2026-11-20T22:59:59Z', 'Friday 20 November'], ['2026-11-22T23:00:00Z', 'Monday 23 November'],
    ['2025-12-31T22:59:59Z', '31 December 2025'], ['2025-12-31T23:00:00Z', 'Thursday 1 January'],
  ]) assert.equal(dayName(at, now).replace(',', ''), name, at);
});

test('yesterday is right across daylight saving changes and month ends', () => {
  for (const [now, at] of [
    ['2026-03-29T22:30:00Z', '2026-03-28T23:30:00Z'], // 30 March, 0:30, and the day before has 23 hours
    ['2026-10-25T23:30:00Z', '2026-10-24T22:00:00Z'], // 26 October, 0:30, and the day before has 25
    ['2026-03-01T08:00:00Z', '2026-02-28T08:00:00Z'],
    ['2027-01-01T08:00:00Z', '2026-12-31T08:00:00Z'],
  ]) assert.equal(dayName(at, ms(now)), 'Yesterday', now);
  assert.notEqual(dayName('2026-10-24T21:59:59Z', ms('2026-10-25T23:30:00Z')), 'Yesterday');
});

test('a duration uses the largest unit that divides it', () => {
  for (const [seconds, words] of [
    [1, '1 second'], [5, '5 seconds'], [60, '1 minute'], [90, '90 seconds'], [300, '5 minutes'], [3600, '1 hour'],
    [5400, '90 minutes'],
    [7200, '2 hours'], [86400, '1 day'], [172800, '2 days'],
  ]) assert.equal(span(seconds), words);
  assert.deepEqual([1, 60, 300, 3600, 36000].map(every), ['second', 'minute', '5 minutes', 'hour', '10 hours']);
});

test('a countdown shows seconds, minutes or hours', () => {
  for (const [left, words] of [
    [-5000, '0:00'], [0, '0:00'], [1, '0:01'], [1000, '0:01'], [42000, '0:42'], [59001, '1:00'], [245000, '4:05'],
    [3599000, '59:59'],
    [3600000, '1 hour'], [3600001, '2 hours'], [86400000, '24 hours'],
  ]) assert.equal(countdown(left), words, left);
});

test('ago is relative for an hour, then names the day', () => {
  const now = ms('2026-11-22T12:00:00Z');
  const told = (seconds) => ago(now / 1000 - seconds, now);
  assert.deepEqual(
    [-60, 0, 89, 90, 3599].map(told), ['just now', 'just now', 'just now', '2 minutes ago', '60 minutes ago'],
  );
  assert.match(told(3600), /^today at (12|0?0)[:.]00|^today at 12:00/);
  assert.match(told(86400), /^yesterday at 0?1[:.]00|^yesterday at 13:00/);
  assert.equal(told(3 * 86400).replace(',', ''), 'Thursday 19 November');
  assert.equal(told(365 * 86400), '22 November 2025');
});
