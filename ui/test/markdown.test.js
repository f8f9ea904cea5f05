import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJumbo, snippet, tokens } from '../lib/markdown.js';

test('texts that are too long, have too many marks or nest too deeply are not parsed', () => {
  for (const text of [
    'a '.repeat(10000), '*a* '.repeat(750), `${'> '.repeat(12)}x`, `${'- '.repeat(12)}x`, `a${' '.repeat(399)}b`,
    `${'a'.repeat(499)}@`,
  ]) {
    assert.notEqual(tokens(text), null, text.slice(0, 9));
  }
  for (const text of [
    `${'a '.repeat(10000)}a`, `${'*a* '.repeat(750)}*`, `${'> '.repeat(13)}x`, `${'- '.repeat(13)}x`,
    `${'1. '.repeat(13)}x`, `a${' '.repeat(400)}b`, `${'a+'.repeat(8000)}@`,
  ]) assert.equal(tokens(text), null, text.slice(0, 9));
  assert.notEqual(tokens(`\`\`\`\n${'*a* '.repeat(800)}\n\`\`\`\n`), null, 'marks in code are no marks');
});

test('a snippet has the words of a message without its marks', () => {
  for (const [text, line] of [
    ['**bold** and `code`', 'bold and code'],
    ['# Title\n\ntext', 'Title text'],
    ['- a\n- b\n\n> c', 'a b c'],
    ['- [x] done', 'done'],
    ['one\ntwo', 'one two'],
    ['```js\nlet x;\n```', 'let x;'],
    ['[name](https://a.example)', 'name'],
    ['a\n\n---\n\nb', 'a b'],
    ['*a* '.repeat(3), 'a a a'],
    ['<b>x</b>', '<b>x</b>'],
    ['a | b\n--|--\n1 | *2*', 'a b 1 2'],
    ['', ''],
  ]) assert.equal(snippet(text), line, text);
});

test('a snippet never tells what a spoiler hides', () => {
  for (const [text, line] of [
    ['It was ||the **butler**||.', 'It was (spoiler).'],
    ['**||x||** and `||y||`', '(spoiler) and ||y||'],
    [`${'x'.repeat(590)} ||the butler|| y`, `${'x'.repeat(590)} (spoiler)`], // only 600 letters are read
    [`${' '.repeat(400)}a ||x|| b`, 'a (spoiler) b'], // not parsed
  ]) assert.equal(snippet(text, 700), line, text);
});

test('a snippet is cut between code points', () => {
  assert.equal(snippet('x'.repeat(140)), 'x'.repeat(140));
  assert.equal(snippet('x'.repeat(141)), `${'x'.repeat(140)}…`);
  assert.equal(snippet('😀'.repeat(5), 3), '😀😀😀…');
  assert.equal(snippet('x'.repeat(16384), 700), 'x'.repeat(600), 'of a long text only the beginning is read');
});

test('up to four emoji alone are drawn large', () => {
  for (const text of [
    '😀', '❤️', '👍🏽', '👩‍👩‍👧', '😀😀😀😀', '😀 😀', `😀${'\ufe0f'.repeat(2)}`,
    '👍🏽', '👩🏽‍🚀 ❤️‍🔥', '👩‍👩‍👧‍👦'.repeat(4), '👨🏻‍❤️‍💋‍👨🏿', '🇩🇪🇫🇷', '1️⃣ #️⃣', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🏳️‍🌈',
  ]) assert.equal(isJumbo(text), true, text);
  for (const text of [
    '', '😀😀😀😀😀', 'a😀', '😀!', '1', ' 😀', '👩‍👩‍👧‍👦'.repeat(5), `😀${'\ufe0f'.repeat(3)}`, '🇩', '12',
    '1️⃣1', `${'😀 '.repeat(3)}${' '.repeat(99)}`,
  ]) assert.equal(isJumbo(text), false, text);
});
