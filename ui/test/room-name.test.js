import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathOf, roomFromPath, roomName, roomNameProblem } from '../lib/room-name.js';

test('room names are normalised', () => {
  for (const [typed, name] of [
    ['General', 'general'], ['  My  Room ', 'my-room'], ['//tea', 'tea'], ['a\u00a0b\tc', 'a-b-c'],
    ['CAFE\u0301', 'café'],
    ['ΣΣ', 'σς'], ['שלום', 'שלום'], ['日本', '日本'], ['a/b', 'a/b'], ['', ''], [17, '17'],
  ]) assert.equal(roomName(typed), name);
});

test('an invalid name has an explanation', () => {
  for (const name of [
    'general', 'a', '日本', 'हिन्दी', 'a_b-c', '2026', 'x'.repeat(64), '𝟘'.repeat(64),
  ]) assert.equal(roomNameProblem(name), '', name);
  for (const [name, why] of [
    ['', /^Type/], ['x'.repeat(65), /64/], ['𝟘'.repeat(65), /64/], ['-a', /hyphen/],
    ['a b', /letters, digits/], ['a/b', /letters, digits/], ['.a', /letters, digits/], ['a\u200bb', /letters, digits/],
    ['😀', /letters, digits/],
  ]) assert.match(roomNameProblem(name), why, JSON.stringify(name));
});

test('a path gives its room, an invalid one gives general', () => {
  for (const [path, room] of [
    ['/general', 'general'], ['/', 'general'], ['//', 'general'], ['/caf%C3%A9', 'café'], ['/CAFE%CC%81/', 'café'],
    ['/%D7%A9%D7%9C%D7%95%D7%9D', 'שלום'], ['/100%', 'general'], ['/%FF', 'general'],
  ]) assert.equal(roomFromPath(path), room, path);
});

test('pathOf and roomFromPath are inverse', () => {
  for (const room of ['general', 'café', 'שלום', 'a/b?c#d', '100%']) {
    assert.equal(roomFromPath(pathOf(room)), room);
    assert.doesNotMatch(pathOf(room).slice(1), /[/?#]/);
  }
});
