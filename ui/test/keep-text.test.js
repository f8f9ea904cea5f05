import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepSentence, keepText, keptText } from '../lib/keep-text.js';

test('how long files stay', () => {
  assert.equal(keepText(), 'for ever');
  assert.equal(keepText(1), 'for 1 day');
  assert.equal(keepText(1200), 'for 1,200 days');
  assert.equal(keepText(0, 2e9), 'only the newest 2.0 GB');
  assert.equal(keepText(30, 5e8), 'for 30 days, and only the newest 500 MB');
});

test('the same in few words', () => {
  assert.equal(keptText(), 'Kept for ever');
  assert.equal(keptText(30), 'Kept for 30 days');
  assert.equal(keptText(1, 5e8), 'Kept for 1 day, up to 500 MB');
});

test('the same as a sentence, where it is not for ever', () => {
  assert.equal(keepSentence({}), '');
  assert.equal(keepSentence({ keep_days: 30 }), 'Files stay here for 30 days.');
  assert.equal(keepSentence({ keep_bytes: 2e9 }), 'Of the files here, only the newest 2.0 GB stay.');
  const both = keepSentence({ keep_days: 1, keep_bytes: 2e9 });
  assert.equal(both, 'Files stay here for 1 day, and only the newest 2.0 GB.');
});
