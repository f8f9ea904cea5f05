import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeTokens } from '../lib/code-tokens.js';

const kinds = (code, word) => codeTokens(code, word)?.tokens.filter(([kind]) => kind);

test('what is behind the fence says which language it is', () => {
  for (const [word, language] of [
    ['js', 'JavaScript'], ['py', 'Python'], ['c++', 'C++'], ['sh', 'Bash'], ['html', 'HTML, XML'], ['ts', 'TypeScript'],
    ['dockerfile', 'Dockerfile'], ['ps1', 'PowerShell'], ['diff', 'Diff'],
  ]) assert.equal(codeTokens('x = 1', word).language, language);
  for (const word of ['nonsense', '__proto__', 'constructor']) assert.equal(codeTokens('x = 1', word), null);
});

test('each part has its kind, and all of them are the code', () => {
  assert.deepEqual(kinds('const a = `x ${1 + b}`; // hi', 'js'), [
    ['keyword', 'const'], ['string', '`x '], ['number', '1'], ['string', '`'], ['comment', '// hi'],
  ]);
  assert.deepEqual(kinds('-a\n+b', 'diff'), [['deletion', '-a'], ['string', '+b']]);
  for (const [code, word] of [
    ['<script>let a = "<b>";</script>', 'html'], ['const a = `x ${1 + b}`; // hi', 'js'], ['', 'js'], ['"\u202e', 'js'],
    ['def f():\n\treturn 1\n', 'py'], ['}}}}{{{{((((', 'css'],
  ]) assert.equal(codeTokens(code, word).tokens.map(([, text]) => text).join(''), code);
});

test('without a word it is guessed, where that is sure', () => {
  for (const [code, language] of [
    ['{"a": [1, null]}', 'JSON'],
    ['--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y', 'Diff'],
    ['#!/bin/bash\nset -e\nfor f in *.txt; do\n  echo "$f"\ndone', 'Bash'],
    ['SELECT u.name, COUNT(*) FROM users u JOIN posts p ON p.user_id = u.id GROUP BY u.name;', 'SQL'],
    ['use std::io;\n\nfn main() {\n    let mut s = String::new();\n    println!("{}", s);\n}', 'Rust'],
  ]) assert.equal(codeTokens(code, '')?.language, language);
  for (const code of [
    '', 'x', '17', 'Hello there, this is a text that was pasted.\nIt has two lines.', 'שלום עולם', '+--+\n|a |\n+--+',
    'In this case the for loop is not if you want\nand this class is import from there',
    [...Array(40).keys()].map((n) => `${n}:00  4.${n % 5}  3.${n % 7}`).join('\n'),
  ]) assert.equal(codeTokens(code, ''), null, code);
});

test('what would take long is left as it is', () => {
  assert.notEqual(codeTokens('x '.repeat(10000), 'js'), null);
  assert.equal(codeTokens(`${'x '.repeat(10000)}x`, 'js'), null);
  assert.equal(codeTokens(`{"a": "${'x'.repeat(5000)}"}`, ''), null);
});
