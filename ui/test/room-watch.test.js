import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { RoomWatch } from '../lib/room-watch.js';
import { pass, stopClock } from './fakes.js';

stopClock();
let live;
let sent;
let watch;

beforeEach(() => {
  live = true;
  sent = [];
  watch = new RoomWatch((command) => live && sent.push(command.rooms.join()) > 0);
});

test('the rooms that are drawn of a long list are watched', async () => {
  watch.show(['a', 'b'], 51);
  assert.deepEqual(sent, ['a,b']);
  watch.show(['a', 'b'], 52);
  await pass(5000);
  assert.deepEqual(sent, ['a,b'], 'told once');
});

test('of a short list the hub tells everybody', () => {
  watch.show(['a', 'b'], 50);
  assert.deepEqual(sent, []);
  watch.show(['a', 'b'], 51);
  assert.deepEqual(sent, ['a,b']);
});

test('a list that has become short is watched no more', async () => {
  watch.show(['a'], 60);
  await pass(1000);
  watch.show(['a'], 40);
  assert.deepEqual(sent, ['a', '']);
});

test('while somebody scrolls, the hub is told now and then, and at last where they are', async () => {
  for (const name of ['a', 'b', 'c', 'd']) {
    watch.show([name], 60);
    await pass(300);
  }
  assert.deepEqual(sent, ['a', 'd']);
  watch.show(['e'], 60);
  assert.deepEqual(sent, ['a', 'd']);
  await pass(1000);
  assert.deepEqual(sent, ['a', 'd', 'e']);
});

test('what could not be sent is sent on the next connection, and all of it on each', async () => {
  live = false;
  watch.show(['a'], 60);
  assert.deepEqual(sent, []);
  live = true;
  watch.renew();
  watch.renew();
  assert.deepEqual(sent, ['a', 'a']);
});

test('no more rooms are watched than the hub allows', () => {
  watch.show(Array.from({ length: 130 }, (_, n) => `r${n}`), 130);
  assert.equal(sent[0].split(',').length, 100);
});
