import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeBlock, codeOf, fillCode } from '../lib/code-block.js';
import { installDocument } from './fakes.js';

installDocument();

const lines = (count) => Array.from({ length: count }, (_, i) => `line ${i + 1}`).join('\n');
const drawn = (code, words = '', how = {}) => codeBlock(code, words, { fold: false, partial: false, ...how });
const buttons = (block) => block.all('button').map((button) => [button.dataset.act, button.textContent]);

test('the first word behind the fence names the language', () => {
  for (const [words, shown, word] of [
    ['js', 'js', 'js'], ['C++ x', 'C++', 'c++'], ['Objective-C', 'Objective-C', 'objective-c'], ['', '', ''],
    ['{.x}', '', ''], ['js:title', 'js', 'js'], ['a'.repeat(50), 'a'.repeat(30), 'a'.repeat(30)], ['<b>', '', ''],
  ]) {
    const block = drawn('x', words);
    assert.equal(block.all('span')[0].textContent, shown);
    assert.equal(block.all('code')[0].dataset.word, word);
  }
});

test('of long code the first lines are shown, and how many there are more', () => {
  const block = drawn(lines(21), '', { fold: true });
  assert.equal(block.all('code')[0].textContent, lines(12));
  assert.deepEqual(buttons(block), [['copy-code', 'Copy'], ['unfold-code', 'Show 9 more lines']]);
  for (const [count, fold] of [[20, true], [21, false]]) {
    assert.equal(drawn(lines(count), '', { fold }).all('code')[0].textContent, lines(count));
  }
});

test('the whole code is known, folded or not', () => {
  const block = drawn(lines(30), '', { fold: true });
  assert.equal(codeOf({ closest: () => block }), lines(30));
  assert.equal(codeOf({ closest: () => null }), '');
});

test('code of which there is a part only cannot be copied', () => {
  assert.deepEqual(buttons(drawn('x', '', { partial: true })), []);
});

test('much code is put in parts of forty lines, and stays the same', () => {
  for (const [count, parts] of [[1, 0], [40, 0], [41, 2], [100, 3]]) {
    for (const code of [lines(count), `${lines(count)}\n`]) {
      const element = document.createElement('code');
      fillCode(element, code);
      assert.equal(element.textContent, code);
      assert.equal(element.all('span').length, count === 40 ? 0 : parts);
    }
  }
});
