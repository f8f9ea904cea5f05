import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitName } from '../lib/name-field.js';

/** A field in which `value` stands and the cursor at `at`. */
function field(value, at = value.length) {
  return {
    value,
    selectionStart: at,
    setSelectionRange(start, end) {
      assert.equal(start, end);
      this.selectionStart = start;
    },
  };
}

function held(value, most, { at, isComposing = false } = {}) {
  const target = field(value, at);
  limitName({ target, isComposing }, most);
  return [target.value, target.selectionStart];
}

test('a name within the limit is left alone', () => {
  for (const name of [
    'Ana', 'e\u0301'.repeat(5), '😀😀😀😀😀', 'a    b', '     ab     ',
  ]) assert.deepEqual(held(name, 5), [name, name.length]);
});

test('the end of the typed or pasted text is cut', () => {
  assert.deepEqual(held('abcdef', 5), ['abcde', 5]);
  assert.deepEqual(held('abXYcde', 5, { at: 4 }), ['abcde', 2], 'what stood there before stays');
  assert.deepEqual(held('abXYcde', 4, { at: 3 }), ['Ycde', 0]);
  assert.deepEqual(held('abcdef', 2, { at: 0 }), ['ab', 2], 'a browser that cannot say where the cursor is');
});

test('a letter is never cut in half', () => {
  assert.deepEqual(held('😀😀😀', 2), ['😀😀', 4]);
  assert.deepEqual(held('e\u0301e\u0301e\u0301', 2), ['e\u0301e\u0301', 4]);
});

test('only the excess is cut', () => {
  assert.deepEqual(held('a  b  c  d', 5), ['a  b  c ', 8], 'a run of spaces is one letter, and none at the end');
  assert.deepEqual(held('abc', 0), ['', 0]);
  assert.deepEqual(held('xabc', 3, { at: 0 }), ['xab', 3]);
});

test('nothing is cut during input method composition', () => {
  assert.deepEqual(held('にほんごの', 3, { isComposing: true }), ['にほんごの', 5]);
});
