import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileAddress } from '../lib/file-address.js';

test('a file has its address in its room', () => {
  assert.equal(fileAddress('general', 'a-1'), '/api/files/general/a-1');
  assert.equal(fileAddress('general', 'a-1', '/preview'), '/api/files/general/a-1/preview');
  assert.equal(fileAddress('general', 'a-1', '?download=1'), '/api/files/general/a-1?download=1');
  assert.equal(fileAddress('café', '../x?'), '/api/files/caf%C3%A9/..%2Fx%3F');
});
