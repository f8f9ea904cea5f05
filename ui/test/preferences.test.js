import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Problem } from '../lib/api.js';
import { mergePatch, PreferencesKeeper } from '../lib/preferences.js';
import { Store } from '../lib/store.js';
import { freshStorage, pass, settle, stopClock } from './fakes.js';

stopClock();
let store;
let asked;
let answers; // what the hub does with the next patches
let kept; // what the hub has
let keeper;
let notices;

beforeEach(() => {
  freshStorage();
  store = new Store();
  [asked, answers, kept, notices] = [[], [], {}, []];
  store.watch(['notice'], ({ detail }) => notices.push(detail));
  keeper = new PreferencesKeeper({
    store,
    api: {
      preferences: async () => kept,
      changePreferences: async (patch) => {
        asked.push(patch);
        const answer = await answers.shift();
        if (answer) throw answer;
        kept = mergePatch(kept, patch);
        return kept;
      },
    },
  });
});

test('what is set counts at once, and is sent', async () => {
  keeper.take({ order: 'name' });
  keeper.change({ order: 'news' });
  assert.deepEqual(store.preferences, { order: 'news' });
  await settle();
  assert.deepEqual(asked, [{ order: 'news' }]);
  assert.deepEqual(store.preferences, { order: 'news' });
});

test('what is set meanwhile goes together afterwards', async () => {
  let answer;
  answers.push(new Promise((done) => { answer = done; }));
  keeper.change({ a: 1 });
  keeper.change({ rooms: { x: { muted: true } } });
  keeper.change({ rooms: { y: { muted: true }, x: null }, a: null });
  assert.deepEqual(store.preferences, { rooms: { y: { muted: true } } });
  answer();
  await settle();
  assert.deepEqual(asked, [{ a: 1 }, { rooms: { x: null, y: { muted: true } }, a: null }]);
  assert.deepEqual(store.preferences, { rooms: { y: { muted: true } } });
});

test('what another device sets is taken in, but not over what is not sent yet', async () => {
  answers.push(new Promise(() => {}));
  keeper.take({ a: 1, b: 1 });
  keeper.change({ a: 2 });
  keeper.heard({ a: 3, b: 3 });
  assert.deepEqual(store.preferences, { a: 2, b: 3 });
});

test('an answer that is older than what was heard meanwhile does not undo it', async () => {
  let answer;
  kept = new Promise((done) => { answer = done; });
  keeper.take({ a: 1 });
  const asking = keeper.refresh();
  keeper.heard({ a: 2 });
  keeper.heard({ b: { c: 1 } });
  answer({ a: 1, d: 1 });
  await asking;
  assert.deepEqual(store.preferences, { a: 2, b: { c: 1 }, d: 1 });
  kept = { a: 3 };
  await keeper.refresh();
  assert.deepEqual(store.preferences, { a: 3 }, 'what came before it was asked is in it');
});

test('what another device sets while an answer is on its way holds', async () => {
  let answer;
  answers.push(new Promise((done) => { answer = done; }));
  kept = { b: 1 };
  keeper.change({ a: 1 });
  keeper.heard({ a: 1 });
  keeper.heard({ b: 2 });
  answer();
  await settle();
  assert.deepEqual(store.preferences, { a: 1, b: 2 });
});

test('while the hub is away it is tried again', async () => {
  answers.push(new Problem({ message: 'away' }), new Problem({ status: 429, retryAfter: 1 }));
  keeper.change({ a: 1 });
  await settle();
  keeper.change({ b: 1 }); // goes at once, with what is waiting
  await settle();
  assert.deepEqual(asked, [{ a: 1 }, { a: 1, b: 1 }]);
  assert.deepEqual(store.preferences, { a: 1, b: 1 });
  await pass(1000);
  assert.deepEqual(kept, { a: 1, b: 1 });
  assert.deepEqual(notices, []);
});

test('what is refused is taken back, and the reader is told why', async () => {
  answers.push(new Problem({ status: 422, message: 'So many preferences cannot be kept.' }));
  keeper.take({ a: 1 });
  keeper.change({ a: 2 });
  await settle();
  assert.deepEqual(store.preferences, { a: 1 });
  assert.deepEqual(notices, ['So many preferences cannot be kept.']);
  await pass(60000);
  assert.equal(asked.length, 1);
});

test('somebody else in this browser has their own', async () => {
  let answer;
  answers.push(new Promise((done) => { answer = done; }));
  keeper.change({ a: 1 });
  keeper.clear();
  keeper.take({ b: 1 });
  answer();
  await settle();
  assert.deepEqual(store.preferences, { b: 1 });
});

test('after an absence the hub is asked', async () => {
  kept = { a: 5 };
  await keeper.refresh();
  assert.deepEqual(store.preferences, { a: 5 });
});

test('a patch is merged as the hub merges it', () => {
  assert.deepEqual(mergePatch({ a: { b: 1, c: 2 } }, { a: { b: null, d: 3 } }), { a: { c: 2, d: 3 } });
  assert.deepEqual(mergePatch({ a: [1] }, { a: { b: { c: null } } }), { a: { b: {} } });
  assert.deepEqual(mergePatch({ a: { b: 1 } }, { a: [2] }), { a: [2] });
});

test('what waits as the page is left goes at once', async () => {
  answers.push(new Promise(() => {}));
  keeper.change({ a: 1 });
  keeper.change({ b: 1 });
  assert.deepEqual(asked, [{ a: 1 }]);
  keeper.leave();
  keeper.leave();
  assert.deepEqual(asked, [{ a: 1 }, { b: 1 }]);
});
