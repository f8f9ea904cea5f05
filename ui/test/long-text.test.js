import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excerpt } from '../lib/long-text.js';

const lines = (count) => Array.from({ length: count }, (_, i) => `line ${i + 1}`).join('\n');

test('a short text is shown whole, without a button', () => {
  for (const text of ['', 'Hello', lines(24), 'x'.repeat(2400)]) {
    assert.deepEqual(excerpt(text), { pieces: [text], fences: ['', ''], elements: 300, folded: false, label: '' });
  }
});

test('a long text shows an excerpt and a button with its length', () => {
  assert.deepEqual(excerpt(lines(25)).label, 'Show all 25 lines');
  assert.equal(excerpt(lines(25)).pieces[0], `${lines(24)}\n`);
  assert.equal(excerpt('x'.repeat(2401)).label, 'Show all 2,401 letters');
  assert.equal(excerpt('x'.repeat(2401)).pieces[0].length, 2400);
});

test('each request shows one more piece, until the end', () => {
  const text = lines(700);
  const { pieces, elements, label } = excerpt(text, 1);
  assert.deepEqual([pieces.length, elements, label], [1, 1000, 'Show more, 400 lines left']);
  assert.equal(excerpt(text, 2).label, 'Show the last 100 lines');
  assert.equal(excerpt(text, 3).label, '');
  assert.equal(excerpt(text, 3).pieces.join(''), text);
  assert.equal(excerpt(text, 9).pieces.join(''), text);
  assert.equal(excerpt(text).label, 'Show more, 676 lines left');
  assert.equal(excerpt(`${lines(300)}\nx`, 1).label, 'Show the last 1 letter');
});

test('a text is cut between words and never inside a surrogate pair', () => {
  const words = 'word '.repeat(1000);
  assert.equal(excerpt(words).pieces[0], 'word '.repeat(480));
  const [piece] = excerpt('😀'.repeat(1300)).pieces;
  assert.equal(piece, '😀'.repeat(1200));
  assert.equal(excerpt(`x${'😀'.repeat(1300)}`).pieces[0], `x${'😀'.repeat(1199)}`);
});

test('a text is whole where folding its long code makes it short', () => {
  const code = (count) => `\`\`\`js\n${lines(count)}\n\`\`\``;
  for (const text of [`before\n${code(100)}\nafter`, code(21 + 4), `${code(3)}\n${code(300)}`]) {
    assert.deepEqual(excerpt(text), { pieces: [text], fences: ['', ''], elements: 1000, folded: true, label: '' });
    assert.equal(excerpt(text, 1).folded, false);
  }
  for (const text of [
    code(20), `${lines(13)}\n${code(100)}`, `${code(25)}\n${code(25)}`, code(3000), lines(30), `\`\`\`\n${lines(100)}`,
    `${code(11)}\n${lines(9)}\n${code(11)}`,
  ]) assert.equal(excerpt(text).folded, false, text.slice(-20));
});

test('a text is never cut within a spoiler', () => {
  const hidden = `||${'word '.repeat(10)}end||`;
  const [piece] = excerpt(`${'x'.repeat(2390)} ${hidden} and more`).pieces;
  assert.equal(piece, `${'x'.repeat(2390)} `);
  const long = `||${'word '.repeat(600)}end||`;
  assert.equal(excerpt(`${long} and more`).pieces[0], long, 'rather more than a piece');
});

test('16 KB without spaces or newlines is one piece', () => {
  assert.deepEqual(excerpt('x'.repeat(16384), 1).pieces, ['x'.repeat(16384)]);
  assert.equal(excerpt('漢'.repeat(5461), 1).label, '');
});

test('a code block cut in two is reopened in the next piece', () => {
  const text = `\`\`\`js\n${lines(310)}\n\`\`\`\nafter`;
  const [first, second] = excerpt(text, 2).pieces;
  assert.ok(first.startsWith('```js\nline 1\n'));
  assert.ok(second.startsWith('```js\nline 300\n'), second.slice(0, 20));
  assert.deepEqual(excerpt(text, 1).fences, ['', '```js\n']);
  assert.deepEqual(excerpt(text, 2).fences, ['', '```js\n', '']);
  const closed = `\`\`\`\ncode\n\`\`\`\n${lines(310)}`;
  assert.ok(excerpt(closed, 2).pieces[1].startsWith('line 298\n'), 'one that ended does not');
  const nested = `~~~~\n~~~\n\`\`\`\n${lines(310)}`;
  assert.ok(excerpt(nested, 2).pieces[1].startsWith('~~~~\n'), 'a shorter fence does not end it');
  const inline = `\`\`\`a\`b\n${lines(310)}`;
  assert.ok(excerpt(inline, 2).pieces[1].startsWith('line 300\n'), 'code within a line is no block');
});
