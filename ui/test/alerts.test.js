import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Alerts } from '../lib/alerts.js';
import { setDeviceAlerts } from '../lib/alert-device.js';
import { Store } from '../lib/store.js';
import { freshStorage, said } from './fakes.js';

let store, done, looks, mayAct, pages, alerts, unread;

beforeEach(() => {
  freshStorage();
  store = new Store();
  store.setSession({ phase: 'in', me: { who: 'me', name: 'Mira' } });
  store.setRooms(new Map([
    ['general', { name: 'general', kind: 'public', title: 'General', last: 5, said: 5, unread: 1 }],
    ['direct-1', { name: 'direct-1', kind: 'direct', title: 'Ana', with: 'a', last: 5, said: 5, unread: 1, read: 3 }],
  ]));
  [done, looks, mayAct, pages, unread] = [[], false, true, [], null];
  alerts = new Alerts({
    store,
    api: { page: async (room, range) => {
      pages.push([room, range]);
      return { events: [said(4, { room }), said(5, { room, who: 'me' })] };
    } },
    isAttentive: () => looks,
    tabs: { acts: async () => mayAct, settle: (id) => done.push(['settle', id]) },
    notifications: {
      show: ({ by, words }, text) => done.push(['show', by, words, text]),
      clear: (count) => { unread = ['general', 'attic'].map(count); },
    },
    flash: (text) => done.push(['flash', text]),
    chime: (volume) => done.push(['chime', volume]),
  });
});

const FLASH = ['flash', 'Ana wrote'];
const CHIME = ['chime', 0.4];

test('what names me calls, other words in a room do not', async () => {
  await alerts.news({ room: 'general', n: 6, event: said(6) });
  assert.deepEqual(done, []);
  await alerts.news({ room: 'general', n: 7, event: said(7, { text: 'Hi @Mira', to: { Mira: 'me' } }) });
  assert.deepEqual(done, [FLASH, CHIME]);
  await alerts.news({ room: 'general', n: 7, event: said(7, { text: 'Hi @Mira', to: { Mira: 'me' } }) });
  assert.equal(done.length, 2, 'once');
});

test('a message to me alone is fetched, and mine of another device calls nobody', async () => {
  await alerts.news({ room: 'direct-1', n: 5 });
  assert.deepEqual(pages, [['direct-1', { before: 6, limit: 10 }]]);
  assert.deepEqual(done, [FLASH, CHIME]);
  store.rooms.get('direct-1').read = 4;
  await alerts.news({ room: 'direct-1', n: 5 });
  assert.equal(done.length, 2);
});

test('of other rooms nothing is fetched unless everything is wanted, or the hub says that it is for me', async () => {
  await alerts.news({ room: 'general', n: 5 });
  assert.deepEqual([pages, done], [[], []]);
  await alerts.news({ room: 'general', n: 4, meant: true });
  assert.deepEqual(done, [FLASH, CHIME]);
  store.setPreferences({ rooms: { of: { general: { alerts: 'all' } } } });
  await alerts.news({ room: 'general', n: 6, event: said(6) });
  assert.equal(done.length, 4);
});

test('nothing calls who looks, and the other tabs are told', async () => {
  looks = true;
  await alerts.news({ room: 'direct-1', n: 5 });
  assert.deepEqual(done, [['settle', 'direct-1 5']]);
});

test('each way can be chosen', async () => {
  setDeviceAlerts({ sound: false, native: true });
  store.setPreferences({ alerts: { flash: false } });
  await alerts.news({ room: 'direct-1', n: 5 });
  assert.deepEqual(done, [['show', 'Ana', 'text 4', true]]);
  assert.deepEqual(unread, [1, 0], 'it is known at once whether its room counts it');
  store.setPreferences({ alerts: { text: false } });
  await alerts.news({ room: 'direct-1', n: 6, event: said(6, { room: 'direct-1' }) });
  assert.deepEqual(done.slice(1), [['flash', 'New message'], ['show', 'Ana', 'text 6', false]]);
});

test('silence is kept: by room, in quiet hours, and where another tab acts', async () => {
  store.setPreferences({ rooms: { of: { 'direct-1': { muted: true } } } });
  await alerts.news({ room: 'direct-1', n: 5 });
  store.setPreferences({ alerts: { quiet: { on: true, from: '00:00', to: '24:00' } } });
  await alerts.news({ room: 'direct-1', n: 5 });
  assert.deepEqual([pages, done], [[], []]);
  store.setPreferences({});
  mayAct = false;
  await alerts.news({ room: 'direct-1', n: 5 });
  assert.deepEqual(done, [FLASH]);
});

test('an answer to what I said calls', async () => {
  store.setRoom({ name: 'general', quote: (n) => ({ who: n === 1 ? 'me' : 'b' }), mentionsOf: () => 0 });
  await alerts.news({ room: 'general', n: 6, event: said(6, { re: 2 }) });
  assert.deepEqual(done, []);
  await alerts.news({ room: 'general', n: 7, event: said(7, { re: 1 }) });
  assert.deepEqual(done, [FLASH, CHIME]);
});

test('a hub that is away calls nobody', async () => {
  const away = new Alerts({
    store, api: { page: () => Promise.reject(new Error('away')) }, isAttentive: () => false,
    notifications: { clear() {} }, flash: (text) => done.push(text),
  });
  await away.news({ room: 'direct-1', n: 5 });
  assert.deepEqual(done, []);
});

test('a message without words tells the names of its files', async () => {
  setDeviceAlerts({ native: true });
  const event = said(6, { room: 'direct-1', text: '', files: [{ name: 'plan.pdf' }, { name: 'b.png' }] });
  await alerts.news({ room: 'direct-1', n: 6, event });
  assert.deepEqual(done.at(-1), ['show', 'Ana', '\u2068plan.pdf\u2069 and 1 more', true]);
  const named = said(7, { room: 'direct-1', text: '', files: [{ name: '__init__.py' }] });
  await alerts.news({ room: 'direct-1', n: 7, event: named });
  assert.equal(done.at(-1)[2], '__init__.py');
});

test('words are told without their marks, and not at any length', async () => {
  setDeviceAlerts({ native: true });
  for (const [n, text, words] of [
    [6, '**see**\n\n||this||', 'see (spoiler)'], [7, 'x'.repeat(10000), `${'x'.repeat(200)}…`],
  ]) {
    await alerts.news({ room: 'direct-1', n, event: said(n, { room: 'direct-1', text }) });
    assert.equal(done.at(-1)[2], words);
  }
});
