import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import * as api from '../lib/api.js';
import { History } from '../lib/history.js';
import { Room } from '../lib/room.js';
import { Store } from '../lib/store.js';
import { answerBy, freshStorage, pass, said, settle, stopClock } from './fakes.js';

const LAST = 200;

let store;
let room;
let history;
let requests;
let told; // what was told: notices, scrolls, pages, the end of the session
let hub; // what to answer in place of a page

beforeEach(async () => {
  mock.timers.reset();
  stopClock();
  freshStorage();
  hub = null;
  told = [];
  requests = answerBy((method, address) => hub ?? pageOf(new URL(address, 'http://hub').searchParams));
  store = new Store();
  for (const name of ['notice', 'scroll-to']) store.addEventListener(name, ({ detail }) => told.push([name, detail]));
  history = new History({
    store, api,
    onLoaded: (loaded, events) => told.push(['loaded', events.length]),
    onSessionEnded: ({ message }) => told.push(['ended', message]),
  });
  room = new Room('general');
  store.setRoom(room);
});

/** A page of a room with 200 messages, as the hub cuts it. */
function pageOf(query) {
  const [after, before, limit] = ['after', 'before', 'limit'].map((name) => Number(query.get(name)));
  const all = Array.from({ length: LAST }, (_, i) => said(i + 1));
  if (query.has('after')) return { events: all.filter(({ n }) => n > after).slice(0, limit), last: LAST };
  return { events: all.filter(({ n }) => !before || n < before).slice(-limit), last: LAST };
}

const held = () => [room.first, room.newest, room.attached];

test('concurrent loads of a room share one request', async () => {
  await Promise.all([history.load(room), history.load(room)]);
  assert.deepEqual([held(), requests.length, told], [[141, 200, true], 1, [['loaded', 60]]]);
  assert.deepEqual([room.read, room.divider], [200, 0], 'what is not known to be unread is read');
});

test('a last page that came already is shown at once', () => {
  store.readMarks.set('general', 190);
  history.show(room, pageOf(new URLSearchParams({ limit: 60 })));
  assert.deepEqual([held(), room.read, room.divider], [[141, 200, true], 190, 190]);
  assert.deepEqual([requests, told], [[], [['loaded', 60]]]);
});

test('the divider is set at the read mark of this browser', async () => {
  store.readMarks.set('general', 190);
  await history.load(room);
  assert.deepEqual([room.read, room.divider], [190, 190]);
  await history.load(room);
  assert.equal(room.divider, 190, 'a page that comes again does not move it');
});

test('older pages are loaded one at a time until the beginning', async () => {
  await history.load(room);
  await Promise.all([history.more('older'), history.more('older')]);
  assert.deepEqual([held(), requests.length], [[111, 200, true], 2], 'one at a time');
  for (let i = 0; i < 5; i += 1) await history.more('older');
  assert.deepEqual([room.first, room.start, requests.length], [1, true, 6]);
});

test('a failed page is retried after a pause', async () => {
  await history.load(room);
  hub = [500, { error: { code: 'failed', message: 'No.' } }];
  const more = history.more('older');
  await settle();
  hub = null;
  await history.more('older');
  assert.equal(requests.length, 2);
  assert.equal(room.failed, false);
  await pass(1500);
  await more;
  assert.equal(room.failed, true);
  await history.more('older');
  assert.deepEqual([room.first, room.failed], [111, false]);
});

test('a page for an outdated window is dropped', async () => {
  await history.load(room);
  const more = history.more('older');
  room.takeOlder({ events: [said(140)] });
  await more;
  assert.equal(room.first, 140);
});

test('a jump loads the messages around its target', async () => {
  await history.load(room);
  await history.goTo(100);
  assert.deepEqual([held(), room.following], [[71, 130, false], false]);
  assert.deepEqual(told.at(-1), ['scroll-to', 100]);
  await history.goTo(120);
  assert.equal(requests.length, 2, 'what is held is only shown');
  await history.more('newer');
  assert.deepEqual(held(), [71, 160, false]);
  await history.newest();
  assert.deepEqual([held(), room.following], [[141, 200, true], true]);
  await history.goTo(0);
  assert.deepEqual([room.first, room.start, told.at(-1)], [1, true, ['scroll-to', 0]]);
});

test('the latest jump wins, and a jump is dropped when the room changes', async () => {
  await history.load(room);
  await Promise.all([history.goTo(100), history.goTo(50)]);
  assert.deepEqual([room.first, told.filter(([name]) => name === 'scroll-to')], [21, [['scroll-to', 50]]]);
  const jump = history.goTo(150);
  store.setRoom(new Room('tea'));
  await jump;
  assert.equal(room.first, 21);
});

test('a failed jump notifies the user', async () => {
  await history.load(room);
  hub = undefined;
  requests = answerBy(() => undefined);
  await history.goTo(10);
  assert.deepEqual(told.at(-1), ['notice', 'Hearth cannot be reached.']);
});

test('where the newest messages do not come, the reader stays and may try again', async () => {
  await history.load(room);
  await history.goTo(100);
  answerBy(() => undefined);
  await history.newest();
  assert.deepEqual([held(), room.following], [[71, 130, false], false]);
  assert.deepEqual(told.at(-1), ['notice', 'The newest messages did not come.']);
  answerBy(() => pageOf(new URLSearchParams({ limit: 60 })));
  await history.newest();
  assert.deepEqual([held(), room.following], [[141, 200, true], true]);
});

test('a quoted message is fetched once; a missing one stays empty', async () => {
  await history.load(room);
  await Promise.all([history.fetchQuote(5), history.fetchQuote(5), history.fetchQuote(199)]);
  assert.deepEqual(requests.map(([, address]) => address.split('?')[1]), ['limit=60', 'after=4&limit=1']);
  assert.equal(room.quote(5).n, 5);
  await history.fetchQuote(500);
  assert.equal(room.quote(500), null);
});

test('a failed load shows its problem, 401 ends the session, and 5xx is retried', async () => {
  hub = [404, { error: { code: 'no_such_room', message: 'No such room.' } }];
  await history.load(room);
  assert.equal(room.problem.code, 'no_such_room');
  hub = [401, { error: { code: 'who_are_you', message: 'Join first.' } }];
  await history.load(room);
  assert.deepEqual(told, [['ended', 'Join first.']]);
  hub = [500, { error: { code: 'failed', message: 'No.' } }];
  await history.load(room);
  hub = null;
  await pass(1500);
  assert.deepEqual([room.ready, room.problem], [true, null]);
});

test('pages grow while nothing is said in them', async () => {
  await history.load(room);
  const before = [];
  hub = null;
  const marks = (from, count) => Array.from({ length: count }, (_, i) => (
    { n: from + i, do: 'react', of: 1, text: '👍', by: 'Ben', who: 'b' }));
  for (const size of [30, 60, 120, 240, 480, 960, 960]) {
    hub = { events: marks(room.first - 10, 9), last: LAST };
    await history.more('older');
    before.push(size);
  }
  assert.deepEqual(requests.slice(1).map((request) => Number(/limit=(\d+)/.exec(JSON.stringify(request))[1])), before);
  hub = { events: [said(room.first - 1)], last: LAST };
  await history.more('older');
  await history.more('older');
  assert.match(JSON.stringify(requests.at(-1)), /limit=30/);
});

test('pages of messages stay as large, also where as many are given up as they bring', async () => {
  const before = (n, size = 30) => Array.from({ length: size }, (_, i) => said(n - size + i));
  hub = { events: before(1001, 60), last: 1000 };
  await history.load(room);
  for (let i = 0; i < 6; i += 1) {
    hub = { events: before(room.first), last: 1000 };
    await history.more('older');
    room.trim(0, room.first + 59);
  }
  assert.deepEqual([room.first, room.newest, room.attached], [761, 820, false]);
  const limits = requests.map(([, address]) => address.split('limit=')[1]);
  assert.deepEqual(limits, ['60', '30', '30', '30', '30', '30', '30']);
});

test('a page that was asked for ahead is shown once, and only while it is fresh', async () => {
  history.expect('general');
  await history.load(room);
  assert.deepEqual([requests.length, room.newest], [1, LAST]);
  await history.load(room);
  assert.equal(requests.length, 2);
  history.expect('general');
  await pass(2500);
  await history.load(room);
  assert.equal(requests.length, 4);
  history.expect('tea');
  await history.load(room);
  assert.equal(requests.length, 6, 'that of another room does not do');
});

test('a page ahead that failed is asked for once more', async () => {
  hub = [500, { error: { code: 'failed', message: 'No.' } }];
  history.expect('general');
  await settle();
  hub = null;
  await history.load(room);
  assert.deepEqual([requests.length, room.newest], [2, LAST]);
});
