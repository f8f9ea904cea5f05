import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toggleMark } from '../lib/text-marks.js';

/** `[` and `]` stand for what is selected, `^` for the caret. */
function toggled(marked, name) {
  const at = marked.search(/[⟦^]/);
  const end = marked.replace('⟦', '').search(/[⟧^]/);
  const text = marked.replace(/[⟦⟧^]/g, '');
  const change = toggleMark(text, at, end, name);
  const fresh = text.slice(0, change.start) + change.text + text.slice(change.end);
  const [from, to] = change.selection;
  if (from === to) return `${fresh.slice(0, from)}^${fresh.slice(from)}`;
  return `${fresh.slice(0, from)}⟦${fresh.slice(from, to)}⟧${fresh.slice(to)}`;
}

/** The first way leads to the second, and the same key again leads back. */
const BOTH_WAYS = [
  ['bold', 'a ⟦b c⟧ d', 'a **⟦b c⟧** d'],
  ['italic', 'a ⟦b⟧', 'a *⟦b⟧*'],
  ['italic', '**⟦b⟧**', '***⟦b⟧***'],
  ['bold', '*⟦b⟧*', '***⟦b⟧***'],
  ['strike', '⟦a⟧', '~~⟦a⟧~~'],
  ['spoiler', '⟦a⟧', '||⟦a⟧||'],
  ['bold', 'a ^', 'a **^**'],
  ['italic', '^', '*^*'],
  ['bold', '⟦a\n\nb⟧', '⟦**a**\n\n**b**⟧'],
  ['italic', '⟦- a\n1. b\n> c⟧', '⟦- *a*\n1. *b*\n> *c*⟧'],
  ['code', 'a ⟦b⟧', 'a `⟦b⟧`'],
  ['code', '^', '`^`'],
  ['code', '⟦a\nb⟧', '```\n⟦a\nb⟧\n```'],
  ['code', 'x\n⟦a\nb⟧\ny', 'x\n```\n⟦a\nb⟧\n```\ny'],
  ['code', '⟦a\n```\nb⟧', '````\n⟦a\n```\nb⟧\n````'],
  ['quote', 'a\n⟦b\nc⟧\nd', 'a\n⟦> b\n> c⟧\nd'],
  ['list', '⟦a\n\nb⟧', '⟦- a\n\n- b⟧'],
  ['quote', 'a\nb^', 'a\n> b^'],
  ['list', '^', '- ^'],
];

test('what is selected gets marks, and the same again takes them off', () => {
  for (const [name, plain, marked] of BOTH_WAYS) {
    assert.equal(toggled(plain, name), marked, `${name} on`);
    assert.equal(toggled(marked, name), plain, `${name} off`);
  }
});

test('spaces at the ends stay outside of the marks', () => {
  assert.equal(toggled('a⟦ b ⟧c', 'bold'), 'a **⟦b⟧** c');
  assert.equal(toggled('a⟦  ⟧', 'bold'), 'a**^**  ');
  assert.equal(toggled('⟦a\nb \n⟧c', 'code'), '```\n⟦a\nb⟧\n```\n \nc');
});

test('marks that are selected too are taken off', () => {
  for (const [name, marked, plain] of [
    ['bold', '⟦**a**⟧', '⟦a⟧'], ['italic', '⟦*a*⟧', '⟦a⟧'], ['italic', '⟦***a***⟧', '⟦**a**⟧'],
    ['code', '⟦`a`⟧', '⟦a⟧'],
    ['italic', '⟦**a**⟧', '*⟦**a**⟧*'], ['bold', '⟦**⟧', '**⟦**⟧**'], ['code', '⟦`⟧', '`` ⟦`⟧ ``'],
    ['code', '⟦a`b⟧', '``⟦a`b⟧``'], ['code', '``⟦a`b⟧``', '⟦a`b⟧'],
  ]) assert.equal(toggled(marked, name), plain, `${name} ${marked}`);
});

test('a link has what is selected as its words, and is to be told where it leads', () => {
  for (const [plain, marked] of [
    ['see ⟦here⟧', 'see [here](⟦url⟧)'], ['^', '[^](url)'], ['⟦https://a.example/b⟧', '[^](https://a.example/b)'],
    ['⟦a\nb⟧', '[a b](⟦url⟧)'], ['⟦a [b]⟧', '[a \\[b\\]](⟦url⟧)'],
  ]) assert.equal(toggled(plain, 'link'), marked);
});

test('a link that the caret or what is selected is in becomes its words', () => {
  for (const [marked, plain] of [
    ['see [here](⟦url⟧)', 'see ⟦here⟧'], ['[a](b) [c^](d)', '[a](b) ⟦c⟧'], ['[^](url)', '^'], ['⟦[a](b)⟧', '⟦a⟧'],
    ['[a \\[b\\]](^url)', '⟦a [b]⟧'],
  ]) assert.equal(toggled(marked, 'link'), plain);
});

test('lines of which some are marked are all marked', () => {
  assert.equal(toggled('⟦> a\nb⟧', 'quote'), '⟦> > a\n> b⟧');
  assert.equal(toggled('⟦a\n⟧b', 'quote'), '⟦> a⟧\nb');
  assert.equal(toggled('⟦**a**\nb⟧', 'bold'), '⟦**a**\n**b**⟧');
});
