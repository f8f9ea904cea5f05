import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  MOST_SELECTED, SelectedMessages, messagesAsText, removableBy, removalQuestion,
} from '../lib/selected-messages.js';
import { said } from './fakes.js';

const numbers = (selected) => selected.messages.map(({ n }) => n);

test('messages are held in the order in which they were said', () => {
  const selected = new SelectedMessages();
  assert.equal(selected.add([said(5), said(2)]), true);
  assert.equal(selected.add([said(2), said(9)]), true);
  selected.remove(5);
  assert.deepEqual([numbers(selected), selected.size, selected.has(2), selected.has(5)], [[2, 9], 2, true, false]);
  selected.clear();
  assert.equal(selected.size, 0);
});

test('no more than a hundred are', () => {
  const selected = new SelectedMessages();
  const all = Array.from({ length: MOST_SELECTED }, (_, i) => said(i + 1));
  assert.equal(selected.add(all), true);
  assert.equal(selected.add([said(1)]), true, 'one that is there already');
  assert.equal(selected.add([said(101)]), false);
  selected.remove(1);
  assert.equal(selected.add([said(101), said(102)]), false);
  assert.deepEqual([selected.size, selected.has(101), selected.has(102)], [100, true, false]);
});

test('what changes meanwhile is taken, what goes is dropped, and what is not held stays', () => {
  const selected = new SelectedMessages();
  selected.add([said(1), said(2), said(3)]);
  const now = { 1: said(1, { text: 'edited' }), 2: said(2, { erased: true }) };
  assert.equal(selected.refresh((n) => now[n], ({ erased }) => erased), true);
  assert.deepEqual(selected.messages.map(({ text }) => text), ['edited', 'text 3']);
  assert.equal(selected.refresh((n) => now[n], ({ erased }) => erased), false);
});

test('as text they have times and authors', () => {
  const [first, second, third] = messagesAsText([said(1), said(2, { by: 'נעם', text: 'a\nb' })]).split('\n');
  assert.match(first, /^\[.*2026.*\] Ana: text 1$/);
  assert.match(second, /\] נעם: a$/);
  assert.equal(third, 'b');
  const files = [{ name: 'a.pdf' }, { name: 'b.pdf' }];
  assert.match(messagesAsText([said(1, { text: '', files })]), /\] Ana: a\.pdf\nb\.pdf$/);
  assert.match(messagesAsText([said(1, { files })]), /\] Ana: text 1\na\.pdf\nb\.pdf$/);
});

test('one removes what is one\'s own, and a host everything', () => {
  const all = [said(1), said(2, { who: 'b' }), said(3, { who: undefined })];
  const ns = (me) => removableBy(all, me).map(({ n }) => n);
  assert.deepEqual(ns({ who: 'a' }), [1]);
  assert.deepEqual(ns({ who: 'a', host: true }), [1, 2, 3]);
  assert.deepEqual(ns(null), []);
});

test('a removal says how many, and how many are left', () => {
  const [one, three] = [[said(1)], [said(1), said(2), said(3)]];
  assert.equal(removalQuestion(one, 0).title, 'Remove 1 message?');
  assert.match(removalQuestion(one, 0).text, /^Its text is .* the file\. .* undone\.$/);
  assert.equal(removalQuestion(three, 1).title, 'Remove 3 messages?');
  assert.match(removalQuestion(three, 1).text, /^Their texts are .* 1 more is by somebody else and stays\.$/);
  assert.match(removalQuestion(three, 2).text, / 2 more are by others and stay\.$/);
  const files = [{ name: 'a.pdf' }];
  assert.match(removalQuestion([said(1, { files })], 0).text, /^Its text and files are deleted .* the disk\. /);
  assert.match(removalQuestion([said(1), said(2, { files })], 0).text, /^Their texts and files are deleted /);
});
