import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeWord, extensionOf, nameParts, sizeText } from '../lib/file-words.js';

test('a size is told in a unit in which it is short', () => {
  const sizes = [0, 1, 999, 1000, 1400, 9949, 9950, 35_400, 999_499, 999_500, 2.5e9, 7e12, 5e15];
  assert.deepEqual(sizes.map(sizeText), [
    '0 bytes', '1 byte', '999 bytes', '1.0 KB', '1.4 KB', '9.9 KB', '10 KB', '35 KB', '999 KB', '1.0 MB', '2.5 GB',
    '7.0 TB', '5,000 TB',
  ]);
});

test('an extension is what follows the last point', () => {
  const names = [
    'a.PDF', 'a.tar.gz', '.bashrc', 'Makefile', 'a.', 'v1.2 final', 'x.averyveryverylong', 'דוח.pdf', 'a\n.b',
  ];
  assert.deepEqual(names.map(extensionOf), ['pdf', 'gz', '', '', '', '', '', 'pdf', '']);
});

test('of a long name the end is kept, and always its extension', () => {
  assert.deepEqual(nameParts('report.pdf'), ['report', '.pdf']);
  assert.deepEqual(nameParts('the-annual-report-v2.pdf'), ['the-annual-repor', 't-v2.pdf']);
  assert.deepEqual(nameParts('הדוח השנתי של החברה.exe'), ['הדוח השנתי של החברה', '.exe']);
  assert.deepEqual(nameParts('README'), ['README', '']);
  for (const name of ['', 'a', '.a', 'a.b', 'aaaaaaaaaaaaaaaaaaaaaaaaa']) assert.equal(nameParts(name).join(''), name);
});

test('code has colours by its extension, a plain text none', () => {
  assert.deepEqual(['a.py', 'B.JS', 'a.txt', 'a.log', 'a'].map(codeWord), ['py', 'js', '', '', '']);
});
