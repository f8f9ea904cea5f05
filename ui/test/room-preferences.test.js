import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handAfterMove, inHandOrder, roomPreferences } from '../lib/room-preferences.js';

const named = (names) => names.split(' ').map((name) => ({ name }));
const order = (names, hand) => inHandOrder(named(names), hand).map(({ name }) => name).join(' ');

test('what was set is read', () => {
  const read = roomPreferences({
    rooms: { sort: 'news', hand: ['b', 'a'], of: { a: { favourite: true }, b: { muted: true, hidden: true } } },
  });
  assert.deepEqual([read.sort, read.hand, read.favourites], ['news', ['b', 'a'], ['a']]);
  assert.deepEqual(['a', 'b', 'c'].map(read.of), [{ favourite: true }, { muted: true, hidden: true }, {}]);
});

test('whatever else stands there counts for nothing', () => {
  for (const rooms of [
    undefined, null, 7, 'x', [], [[]], true, { sort: 'up', hand: 'a', of: [] },
    { sort: null, hand: { 0: 'a' }, of: 'a' },
    { sort: {}, hand: [1, null, {}, ['a']], of: { a: null, b: 3, c: [true] } },
  ]) {
    const read = roomPreferences({ rooms });
    assert.deepEqual([read.sort, read.hand, read.favourites], ['name', [], []], JSON.stringify(rooms));
    for (const name of ['a', 'b', 'c', 'constructor', '__proto__']) assert.equal(read.of(name).muted, undefined);
  }
  assert.deepEqual(roomPreferences({ rooms: { hand: ['a', 2, 'b', 'a'] } }).hand, ['a', 'b']);
  assert.equal(roomPreferences({ rooms: { of: { a: { favourite: 'yes' } } } }).favourites.length, 0);
});

test('a thousand favourites are read once', () => {
  const of = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`room-${at}`, { favourite: true }]));
  const rooms = { of };
  assert.equal(roomPreferences({ rooms }).favourites.length, 1000);
  assert.equal(roomPreferences({ rooms }), roomPreferences({ rooms }));
});

test('rooms stand as they were put, the others behind, and those that are gone nowhere', () => {
  assert.equal(order('a b c d', ['c', 'gone', 'a']), 'c a b d');
  assert.equal(order('a b c d', []), 'a b c d');
});

test('a room that is moved takes its place, and no more is kept than was touched', () => {
  const list = ['a', 'b', 'c', 'd', 'e'];
  assert.deepEqual(handAfterMove(list, [], 'b', 0), ['b', 'a']);
  assert.deepEqual(handAfterMove(list, [], 'a', 2), ['b', 'c', 'a']);
  assert.deepEqual(handAfterMove(list, ['a', 'b', 'c', 'd'], 'd', 0), ['d', 'a', 'b', 'c']);
  assert.deepEqual(handAfterMove(list, ['other', 'gone'], 'b', 0), ['b', 'a', 'other', 'gone']);
  for (const name of list) {
    for (let to = 0; to < list.length; to += 1) {
      const hand = handAfterMove(list, ['x'], name, to);
      assert.equal(order(list.join(' '), hand).split(' ').indexOf(name), to, `${name} ${to}`);
    }
  }
});
