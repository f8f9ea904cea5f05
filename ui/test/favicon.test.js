import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faviconOf } from '../lib/favicon.js';

test('nothing of a badge is cut off', () => {
  const [, x, y, width, height, edge] = faviconOf({ count: 3, others: false })
    .match(/<rect x="(.+?)" y="(.+?)" width="(.+?)" height="(.+?)" .*stroke-width="(.+?)"/).map(Number);
  assert.ok(x + width + edge / 2 <= 24 && y + height + edge / 2 <= 24);
});

test('the icon has a count, else a point, else nothing', () => {
  assert.match(faviconOf({ count: 3, others: true }), />3<\/text>/);
  assert.match(faviconOf({ count: 12, others: true }), />9\+<\/text>/);
  assert.match(faviconOf({ count: 0, others: true }), /<circle/);
  assert.doesNotMatch(faviconOf({ count: 0, others: false }), /<circle|<text/);
});
