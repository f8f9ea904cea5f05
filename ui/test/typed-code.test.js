import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInCode } from '../lib/typed-code.js';

test('code is what stands between backticks and in fenced blocks', () => {
  for (const text of [
    '`:smile:', 'a `b` and `c', '``a ` b', '```\n:smile:', '```js\na\nb', '~~~\n:x:', 'x\n````\n```\n',
  ]) {
    assert.equal(isInCode(text, text.length), true, text);
  }
});

test('everything else is not', () => {
  for (const text of [
    '', ':smile:', '`a` :smile:', '``a`b`` x', '```\na\n```\n:smile:', 'a ` b\n:smile:', '~~~\na\n~~~\n',
  ]) {
    assert.equal(isInCode(text, text.length), false, text);
  }
});

test('it matters only what is before the caret', () => {
  assert.equal(isInCode(':x: `code`', 3), false);
  assert.equal(isInCode('`code` :x:', 3), true);
});
