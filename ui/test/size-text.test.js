import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitText, sizeText } from '../lib/size-text.js';

test('a size is told in a unit in which it is short', () => {
  const sizes = [0, 1, 999, 1000, 1400, 9949, 9950, 35_400, 999_499, 999_500, 2.5e9, 7e12, 5e15];
  assert.deepEqual(sizes.map(sizeText), [
    '0 bytes', '1 byte', '999 bytes', '1.0 KB', '1.4 KB', '9.9 KB', '10 KB', '35 KB', '999 KB', '1.0 MB', '2.5 GB',
    '7.0 TB', '5,000 TB',
  ]);
});

test('a limit is told in the units in which it was set', () => {
  const told = [900, 1536, 2 ** 20, 2 ** 30, 3 * 2 ** 40].map(limitText);
  assert.deepEqual(told, ['900 bytes', '1.5 KiB', '1 MiB', '1 GiB', '3,072 GiB']);
});
