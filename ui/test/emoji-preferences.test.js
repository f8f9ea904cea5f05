import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emojiTone, recentEmoji, usedEmoji } from '../lib/emoji-preferences.js';

test('the latest emoji comes first, each once, and old ones go', () => {
  /** @type {any} */
  let kept = {};
  for (const text of ['👍', '🎉', '👍']) kept = usedEmoji(text, kept);
  assert.deepEqual(recentEmoji(kept), ['👍', '🎉']);
  for (let n = 0; n < 40; n++) kept = usedEmoji(`e${n}`, kept);
  assert.equal(recentEmoji(kept).length, 27);
  assert.equal(recentEmoji(kept)[0], 'e39');
});

test('a tone is one of five, or none', () => {
  assert.equal(emojiTone({}), 0);
  assert.equal(emojiTone({ emoji: { tone: 3 } }), 3);
});

test('what another program kept does no harm', () => {
  for (const emoji of ['x', 7, null, { recent: { a: 1 }, tone: {} }, { recent: 'x', tone: 6 }, { tone: '3' }]) {
    const kept = /** @type {any} */ ({ emoji });
    assert.deepEqual(recentEmoji(kept), []);
    assert.equal(emojiTone(kept), 0);
  }
  assert.deepEqual(recentEmoji(/** @type {any} */ ({ emoji: { recent: [1, null, '👍'] } })), ['👍']);
});
