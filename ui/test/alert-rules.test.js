import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertLevel, alertSettings, callsForMe, isMeantForMe, isQuiet } from '../lib/alert-rules.js';
import { Store } from '../lib/store.js';
import { freshStorage } from './fakes.js';

const at = (time) => new Date(`2026-11-22T${time}:00`);

test('quiet hours go over midnight, and end on the minute', () => {
  const night = { on: true, from: '22:00', to: '07:00' };
  for (const time of ['22:00', '23:59', '00:00', '06:59']) assert.ok(isQuiet(night, at(time)), time);
  for (const time of ['21:59', '07:00', '12:00']) assert.ok(!isQuiet(night, at(time)), time);
  const lunch = { on: true, from: '12:00', to: '13:00' };
  assert.ok(isQuiet(lunch, at('12:30')));
  assert.ok(!isQuiet(lunch, at('13:00')));
  assert.ok(!isQuiet({ ...night, on: false }, at('23:00')));
  assert.ok(!isQuiet({ on: true, from: '08:00', to: '08:00' }, at('08:00')), 'no time at all');
});

test('nothing chosen is the usual', () => {
  assert.deepEqual(alertSettings({}), { flash: true, text: true, quiet: { on: false, from: '22:00', to: '07:00' } });
  const night = { on: true, from: '22:00', to: '07:00' };
  const chosen = { alerts: { flash: false, quiet: { on: true } } };
  assert.deepEqual(alertSettings(chosen), { flash: false, text: true, quiet: night });
  assert.equal(alertLevel({}, { name: 'a', kind: 'direct' }), 'all');
  assert.equal(alertLevel({}, { name: 'a', kind: 'public' }), 'mentions');
  const muted = { rooms: { of: { a: { muted: true, alerts: 'all' } } } };
  assert.equal(alertLevel(muted, { name: 'a', kind: 'direct' }), 'nothing');
  assert.equal(alertLevel({ rooms: { of: { a: { alerts: 'loudly' } } } }, { name: 'a', kind: 'public' }), 'mentions');
});

test('what is said to me alone, names me or answers me is meant for me', () => {
  const me = { who: 'a' };
  assert.ok(isMeantForMe({}, { me, kind: 'direct' }));
  assert.ok(isMeantForMe({ to: { ana: 'a' } }, { me, kind: 'public' }));
  assert.ok(isMeantForMe({}, { me, kind: 'public', answered: { who: 'a' } }));
  assert.ok(!isMeantForMe({}, { me, kind: 'public', answered: { who: 'b' } }));
  assert.ok(!isMeantForMe({ to: { bela: 'b' } }, { me, kind: 'public', answered: null }));
});

test('the count is of what calls, by room', () => {
  freshStorage();
  const store = new Store();
  const room = (name, kind, unread, more) => [name, { name, kind, last: 9, said: 9, unread, ...more }];
  store.setRooms(new Map([
    room('general', 'public', 3), room('direct-1', 'direct', 2, { with: 'b' }), room('loud', 'public', 4),
    room('hidden', 'private', 0),
  ]));
  assert.deepEqual(callsForMe(store), { count: 2, others: true });
  store.setPreferences({ rooms: { of: { loud: { alerts: 'all' }, general: { muted: true } } } });
  assert.deepEqual(callsForMe(store), { count: 6, others: false });
  store.setPreferences({ rooms: { of: { loud: { muted: true }, general: { muted: true } } } });
  assert.deepEqual(callsForMe(store), { count: 2, others: false });
  store.setSession({ me: { who: 'a', name: 'Ana' } });
  store.mutes.set('b', 'Bela');
  assert.deepEqual(callsForMe(store), { count: 0, others: true });
});
