import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FILE_KINDS, isWanted, sendersOf } from '../lib/room-files.js';

const file = (name, type, more = {}) => ({
  id: name, name, size: 9, type, sha256: '', n: 1, by: 'Ana', who: 'a', ...more,
});
const picture = file('Sea.png', 'image/png', { width: 3, height: 2 });
const report = file('Sea report.pdf', 'application/pdf', { by: 'Ben', who: 'b' });
const all = [picture, report, file('notes.txt', 'text/plain'), file('a.mp3', 'audio/mpeg'), file('b.mp4', 'video/mp4')];
const names = (filter) => all.filter((each) => isWanted(each, { kind: '', who: '', text: '', ...filter }))
  .map(({ name }) => name);

test('files are found by kind, sender and name', () => {
  assert.equal(names({}).length, 5);
  assert.deepEqual(names({ kind: 'picture' }), ['Sea.png']);
  assert.deepEqual(names({ kind: 'video' }), ['b.mp4']);
  assert.deepEqual(names({ kind: 'sound' }), ['a.mp3']);
  assert.deepEqual(names({ kind: 'document' }), ['Sea report.pdf', 'notes.txt']);
  assert.deepEqual(names({ who: 'b' }), ['Sea report.pdf']);
  assert.deepEqual(names({ text: ' sea ' }), ['Sea.png', 'Sea report.pdf']);
  assert.deepEqual(names({ text: 'sea', kind: 'document', who: 'a' }), []);
  assert.deepEqual(FILE_KINDS.map(([kind]) => kind), ['', 'picture', 'video', 'sound', 'document']);
});

test('a picture that is too large to be shown is one all the same', () => {
  assert.ok(isWanted(file('x.png', 'image/png'), { kind: 'picture', who: '', text: '' }));
});

test('senders are there once each, by their latest name', () => {
  const sent = [file('1', '', { by: 'Anna' }), report, file('2', '', { by: 'Ana' }), file('3', '', { who: undefined })];
  assert.deepEqual(sendersOf(sent), [
    { who: 'name Ana', name: 'Ana' }, { who: 'a', name: 'Anna' }, { who: 'b', name: 'Ben' },
  ]);
});
