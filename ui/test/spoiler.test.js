import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutSpoiler, spoilerLength } from '../lib/spoiler.js';

test('a spoiler ends at the next marks with no space before them', () => {
  for (const [text, whole] of [
    ['||a||', '||a||'], ['||a b|| c||', '||a b||'], ['||a\nb||', '||a\nb||'], ['||a||| ', '||a||'],
    ['||a || b||', '||a || b||'], ['||a `b||c` d|| e', '||a `b||c` d||'], ['||a \\|| b||', '||a \\|| b||'],
    ['||``a`||`b``||', '||``a`||`b``||'], ['||a ` b||', '||a ` b||'],
  ]) assert.equal(text.slice(0, spoilerLength(text)), whole, text);
});

test('what is no spoiler hides nothing', () => {
  for (const text of [
    '', 'a', '|a||', '|| a ||', '||a', '||a ||', '||||', '||||||', '||a\n\nb||', 'a ||b||', '||`a||`', '||a\\||',
    `||${'x'.repeat(20000)}||`,
  ]) assert.equal(spoilerLength(text), 0, text.slice(0, 20));
});

test('a cut that would fall into a spoiler is known', () => {
  const at = (marked) => cutSpoiler(marked.replace('^', ''), marked.indexOf('^'));
  for (const [marked, begins] of [
    ['a ||b^ c|| d', 2], ['a |^|b||', 2], ['a ||b|^|', 2], ['a ||b||^', -1], ['a^ ||b||', -1], ['||a|| ||b^||', 6],
    ['a ||b^', -1], ['a\n\n||b^||', 3], ['||a\n\nb^||', -1], ['`||a^||`', -1], ['`||a` ||b^||', 6], ['\\||a^||', -1],
  ]) assert.equal(at(marked), begins, marked);
});

test('marks without end are looked through in no time', () => {
  const before = performance.now();
  cutSpoiler('||a '.repeat(4096), 16000);
  cutSpoiler('`a ``b '.repeat(2400), 16000);
  assert.ok(performance.now() - before < 200);
});
