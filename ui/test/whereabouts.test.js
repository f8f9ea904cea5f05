import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Store } from '../lib/store.js';
import { Whereabouts } from '../lib/whereabouts.js';
import { freshStorage, pass, stopClock } from './fakes.js';

let store, sent, isOpen, whereabouts;

beforeEach(() => {
  mock.timers.reset();
  stopClock();
  freshStorage();
  store = new Store();
  [sent, isOpen] = [[], true];
  whereabouts = new Whereabouts({ store, send: (command) => isOpen && sent.push(command) > 0 });
});

const direct = (name, other) => [name, { name, kind: 'direct', with: other, last: 1, said: 1 }];

test('those with whom I write are followed, and who is on a card', async () => {
  store.setRooms(new Map([direct('dm-1', 'b'), direct('dm-2', 'c'), ['general', { name: 'general', kind: 'public' }]]));
  await pass(1000);
  assert.deepEqual(sent, [{ do: 'follow', people: ['b', 'c'] }]);
  store.changed('rooms');
  await pass(1000);
  whereabouts.show('c');
  assert.deepEqual(sent.slice(1), [{ do: 'follow', people: ['c', 'b'] }]);
  whereabouts.show('d');
  whereabouts.show('');
  assert.deepEqual(sent.slice(2).map(({ people }) => people), [['d', 'b', 'c'], ['b', 'c']]);
});

test('a new connection is told again, also what could not be sent', async () => {
  isOpen = false;
  whereabouts.show('b');
  isOpen = true;
  whereabouts.renew();
  whereabouts.renew();
  assert.deepEqual(sent.map(({ people }) => people), [['b'], ['b']]);
});

test('the hub is asked of no more people than it takes', async () => {
  store.setRooms(new Map(Array.from({ length: 300 }, (_, n) => direct(`dm-${n}`, `p${n}`))));
  whereabouts.show('x');
  assert.equal(sent[0].people.length, 200);
});

test('what the hub tells is kept until the person is out', () => {
  whereabouts.renew({ text: 'Lunch' });
  assert.deepEqual(store.status, { text: 'Lunch' });
  whereabouts.take({ do: 'status', status: null });
  assert.equal(store.status, null);
  whereabouts.take({ do: 'person', who: 'b', here: true, away: true, status: { emoji: '🍜' } });
  assert.deepEqual(store.presence.get('b'), { here: true, away: true, status: { emoji: '🍜' }, last: undefined });
  whereabouts.clear();
  assert.equal(store.presence.size, 0);
});
