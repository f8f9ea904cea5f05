import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typedWord } from '../lib/typed-word.js';

const SIGNS = { signs: '@#:', spaced: '@' };
/** The word before `|`. */
const word = (marked) => {
  const caret = marked.indexOf('|');
  const found = typedWord(marked.replace('|', ''), caret, SIGNS);
  return found && `${found.sign}${found.query} at ${found.start}`;
};

test('a word begins at the start, or behind a space or punctuation', () => {
  assert.equal(word('@|'), '@ at 0');
  assert.equal(word('@an|'), '@an at 0');
  assert.equal(word('Hello @an|'), '@an at 6');
  assert.equal(word('Hello\n@an|'), '@an at 6');
  assert.equal(word('(@an|)'), '@an at 1');
  assert.equal(word('“@an|'), '@an at 1');
  assert.equal(word('👍@an|'), '@an at 2');
  assert.equal(word('#ge|'), '#ge at 0');
});

test('it begins within text that has no spaces between words', () => {
  for (const before of ['你好', 'こんにちは', 'カナ', 'สวัสดี', '안녕', '𠮷', 'و', 'ל']) {
    assert.equal(word(`${before}@an|`), `@an at ${before.length}`);
  }
});

test('it does not begin within a word, an address or code', () => {
  const texts = ['anna@b|', 'José@b|', 'Jose\u0301@b|', '1@b|', 'http:|', '10:3|', 'a/#ge|', '\\@an|', '`@an|', '&#3|'];
  for (const text of texts) assert.equal(word(text), null, text);
  assert.equal(word('@@|'), '@@ at 0'); // a name may begin with the sign
  assert.equal(word('## a|'), null);
});

test('names may hold spaces, the others may not', () => {
  assert.equal(word('@Anna B|'), '@Anna B at 0');
  assert.equal(word('@Anna |'), '@Anna  at 0');
  assert.equal(word('@ Anna|'), null);
  assert.equal(word('#tea time|'), null);
  assert.equal(word(':smile now|'), null);
});

test('a word ends with the line, and is as long as a name', () => {
  assert.equal(word('@Anna\nB|'), null);
  assert.equal(word(`@${'x'.repeat(40)}|`), `@${'x'.repeat(40)} at 0`);
  assert.equal(word(`@${'x'.repeat(41)}|`), null);
});

test('only what is before the caret counts, and of two words the nearer one', () => {
  assert.equal(word('@an|na'), '@an at 0');
  assert.equal(word('|@an'), null);
  assert.equal(word('@Anna :sm|'), ':sm at 6');
  assert.equal(word(''.padEnd(5) + '|'), null);
});
