import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HINTS, hintsDoneBy, nextHint } from '../lib/hints.js';

const shown = (hints, touch = false) => nextHint({ hints }, touch)?.name ?? '';

test('one hint after the other, of those that fit the device', () => {
  assert.deepEqual([shown(), shown({}, true)], ['keys', 'press']);
  assert.equal(shown({ keys: true }), 'mention');
  assert.equal(shown({ keys: true, mention: true, poll: true, code: true }), '');
  assert.equal(shown({ press: true, mention: true, poll: true }, true), 'rooms');
});

test('what is no list of hints counts for nothing', () => {
  for (const hints of [null, undefined, 3, 'keys', []]) assert.equal(shown(hints), 'keys');
});

test('doing it is enough', () => {
  assert.deepEqual(hintsDoneBy('Hello @naor'), ['mention']);
  assert.deepEqual(hintsDoneBy('/poll Tea?'), ['poll']);
  assert.deepEqual(hintsDoneBy('`x`'), ['code']);
  assert.deepEqual(hintsDoneBy('mail@home and a @ b'), []);
  assert.equal(new Set(HINTS.map(({ name }) => name)).size, HINTS.length);
});
