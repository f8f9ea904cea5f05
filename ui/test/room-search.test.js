import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchRooms } from '../lib/room-search.js';

const rooms = ['general', 'tea', 'green-tea', 'private-1'].map((name) => ({ name, title: name }));
rooms[3].title = 'Tea at Five';

const search = (typed) => {
  const { found, ...rest } = searchRooms(rooms, typed);
  return [found.map(({ name }) => name), rest];
};

test('an empty search finds everything and offers no new room', () => {
  assert.deepEqual(search(' '), [['general', 'green-tea', 'tea', 'private-1'], { problem: '', name: '', exact: '' }]);
});

test('rooms are found by parts of name and title, exact matches first', () => {
  assert.deepEqual(search('TEA'), [['tea', 'green-tea', 'private-1'], { problem: '', name: '', exact: 'tea' }]);
  assert.deepEqual(search('tea at five'), [['private-1'], { problem: '', name: '', exact: 'private-1' }]);
});

test('a missing room can be made if its name is valid', () => {
  assert.deepEqual(search('Te'), [['green-tea', 'tea', 'private-1'], { problem: '', name: 'te', exact: '' }]);
  const [found, { problem, name }] = search('tea!');
  assert.deepEqual([found, name], [[], '']);
  assert.match(problem, /letters, digits/);
});

test('rooms are found by what they are about', () => {
  const about = [{ name: 'kitchen', title: 'kitchen', topic: 'Tea and Cake' }, { name: 'tea', title: 'tea' }];
  const { found, name } = searchRooms(about, 'cake');
  assert.deepEqual([found.map((room) => room.name), name], [['kitchen'], 'cake']);
  assert.deepEqual(searchRooms(about, 'tea').found.map((room) => room.name), ['tea', 'kitchen']);
});

test('duplicates are found once', () => {
  assert.equal(searchRooms([...rooms, ...rooms], 'general').found.length, 1);
});
