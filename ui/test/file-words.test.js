import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeWord, extensionOf, nameParts, shownName } from '../lib/file-words.js';
import { recordingName } from '../lib/voice-words.js';

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

test('a voice message is called so beside its message, whatever its time', () => {
  const names = ['webm', 'ogg', 'mp4'].map((kind) => recordingName(new Date(2026, 1, 3, 4, 5), `audio/${kind}`));
  for (const name of [...names, 'Voice message 2026-02-03 04.05 (2).webm']) {
    assert.equal(shownName(name), 'Voice message');
  }
  for (const name of ['Voice message.webm', 'Voice message 2026-02-03 04.05.exe', 'a.webm', '']) {
    assert.equal(shownName(name), name);
  }
});

test('code has colours by its extension, a plain text none', () => {
  assert.deepEqual(['a.py', 'B.JS', 'a.txt', 'a.log', 'a'].map(codeWord), ['py', 'js', '', '', '']);
});
