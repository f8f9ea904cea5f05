import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { IdleReport } from '../lib/idle-report.js';
import { pass, stopClock } from './fakes.js';

let sent, isOpen, touch, report, listeners;

beforeEach(() => {
  mock.timers.reset();
  stopClock();
  listeners = {};
  globalThis.addEventListener = (name, listener) => {
    listeners[name] = listener;
  };
  [sent, isOpen] = [[], true];
  globalThis.removeEventListener = (name) => delete listeners[name];
  report = new IdleReport(({ seconds }) => isOpen && sent.push(seconds) > 0);
  touch = (name = 'keydown') => listeners[name]?.();
});

test('the hub hears of the first key, then once a minute', async () => {
  touch();
  touch('pointerdown');
  await pass(59000);
  touch('wheel');
  assert.deepEqual(sent, [0]);
  await pass(1000);
  touch();
  assert.deepEqual(sent, [0, 0]);
});

test('the wheel is listened for again ten seconds after the last sign', async () => {
  touch('wheel');
  await pass(9000);
  assert.equal(touch('wheel'), undefined);
  touch();
  await pass(9000);
  assert.equal(listeners.wheel, undefined, 'the key was the last sign');
  await pass(1000);
  assert.ok(listeners.wheel && listeners.pointermove);
  await pass(45000);
  touch('wheel');
  assert.deepEqual(sent, [0, 0]);
});

test('who touches nothing is away after five minutes, and back with the first key', async () => {
  touch();
  await pass(299000);
  assert.deepEqual(sent, [0]);
  await pass(1000);
  assert.deepEqual(sent, [0, 300]);
  await pass(400000);
  assert.equal(sent.length, 3, 'and says so again now and then');
  touch();
  assert.equal(sent.at(-1), 0);
});

test('a new connection hears how long ago the last one was', async () => {
  touch();
  await pass(120000);
  report.renew();
  assert.deepEqual(sent, [0, 120]);
});

test('what could not be sent is sent with the next key', async () => {
  isOpen = false;
  touch();
  isOpen = true;
  touch();
  assert.deepEqual(sent, [0]);
});
