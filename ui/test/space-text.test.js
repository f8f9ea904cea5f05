import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindName, spaceSentences, takenText } from '../lib/space-text.js';

const none = { files: 0, bytes: 0 };

test('files are counted', () => {
  assert.equal(takenText({ files: 1, bytes: 812 }), '1 file, 812 bytes');
  assert.equal(takenText({ files: 1200, bytes: 3.4e8 }), '1,200 files, 340 MB');
});

test('limits are told as they were set', () => {
  const space = { used: 1.2e9, most: 0, each: 2 ** 30, free: 7e10, spare: 1e10, total: none, unfinished: none };
  assert.deepEqual(spaceSentences(space), [
    'All files together take 1.2 GB.',
    'The disk has 70 GB free, of which 10 GB always stay free.',
    'One file can be up to 1 GiB; for all together there is no limit.',
  ]);
  const other = { used: 0, most: 2 ** 40, each: 0, total: none, unfinished: { files: 2, bytes: 10 } };
  assert.deepEqual(spaceSentences(other), [
    'All files together take 0 bytes.',
    'One file can be of any size; all together can take 1,024 GiB.',
    'Still being sent: 2 files, 10 bytes.',
  ]);
});

test('kinds have names', () => {
  assert.deepEqual(['image', 'video', 'audio', 'text', 'other', 'toString'].map(kindName), [
    'Pictures', 'Films', 'Sound', 'Texts', 'Other files', 'Other files',
  ]);
});
