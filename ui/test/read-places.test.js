import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPlaces } from '../lib/read-places.js';
import { timeline } from '../lib/timeline.js';
import { said } from './fakes.js';

const mark = (name, n) => ({ who: name.toLowerCase(), name, n });

/** Who stands where, by the id of a row, in a room of these messages. */
function places(list, marks, { rows: how = {}, ...more } = {}) {
  const held = new Map(list.map((item) => [item.n, item]));
  const rows = timeline({
    order: [...held.keys()], message: (n) => held.get(n), quote: () => null, start: true, me: 'me', ...how,
  });
  const found = readPlaces({ rows, marks, me: 'me', direct: false, ...more });
  return Object.fromEntries([...found].map(([id, there]) => [id, there.map(({ name }) => name)]));
}

const mine = (n) => said(n, { by: 'Me', who: 'me' });

test('each stands at the last message that they have read', () => {
  const list = [mine(1), mine(2), mine(5)];
  assert.deepEqual(places(list, [mark('Ana', 1), mark('Ben', 4), mark('Cleo', 5), mark('Dan', 99)]),
    { n1: ['Ana'], n2: ['Ben'], n5: ['Cleo', 'Dan'] });
  assert.deepEqual(places(list, []), {});
  assert.deepEqual(places([], [mark('Ana', 1)]), {});
});

test('those at one message stand by name', () => {
  const marks = [mark('Zoe', 1), mark('ben', 1), mark('Ana', 1), mark('Émile', 1)];
  assert.deepEqual(places([mine(1)], marks), { n1: ['Ana', 'ben', 'Émile', 'Zoe'] });
});

test('I do not stand anywhere, nor does who has read none of what is held', () => {
  assert.deepEqual(places([mine(5)], [mark('Me', 5), mark('Ana', 4)]), {});
});

test('nobody stands at what they wrote themselves', () => {
  const list = [mine(1), said(2, { by: 'Ana', who: 'ana' })];
  assert.deepEqual(places(list, [mark('Ana', 2), mark('Ben', 2)]), { n2: ['Ben'] });
});

test('rows that are no messages have nobody: they stand above', () => {
  const topic = { ...said(2), do: 'topic' };
  const marks = [mark('Ben', 2), mark('Cleo', 4)];
  const list = [mine(1), topic, said(3), said(4)];
  const rows = { muted: ({ n }) => n > 2 };
  assert.deepEqual(places(list, marks, { rows }), { n1: ['Ben', 'Cleo'] });
});

test('a message that was removed, or counts as no row of its own, keeps them', () => {
  assert.deepEqual(places([{ ...mine(1), erased: true, text: '' }], [mark('Ben', 1)]), { n1: ['Ben'] });
});

test('who has read further than what is held stands nowhere', () => {
  assert.deepEqual(places([mine(1), mine(2)], [mark('Ana', 2), mark('Ben', 3)], { end: 2 }), { n2: ['Ana'] });
});

test('in a room for two the face stays at my last message that was read', () => {
  const list = [mine(1), mine(2), said(3, { by: 'Ana', who: 'ana' }), mine(4)];
  assert.deepEqual(places(list, [mark('Ana', 1)], { direct: true }), { n1: ['Ana'] });
  assert.deepEqual(places(list, [mark('Ana', 3)], { direct: true }), { n2: ['Ana'] });
  assert.deepEqual(places(list, [mark('Ana', 4)], { direct: true }), { n4: ['Ana'] });
  assert.deepEqual(places([said(1, { who: 'ana' })], [mark('Ana', 1)], { direct: true }), {});
});
