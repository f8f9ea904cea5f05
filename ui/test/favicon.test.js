import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faviconOf } from '../lib/favicon.js';

test('the icon has a count, else a point, else nothing', () => {
  assert.match(faviconOf({ count: 3, others: true }), />3<\/text>/);
  assert.match(faviconOf({ count: 12, others: true }), />9\+<\/text>/);
  assert.match(faviconOf({ count: 0, others: true }), /<circle/);
  assert.doesNotMatch(faviconOf({ count: 0, others: false }), /<circle|<text/);
});
