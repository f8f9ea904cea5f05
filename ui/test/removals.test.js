import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Problem } from '../lib/api.js';
import { Removals } from '../lib/removals.js';
import { Store } from '../lib/store.js';
import { tabStorage } from '../lib/storage.js';
import { freshStorage, pass, said, settle, stopClock } from './fakes.js';

let store;
let asked; // what the hub was told: [room, n, key]
let answer; // what it answers
let storage;
let notices;

beforeEach(() => {
  mock.timers.reset();
  stopClock();
  storage = freshStorage();
  store = new Store();
  store.setSession({ me: { who: 'a', name: 'Ana' } });
  asked = [];
  notices = [];
  answer = async () => null;
  store.addEventListener('notice', ({ detail }) => notices.push(detail));
});

function removals() {
  const erase = (...what) => {
    asked.push(what);
    return answer();
  };
  return new Removals({ store, api: { erase }, memory: tabStorage });
}

const told = () => asked.map(([room, n]) => [room, n]);

test('the hub is told once the time to undo is over', async () => {
  removals().add(said(3));
  await pass(5999);
  assert.deepEqual([told(), store.isRemoving('general', 3)], [[], true]);
  await pass(1);
  assert.deepEqual(told(), [['general', 3]]);
  assert.equal(store.isRemoving('general', 3), true, 'until its event must have come');
  await pass(5000);
  assert.deepEqual([store.removals, storage.size], [[], 0]);
});

test('it is named by plain words', () => {
  const all = removals();
  all.add(said(3, { text: '`__init__.py` is *gone*' }));
  all.add(said(4, { text: '', files: [{ name: '__init__.py' }] }));
  all.add(said(5, { text: 'x'.repeat(99) }));
  const words = ['__init__.py is gone', '__init__.py', `${'x'.repeat(40)}…`];
  assert.deepEqual(store.removals.map(({ text }) => text), words);
});

test('a removal that was taken back is none, and the others go on', async () => {
  const all = removals();
  for (const n of [3, 4, 3]) all.add(said(n));
  assert.equal(store.removals.length, 2, 'once is enough');
  await pass(3000);
  assert.equal(all.undo('general', 3), true);
  assert.equal(all.undo('general', 3), false);
  await pass(9000);
  assert.deepEqual(told(), [['general', 4]]);
});

test('it cannot be taken back any more once the hub was told', async () => {
  const all = removals();
  all.add(said(3));
  await all.flush();
  assert.equal(all.undo('general', 3), false);
  await pass(20000);
  assert.deepEqual(told(), [['general', 3]], 'and it is told once');
});

test('who leaves waits for nothing', async () => {
  const all = removals();
  for (const n of [3, 4]) all.add(said(n));
  await all.flush();
  assert.deepEqual(told(), [['general', 3], ['general', 4]]);
});

test('a hub that is away is told again, with the same key', async () => {
  const all = removals();
  answer = async () => { throw new Problem(); };
  all.add(said(3));
  await pass(6000);
  assert.equal(store.isRemoving('general', 3), true);
  answer = async () => { throw new Problem({ status: 429, code: 'too_fast', retryAfter: 1 }); };
  await pass(3000);
  answer = async () => null;
  await pass(1000);
  assert.equal(asked.length, 3);
  assert.equal(new Set(asked.map(([, , key]) => key)).size, 1);
  await pass(5000);
  assert.deepEqual([store.removals, notices], [[], []]);
});

test('a refusal is told, and the message stays', async () => {
  const all = removals();
  answer = async () => { throw new Problem({ status: 403, code: 'room_shut', message: 'It is closed.' }); };
  all.add(said(3));
  await pass(6000);
  assert.deepEqual([store.isRemoving('general', 3), notices], [false, ['It is closed.']]);
});

test('a message that somebody else removed meanwhile is none to speak of', async () => {
  const all = removals();
  answer = async () => { throw new Problem({ status: 404, code: 'no_such_message', message: 'Not there.' }); };
  all.add(said(3));
  await pass(6000);
  assert.deepEqual([store.removals, notices], [[], []]);
});

test('after a reload it is carried out, for the same person', async () => {
  removals().add(said(3));
  const again = removals();
  again.resume('a');
  await settle();
  again.resume('a');
  assert.deepEqual(told(), [['general', 3]]);
  await pass(60000);

  asked = [];
  removals().add(said(4));
  removals().resume('b');
  await settle();
  assert.deepEqual([told(), storage.size], [[], 0]);
});
