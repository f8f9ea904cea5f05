import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RoomOrder, newsFirst } from '../lib/room-order.js';

const room = (name, title = name, more = {}) => ({ name, title, kind: 'public', topic: '', ...more });
const names = (rooms) => rooms.map(({ name }) => name);

test('general comes first, the others by title, as people sort', () => {
  const order = new RoomOrder();
  const rooms = [room('zoo'), room('b', 'Äpfel'), room('a', 'Zebra'), room('general'), room('c', 'bees')];
  assert.deepEqual(names(order.sort(rooms)), ['general', 'b', 'c', 'a', 'zoo']);
});

test('what changes in a room is taken over without sorting anew', () => {
  const order = new RoomOrder();
  order.sort([room('b'), room('general'), room('a')]);
  const again = order.sort([room('general'), room('a', 'a', { unread: 3 }), room('b')]);
  assert.deepEqual(names(again), ['general', 'a', 'b']);
  assert.equal(again[1].unread, 3);
});

test('a room that comes, goes or is renamed gets its place', () => {
  const order = new RoomOrder();
  order.sort([room('b'), room('general'), room('c')]);
  assert.deepEqual(names(order.sort([room('b'), room('general'), room('c'), room('a')])), ['general', 'a', 'b', 'c']);
  assert.deepEqual(names(order.sort([room('b'), room('general'), room('a')])), ['general', 'a', 'b']);
  assert.deepEqual(names(order.sort([room('b'), room('general'), room('a', 'z')])), ['general', 'b', 'a']);
});

test('a piece of the list comes behind the one before it', () => {
  const order = new RoomOrder();
  const rooms = [
    room('c', 'c', { piece: 1 }), room('b'), room('general', 'general', { piece: 2 }), room('a', 'a', { piece: 2 }),
  ];
  assert.deepEqual(names(order.sort(rooms)), ['general', 'b', 'c', 'a']);
  assert.deepEqual(names(order.sort([...rooms.slice(0, 3), room('a')])), ['general', 'a', 'b', 'c']);
});

test('by news the latest comes first, and what never spoke last', () => {
  const order = new RoomOrder();
  const rooms = [room('general'), room('a', 'a', { at: '2026-01-01' }), room('b', 'b', { at: '2026-01-03' })];
  const news = { sort: 'news', hand: [] };
  assert.deepEqual(names(order.sort(rooms, news)), ['b', 'a', 'general']);
  assert.deepEqual(names(order.sort([...rooms, room('c', 'c', { at: '2026-02-01', piece: 1 })], news)).at(-1), 'c');
  assert.equal(newsFirst({}, {}), 0);
});

test('by hand those that were put in order come first', () => {
  const order = new RoomOrder();
  const rooms = [room('general'), room('a'), room('b')];
  assert.deepEqual(names(order.sort(rooms, { sort: 'hand', hand: ['b', 'gone'] })), ['b', 'general', 'a']);
  assert.deepEqual(names(order.sort(rooms)), ['general', 'a', 'b']);
});
