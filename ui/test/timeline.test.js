import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, said } from './fakes.js';

process.env.TZ = 'Europe/Berlin';
const { sameRow, settledRows, timeline } = await import('../lib/timeline.js');

/** The rows of `list`, whose messages are numbered as they are; `undefined` is an event that is no row. */
function rowsOf(list, more = {}) {
  const held = new Map(list.map((item) => [item.n, item.do ? item : undefined]));
  return timeline({
    order: [...held.keys()], message: (n) => held.get(n), quote: (n) => held.get(n) ?? null, start: true, ...more,
  });
}

const kinds = (list) => list.map(({ kind }) => kind);
const ids = (list) => list.map(({ id }) => id);

test('the first row is the beginning or "earlier"', () => {
  assert.deepEqual(
    rowsOf([], { info: { kind: 'direct' } }), [{ id: 'start', kind: 'start', empty: true, info: { kind: 'direct' } }],
  );
  assert.deepEqual(kinds(rowsOf([], { start: false })), ['earlier']);
  const entry = { key: 'k', by: 'Ana', at: at('12:00:00') };
  assert.equal(rowsOf([], { pending: [entry] })[0].empty, false);
  assert.equal(rowsOf([said(1)])[0].empty, false);
  assert.equal(rowsOf([said(1, { do: 'topic' })])[0].empty, true, 'nothing was said');
});

test('the first rows are settled once earlier ones are there', () => {
  const by = (n, more = {}) => said(n, { who: 'a', by: 'Ana', ...more });
  const before = [by(1), by(2)];
  const held = [by(3), by(4, { at: at('13:00:00') }), by(5, { at: at('13:00:01') }), by(6, { at: at('14:00:00') })];
  const isDrawn = () => false;
  const settled = settledRows(rowsOf(held, { start: false }), isDrawn);
  assert.deepEqual(ids(settled), ['earlier', 'n5', 'n6']);
  const all = rowsOf([...before, ...held]);
  for (const row of settled.slice(1)) assert.ok(sameRow(row, all.find(({ id }) => id === row.id)), row.id);
  for (const id of ['n3', 'n4']) {
    const [was, is] = [rowsOf(held, { start: false }), all].map((list) => list.find((row) => row.id === id));
    assert.ok(!sameRow(was, is), `${id} looks otherwise`);
  }
});

test('only messages and muted ones wait for those above them', () => {
  const settled = (list, more) => ids(settledRows(rowsOf(list, { start: false, ...more }), () => false));
  const muted = ({ who }) => who === 'm';
  const bot = (n) => said(n, { who: 'm', by: 'Mo' });
  assert.deepEqual(settled([bot(3), bot(4), said(5), said(6)], { muted }), ['earlier', 'n5', 'n6']);
  assert.deepEqual(settled([said(3), said(4), said(5)], { divider: 2 }), ['earlier', 'new', 'n3', 'n4', 'n5']);
  assert.deepEqual(settled([said(3), said(4), said(5)], { divider: 3 }), ['earlier', 'new', 'n4', 'n5']);
  assert.deepEqual(settled([said(3, { do: 'topic' }), said(4)]), ['earlier', 'note3', 'n4']);
  const entry = { key: 'k', by: 'Ana', at: at('12:00:00') };
  assert.deepEqual(settled([], { pending: [entry] }), ['earlier', 'keyk']);
});

test('all rows of the beginning are settled, and what is drawn stays', () => {
  const list = [said(1), said(2), said(3)];
  assert.deepEqual(settledRows(rowsOf(list), () => false), rowsOf(list));
  const rows = rowsOf(list, { start: false });
  assert.deepEqual(ids(settledRows(rows, ({ id }) => id === 'n2')), ['earlier', 'n2', 'n3']);
  assert.deepEqual(settledRows(rows, () => true), rows);
  assert.deepEqual(ids(settledRows(rowsOf([said(1)], { start: false }), () => false)), ['earlier']);
  assert.deepEqual(settledRows([], () => false), []);
});

test('a day separator stands at local midnight', () => {
  const list = rowsOf([said(1, { at: '2026-11-22T22:59:59Z' }), said(2, { at: '2026-11-22T23:00:00Z' })]);
  assert.deepEqual(ids(list), ['start', 'day2026-11-22.1', 'n1', 'day2026-11-23.2', 'n2']);
  assert.equal(list[4].more, false, 'a group does not go on into the next day');
});

test('days with daylight saving changes have one separator', () => {
  for (const [day, ...moments] of [
    ['2026-03-29', '2026-03-28T23:00:00Z', '2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z', '2026-03-29T21:59:59Z'],
    ['2026-10-25', '2026-10-24T22:00:00Z', '2026-10-25T00:59:59Z', '2026-10-25T01:00:00Z', '2026-10-25T22:59:59Z'],
  ]) {
    const list = rowsOf(moments.map((moment, i) => said(i + 1, { at: moment })));
    assert.deepEqual(ids(list).filter((id) => id.startsWith('day')), [`day${day}.1`]);
  }
});

test('missing numbers make a gap row', () => {
  const list = rowsOf([said(3), said(4), said(8)]);
  assert.deepEqual(ids(list), ['start', 'gap3', 'day2026-11-22.3', 'n3', 'n4', 'gap8', 'n8']);
  assert.deepEqual([list[1].count, list[5].count], [2, 3]);
  assert.equal(rowsOf([said(1), said(3)])[3].count, 1);
  assert.equal(list[6].more, false);
  assert.deepEqual(kinds(rowsOf([said(3)], { start: false })), ['earlier', 'day', 'message']);
});

test('events without a row leave no gap', () => {
  const list = rowsOf([said(1), { n: 2 }, said(3)]);
  assert.deepEqual(ids(list), ['start', 'day2026-11-22.1', 'n1', 'n3']);
  assert.equal(list[3].more, true);
});

test('messages by one author within five minutes are grouped', () => {
  const more = (first, second) => rowsOf([said(1, first), said(2, second)])[3].more;
  assert.equal(more({}, {}), true);
  assert.equal(more({}, { at: at('12:04:59.999') }), true);
  assert.equal(more({}, { at: at('12:05:00') }), false, 'five minutes apart');
  assert.equal(more({}, { by: 'Anna' }), false, 'under another name');
  assert.equal(more({}, { who: undefined }), false, 'without proof of the name');
  assert.equal(more({}, { bot: true }), false, 'by a script');
  assert.equal(more({ bot: true }, { bot: true }), true);
  assert.equal(more({}, { re: 1 }), false, 'an answer shows whom it answers');
});

test('a note ends a group', () => {
  const list = rowsOf([said(1), said(2, { do: 'topic' }), said(3)]);
  assert.deepEqual(ids(list).slice(2), ['n1', 'note2', 'n3']);
  assert.equal(list[4].more, false);
});

test('the divider stands once, before the first unread message by others', () => {
  const others = { by: 'Ben', who: 'b' };
  const list = rowsOf([said(1), said(2), said(3, others), said(4, others)], { divider: 1, me: 'a' });
  assert.deepEqual(ids(list).slice(2), ['n1', 'n2', 'new', 'n3', 'n4']);
  assert.equal(list[5].more, false);
  const group = rowsOf([said(1, others), said(2, others)], { divider: 1, me: 'a' });
  assert.deepEqual([ids(group)[3], group[4].more], ['new', false], 'a group does not go on below it');
  const strangers = rowsOf([said(1), said(2, { who: undefined })], { divider: 1, me: '' });
  assert.equal(ids(strangers)[3], 'new', 'nobody is me before I am known');
});

test('no divider for notes, muted people, or unread messages before the window', () => {
  const others = { by: 'Ben', who: 'b' };
  const has = (list, more) => ids(rowsOf(list, { me: 'a', ...more })).includes('new');
  assert.equal(has([said(1), said(2, { ...others, do: 'topic' })], { divider: 1 }), false);
  assert.equal(has([said(1), said(2, others)], { divider: 1, muted: ({ who }) => who === 'b' }), false);
  assert.equal(has([said(1), said(2, others)], { divider: 0 }), false);
  assert.equal(has([said(5, others)], { divider: 3, start: false }), false);
  assert.equal(has([said(5, others)], { divider: 4, start: false }), true);
});

test('consecutive messages by a muted person fold to one row', () => {
  const muted = ({ who }) => who !== 'z';
  const list = rowsOf(
    [said(1), said(2), said(3, { by: 'Ben', who: 'b' }), said(4, { by: 'Zoe', who: 'z' }), said(5)], { muted, me: '' },
  );
  assert.deepEqual(list.slice(2).map(({ id, count, all }) => [id, count, all]), [
    ['muted1', 2, [1, 2]], ['muted3', 1, [3]], ['n4', undefined, undefined], ['muted5', 1, [5]],
  ]);
});

test('muted people are told apart by id, and end a group', () => {
  const ben = { by: 'Ben', who: 'b' };
  const list = rowsOf(
    [said(1), said(2, ben), said(3, { by: 'Ben', who: 'c' }), said(4)], { muted: ({ who }) => who !== 'a' },
  );
  assert.deepEqual(ids(list).slice(2), ['n1', 'muted2', 'muted3', 'n4']);
  assert.equal(list[5].more, false);
});

test('own messages and notes are never folded', () => {
  const list = rowsOf([said(1), said(2, { by: 'Ben', who: 'b', do: 'topic' })], { muted: () => true, me: 'a' });
  assert.deepEqual(kinds(list), ['start', 'day', 'message', 'note']);
});

test('only replies look up a quote', () => {
  const list = rowsOf([said(1), said(2, { re: 1 }), said(3, { re: 99 })]);
  assert.deepEqual(list.slice(2).map(({ quote }) => quote), [null, said(1), null]);
});

test('pending messages come last and continue a group', () => {
  const entry = (key, time, re) => ({ key, by: 'Ana', at: at(time), re });
  const list = rowsOf(
    [said(1)], { me: 'a', pending: [entry('k1', '12:04:00'), entry('k2', '12:08:00'), entry('k3', '12:08:00', 1)] },
  );
  assert.deepEqual(list.slice(3).map(({ id, more, quote }) => [id, more, quote?.n]),
    [['keyk1', true, undefined], ['keyk2', true, undefined], ['keyk3', false, 1]]);
});

test('sameRow notices every change that is visible', () => {
  const [row] = rowsOf([said(1)]).slice(2);
  assert.equal(sameRow(row, { ...row }), true);
  for (const change of [
    { kind: 'note' }, { message: said(1) }, { entry: {} }, { more: true }, { apart: true }, { quote: {} },
    { count: 2 }, { empty: true }, { info: { title: 'Tea' } }, { info: { kind: 'private' } },
  ]) {
    assert.equal(sameRow(row, { ...row, ...change }), false, JSON.stringify(change));
  }
});
