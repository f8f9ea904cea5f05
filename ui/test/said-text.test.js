import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileNames, saidText } from '../lib/said-text.js';

const files = [{ name: 'report.pdf' }, { name: 'a.png' }, { name: 'b.png' }];

test('the words of a message come before its files', () => {
  assert.equal(saidText({ text: '*Here* it\nis', files }), 'Here it is');
  assert.equal(saidText({ text: 'long enough', files }, 4), 'long…');
  assert.equal(saidText({ text: '', files: files.slice(0, 1) }), 'report.pdf');
  assert.equal(saidText({}), '');
  assert.equal(saidText({ do: 'pin', of: 3 }), '');
});

test('of several files the first is named, apart from the words behind it', () => {
  assert.equal(fileNames(files), '\u2068report.pdf\u2069 and 2 more');
  assert.equal(fileNames(files.slice(0, 2)), '\u2068report.pdf\u2069 and 1 more');
  assert.equal(fileNames([]), '');
});
