import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RoomOrder } from '../lib/room-order.js';

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
