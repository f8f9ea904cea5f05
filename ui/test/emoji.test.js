import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { toned } from '../lib/emoji-tone.js';
import { EmojiIndex } from '../lib/emoji.js';

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const index = (language, isDrawn) => new EmojiIndex(read(`../emoji/${language}.json`), isDrawn);
const texts = (found) => found.map(({ text }) => text);
const [english, german] = [index('en'), index('de')];

test('tones are those of Unicode, for all emoji that have them', () => {
  let count = 0;
  for (const { emoji, skins = [] } of read('../node_modules/emojibase-data/en/data.json')) {
    for (const tone of [1, 2, 3, 4, 5]) {
      const skin = skins.find((one) => String(one.tone) === String(tone));
      if (!skin) continue;
      assert.equal(toned(emoji, tone), skin.emoji, emoji);
      assert.equal(english.of(skin.emoji), english.of(emoji), 'in whatever tone');
      assert.ok(english.of(emoji).toned);
      count++;
    }
  }
  assert.ok(count > 1600);
  assert.equal(toned('✌️', 0), '✌️');
  for (const { text } of english.all) {
    assert.ok(!/^\p{Emoji_Presentation}\uFE0F$/u.test(text), `${text} is written as Unicode lists it`);
    assert.equal(english.of(text).text, text);
  }
  assert.ok(!english.of('👨‍👩‍👧').toned);
});

test('categories have names in the language and all emoji in order', () => {
  assert.deepEqual(german.groups.map(({ name }) => name), [
    'Smileys & Emotionen', 'Menschen & Körper', 'Tiere & Natur', 'Essen & Trinken', 'Reisen & Orte', 'Aktivitäten',
    'Gegenstände', 'Symbole', 'Flaggen',
  ]);
  assert.equal(german.groups.flatMap(({ emoji }) => emoji).length, german.all.length);
  assert.equal(german.all[0].text, '😀');
  assert.equal(german.groups[1].emoji[0].label, 'winkende Hand');
  assert.equal(german.tones.length, 5);
});

test('a shortcode is one emoji', () => {
  for (const [code, text] of [['smile', '😄'], ['+1', '👍'], ['thumbsup', '👍'], ['Heart', '❤️'], ['de', '🇩🇪']]) {
    assert.equal(german.named(code)?.text, text);
  }
  for (const code of ['', 'img onerror', 'constructor', '__proto__', 'smil']) {
    assert.equal(german.named(code), undefined);
  }
});

test('what is looked for is found by the words of the language and by shortcodes', () => {
  for (const [found, wanted, text] of [
    [german, '❤️', 'Herz'], [german, '❤️', 'heart'], [german, '❤️', 'rotes herz'], [german, '🐘', 'elefant'],
    [german, '🥳', 'geburtstag'], [german, '😂', 'FREUDE'], [german, '👍', '+1'], [english, '🎉', 'tada'],
    [english, '🎂', 'birthday'], [index('fr'), '⭐', 'etoile'], [index('fr'), '⭐', 'étoile'],
    [index('ja'), '❤️', '赤いハート'], [index('ja'), '🐈', 'ネコ'], [index('ru'), '🐱', 'кот'], [index('ko'), '🐶', '강아지'],
    [index('hi'), '❤️', 'दिल'],
  ]) assert.ok(texts(found.search(text, 60)).includes(wanted), `${text}: ${texts(found.search(text, 60)).join('')}`);
});

test('the best come first', () => {
  assert.equal(english.search('heart')[0].text, '❤️', 'the shortcode itself');
  assert.deepEqual(texts(english.search('smi', 3)), ['😄', '😏', '😃'], 'the shortest shortcode that begins so');
  assert.deepEqual(texts(german.search('herz', 2)), ['♥️', '💘'], 'the whole label, then a whole word');
  assert.equal(english.search('flag', 5).length, 5);
});

test('what is no word finds nothing, and nothing is found by nothing', () => {
  for (const text of ['', ' ', '<img src=x onerror=alert(1)>', 'qqqq', 'heart qqqq', '\\', '[']) {
    assert.deepEqual(english.search(text), [], text);
  }
});

test('versions that the system does not draw are left out, and old ones are not asked for', () => {
  const asked = [];
  const some = index('en', (text) => (asked.push(text), text.codePointAt(0) < 0x1fa00));
  assert.ok(asked.length < 12);
  assert.ok(some.all.length > 1700 && some.all.length < english.all.length);
  assert.equal(some.named('shaking_face'), undefined);
  assert.deepEqual(some.search('shaking face'), []);
  assert.equal(some.search('elephant')[0].text, '🐘', 'words are still those of their emoji');
});
