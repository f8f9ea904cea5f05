import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { emojiLanguage } from '../lib/emoji-language.js';

test('every language that was made is one that a reader may have', () => {
  const made = readdirSync(new URL('../emoji/', import.meta.url)).map((name) => name.replace('.json', ''));
  const tags = made.map((name) => ({ 'en-gb': 'en-GB', 'es-mx': 'es-MX', 'zh-hant': 'zh-TW' })[name] ?? name);
  assert.deepEqual(tags.map((tag) => emojiLanguage([tag])), made);
});

test('a reader gets the closest language', () => {
  for (const [language, ...known] of [
    ['de', 'de-AT', 'en'], ['de', 'tlh', 'de'], ['en', 'en-US'], ['en-gb', 'en-AU'], ['es', 'es-ES'],
    ['es-mx', 'es-419'], ['es-mx', 'es-AR'], ['nb', 'no'], ['nb', 'nn-NO'], ['zh', 'zh-CN'], ['zh', 'zh'],
    ['zh-hant', 'zh-HK'], ['zh-hant', 'zh-Hant'], ['pt', 'pt-BR'], ['uk', 'uk-UA'],
  ]) assert.equal(emojiLanguage(known), language, known.join());
});

test('whoever has none of them gets English', () => {
  for (const known of [[], ['he-IL'], ['x'], ['not a language', '']]) assert.equal(emojiLanguage(known), 'en');
});
