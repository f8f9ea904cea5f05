import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMeant, mentionPieces, standing, withPlainNames } from '../lib/mentions.js';

/** The pieces of a text, names in brackets. */
const marked = (text, to) => mentionPieces(text, to).map((piece) => (piece.name ? `[${piece.name}]` : piece)).join('');

test('names that are meant are found where they stand as the hub finds them', () => {
  const to = { Anna: 'p_1', 'Anna Berg': 'p_2', bo: 'p_3', 山田: 'p_4', '*x*': 'p_5', '@home': 'p_6', '.*': 'p_7' };
  const cases = {
    '@Anna': '[Anna]', 'Hi @Anna, hi @bo!': 'Hi [Anna], hi [bo]!', '@Anna Berg': '[Anna Berg]',
    '@Anna Bergen': '[Anna] Bergen', '@Annabel': '@Annabel', '@anna': '@anna', 'mail@bo': 'mail@bo', '/@bo': '/@bo',
    '请@山田さん': '请[山田]さん', '@*x*': '[*x*]', '@@home': '[@home]', '@bo@bo': '[bo]@bo', '@.* a': '[.*] a', '': '',
    '(@bo)': '([bo])', '@bo_': '@bo_', '@bo’s': '[bo]’s',
  };
  for (const [text, found] of Object.entries(cases)) assert.equal(marked(text, to), found, text);
  assert.deepEqual(mentionPieces('@bo', to), [{ name: 'bo', who: 'p_3' }]);
});

test('nobody is meant where the hub says nothing, and odd names change nothing', () => {
  assert.deepEqual(mentionPieces('@Anna', {}), ['@Anna']);
  assert.deepEqual(mentionPieces('@ @', { '': 'p_1' }), ['@ @']);
  const odd = JSON.parse('{"__proto__":"p_1","constructor":"p_2"}');
  assert.equal(marked('@__proto__ @constructor @toString', odd), '[__proto__] [constructor] @toString');
});

test('only so many signs are looked at', () => {
  const pieces = mentionPieces('@bo '.repeat(5000), { bo: 'p_1' });
  assert.equal(pieces.filter((piece) => piece.name).length, 200);
});

test('of the names that were chosen those are sent that still stand in the text', () => {
  const chosen = { Anna: 'p_1', bo: 'p_2' };
  assert.deepEqual(standing('Hello @Anna', chosen), { Anna: 'p_1' });
  assert.equal(standing('Hello Anna', chosen), undefined);
  assert.equal(standing('', {}), undefined);
});

test('I am meant by my id, and by @here', () => {
  assert.equal(isMeant({ bo: 'p_1' }, 'p_1'), true);
  assert.equal(isMeant({ bo: 'p_1' }, 'p_2'), false);
  assert.equal(isMeant({ here: 'here' }, 'p_2'), true);
  assert.equal(isMeant(undefined, 'p_2'), false);
});

test('names that are marks of Markdown are escaped outside of code', () => {
  const to = { '*x*': 'p_1', bo: 'p_2' };
  assert.equal(withPlainNames('**@*x*** `@*x*`\n```\n@*x*\n```', to), '**@\\*x\\*** `@*x*`\n```\n@*x*\n```');
  assert.equal(withPlainNames('@`a` b', { '`a`': 'p_1' }), '@\\`a\\` b', 'a name is no code');
  assert.equal(withPlainNames('*@bo*', { bo: 'p_2' }), '*@bo*');
  assert.equal(withPlainNames('@*x*', undefined), '@*x*');
});
