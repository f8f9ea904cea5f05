import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elementAt, numberIn } from '../lib/webm-elements.js';

test('an element has an id, a beginning and an end', () => {
  assert.deepEqual(elementAt(new Uint8Array([9, 0x42, 0x86, 0x81, 1]), 1), { id: 0x4286, at: 1, start: 4, end: 5 });
  assert.equal(elementAt(new Uint8Array([0xa3, 0xff]), 0).end, Infinity);
});

test('what is cut off or has no id is none', () => {
  for (const bytes of [[], [0xa3], [0x42, 0x86], [0, 0x81], [0x08, 1, 1, 1, 1, 0x81], [0xa3, 0]]) {
    assert.equal(elementAt(new Uint8Array(bytes), 0), null, `${bytes}`);
  }
});

test('the highest byte of a number comes first', () => {
  assert.equal(numberIn(new Uint8Array([1, 0, 2])), 65538);
});
