import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchRooms } from '../lib/room-search.js';

const rooms = ['general', 'tea', 'green-tea', 'private-1'].map((name) => ({ name, title: name }));
rooms[3].title = 'Tea at Five';

const search = (typed) => {
  const { found, ...rest } = searchRooms(rooms, typed);
  return [found.map(({ name }) => name), rest];
};

test('everything is found while nothing is typed, and nothing can be made', () => {
  assert.deepEqual(search(' '), [['general', 'green-tea', 'tea', 'private-1'], { problem: '', name: '', exact: '' }]);
});

test('a room is found by a part of its name or title, the one that is meant first', () => {
  assert.deepEqual(search('TEA'), [['tea', 'green-tea', 'private-1'], { problem: '', name: '', exact: 'tea' }]);
  assert.deepEqual(search('tea at five'), [['private-1'], { problem: '', name: '', exact: 'private-1' }]);
});

test('what is not there can be made, unless it cannot be a name', () => {
  assert.deepEqual(search('Te'), [['green-tea', 'tea', 'private-1'], { problem: '', name: 'te', exact: '' }]);
  const [found, { problem, name }] = search('tea!');
  assert.deepEqual([found, name], [[], '']);
  assert.match(problem, /letters, digits/);
});

test('a room that stands in two lists is found once', () => {
  assert.equal(searchRooms([...rooms, ...rooms], 'general').found.length, 1);
});
