import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextEntry } from '../lib/next-entry.js';

function entered(marked) {
  const caret = marked.indexOf('^');
  const text = marked.replace('^', '');
  const change = nextEntry(text, caret);
  if (!change) return null;
  const fresh = text.slice(0, change.start) + change.text + text.slice(change.end);
  return `${fresh.slice(0, change.selection[0])}^${fresh.slice(change.selection[1])}`;
}

test('a list and a quote go on', () => {
  for (const [before, after] of [
    ['- a^', '- a\n- ^'], ['1. a^', '1. a\n2. ^'], ['  9) a^ b', '  9) a\n  10) ^ b'], ['> a^', '> a\n> ^'],
    ['- [x] a^', '- [x] a\n- [ ] ^'], ['a\n* b^\n* c', 'a\n* b\n* ^\n* c'],
  ]) assert.equal(entered(before), after);
});

test('an entry without words ends the list', () => {
  for (const [before, after] of [['- a\n- ^', '- a\n^'], ['1. ^', '^'], ['- [ ] ^', '^'], ['> ^', '^']]) {
    assert.equal(entered(before), after);
  }
});

test('elsewhere a new line is one', () => {
  for (const text of ['', '^', 'a^', '-a^', '-^', '```\n- a^', '**a**^', '1234567890. a^', '- a\n^']) {
    assert.equal(entered(text.includes('^') ? text : '^'), null, text);
  }
});
