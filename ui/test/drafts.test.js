import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { draftOf, keepDraft, quoteOf } from '../lib/drafts.js';
import { freshStorage, said } from './fakes.js';

let storage;

beforeEach(() => {
  storage = freshStorage();
});

test('a draft is kept until it is empty', () => {
  assert.deepEqual(draftOf('tea'), { text: '', re: null, to: {} });
  keepDraft('tea', { text: 'Hi @Ben', re: null, to: { Ben: 'b' } });
  assert.deepEqual(draftOf('tea'), { text: 'Hi @Ben', re: null, to: { Ben: 'b' } });
  assert.equal(draftOf('other').text, '');
  keepDraft('tea', { text: '', re: null, to: {} });
  assert.equal(storage.size, 0);
});

test('the message replied to is kept in plain words, however often', () => {
  for (const [message, words] of [
    [{ text: '`__init__.py` is **gone**' }, '__init__.py is gone'],
    [{ text: '', files: [{ name: '__init__.py' }] }, '__init__.py'],
    [{ text: 'x'.repeat(200) }, `${'x'.repeat(100)}…`],
  ]) {
    const { by, who } = said(3);
    keepDraft('tea', { text: '', re: quoteOf(said(3, message)), to: {} });
    keepDraft('tea', draftOf('tea'));
    assert.deepEqual(draftOf('tea').re, { n: 3, by, who, text: words });
  }
});
