import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { OneTab } from '../lib/one-tab.js';
import { pass, settle, stopClock } from './fakes.js';

let tabs;

/** A tab that hears the others. */
function tab(chance) {
  const channel = { onmessage: null };
  channel.postMessage = (data) => tabs.forEach((each) => each !== channel && each.onmessage({ data }));
  tabs.push(channel);
  return new OneTab({ channel, chance: () => chance });
}

beforeEach(() => {
  mock.timers.reset();
  stopClock();
  tabs = [];
});

test('of several tabs one acts, in whichever order they ask', async () => {
  const all = [tab(0.2), tab(0.9), tab(0.5)];
  const asked = Promise.all(all.map((each) => each.acts('a 1')));
  await pass(200);
  assert.deepEqual(await asked, [false, true, false]);
});

test('a tab that hears of it later does nothing', async () => {
  const [first, second] = [tab(0.2), tab(0.9)];
  const asked = first.acts('a 1');
  await pass(200);
  assert.equal(await asked, true);
  await pass(10000);
  assert.equal(await second.acts('a 1'), false);
});

test('where somebody looks at one of them, none acts', async () => {
  const [looked, other] = [tab(0.2), tab(0.9)];
  const asked = other.acts('a 1');
  looked.settle('a 1');
  await pass(200);
  assert.equal(await asked, false);
});

test('there is a pause between two, and each is done once', async () => {
  const [one, other] = [tab(0.2), tab(0.1)];
  const first = one.acts('a 1');
  await pass(200);
  assert.equal(await first, true);
  assert.equal(await one.acts('a 2'), false);
  assert.equal(await other.acts('a 2'), false);
  await pass(4000);
  const later = one.acts('a 3');
  await pass(200);
  assert.equal(await later, true);
});

test('a browser without channels acts alone', async () => {
  const alone = new OneTab({ channel: null });
  const asked = alone.acts('a 1');
  await settle();
  await pass(200);
  assert.equal(await asked, true);
});
