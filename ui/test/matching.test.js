import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folded, matching, rank } from '../lib/matching.js';

test('case and accents do not matter, in every script', () => {
  const same = [
    ['José', 'JOSE'], ['Straße', 'STRASSE'], ['Ｗｉｄｅ', 'wide'], ['İstanbul', 'istanbul'], ['Ğ', 'g'],
    ['ΟΔΥΣΣΕΎΣ', 'οδυσσευς'], ['Жора', 'ЖОРА'], ['مُحَمَّد', 'محمد'], ['שָׁלוֹם', 'שלום'], ['Ǆ', 'dž'], ['ﬁn', 'FIN'],
  ];
  for (const [one, other] of same) assert.equal(folded(one), folded(other), one);
  assert.notEqual(folded('Ann'), folded('Anna'));
  assert.equal(folded(folded('Straße')), folded('Straße'));
});

test('a name that begins so comes before a word that does, and that before any part', () => {
  assert.equal(rank('anna berg', 'an'), 0);
  assert.equal(rank('anna berg', 'be'), 1);
  assert.equal(rank('anna berg', 'na'), 2);
  assert.equal(rank('nana-na', 'na'), 0);
  assert.equal(rank('xna-na', 'na'), 1);
  assert.equal(rank('anna', 'x'), Infinity);
  const names = ['Hanna', 'Bo Ann', 'anna', 'Otto', 'Änne'];
  assert.deepEqual(matching(names, 'an', (name) => name), ['anna', 'Änne', 'Bo Ann', 'Hanna']);
});

test('nothing asked for finds everything, and a space behind it does not matter', () => {
  assert.deepEqual(matching(['b', 'a'], '', (name) => name), ['b', 'a']);
  assert.deepEqual(matching(['Bo Derek', 'Bo'], 'bo ', (name) => name), ['Bo Derek', 'Bo']);
});

test('a syllable that is being written finds the one that it becomes', () => {
  assert.deepEqual(matching(['한나', '민수'], '하', (name) => name), ['한나']);
});

test('signs of regular expressions are signs like others', () => {
  for (const name of ['.*', '[a]', '(', '\\d+', 'a|b', '^$']) {
    assert.deepEqual(matching([name, 'other'], name, (each) => each), [name]);
  }
});
