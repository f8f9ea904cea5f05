import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emojiTone, keepEmojiTone, keepRecentEmoji, recentEmoji } from '../lib/emoji-preferences.js';

function memory(kept = {}) {
  return {
    get: (name, fallback) => kept[name] ?? fallback,
    set: (name, value) => { kept[name] = value; },
  };
}

test('the tone is kept, and none is none', () => {
  const own = memory();
  assert.equal(emojiTone(own), 0);
  keepEmojiTone(3, own);
  assert.equal(emojiTone(own), 3);
  keepEmojiTone(0, own);
  assert.equal(emojiTone(own), 0);
});

test('the latest emoji comes first, each once, and old ones go', () => {
  const own = memory();
  for (const text of ['👍', '🎉', '👍']) keepRecentEmoji(text, own);
  assert.deepEqual(recentEmoji(own), ['👍', '🎉']);
  for (let n = 0; n < 40; n++) keepRecentEmoji(`e${n}`, own);
  assert.equal(recentEmoji(own).length, 27);
  assert.equal(recentEmoji(own)[0], 'e39');
});

test('what somebody else wrote into the storage does no harm', () => {
  for (const kept of ['x', 7, { a: 1 }, [1, null, '👍']]) {
    assert.deepEqual(recentEmoji(memory({ 'emoji-recent': kept })), Array.isArray(kept) ? ['👍'] : []);
  }
  for (const kept of ['x', 6, -1, NaN, {}]) assert.equal(emojiTone(memory({ 'emoji-tone': kept })), 0);
});
