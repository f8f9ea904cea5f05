import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageReducer, isMark } from '../lib/message-reducer.js';
import { said } from './fakes.js';

const edit = (n, of, text) => ({ n, do: 'edit', of, text, by: 'Ana', who: 'a' });
const erase = (n, of) => ({ n, do: 'erase', of, by: 'Ana', who: 'a' });
const react = (n, of, text, more) => ({ n, do: 'react', of, text, by: 'Ben', who: 'b', ...more });
const pin = (n, of, off = false) => ({ n, do: 'pin', of, off, by: 'Host', who: 'h' });

function reduced(events) {
  const reducer = new MessageReducer();
  for (const event of events) reducer.take(event);
  return reducer;
}

function* orders(list) {
  if (!list.length) yield list;
  for (const [i, first] of list.entries()) {
    for (const rest of orders(list.toSpliced(i, 1))) yield [first, ...rest];
  }
}

test('the order and repetition of events do not change the message', () => {
  const events = [
    said(1), edit(2, 1, 'second'), edit(3, 1, 'third'), react(4, 1, '👍'), react(5, 1, '👍', { off: true }), pin(6, 1),
  ];
  const expected = { ...said(1), text: 'third', to: undefined, edited: 3, erased: false, pinned: true, reactions: [] };
  let count = 0;
  for (const order of orders(events)) {
    assert.deepEqual(reduced(order).message(1), expected);
    assert.deepEqual(reduced([...order, ...order]).message(1), expected);
    count += 1;
  }
  assert.equal(count, 720);
});

test('an edit says anew who is meant, and a removed message means nobody', () => {
  const [to, other] = [{ Ben: 'b' }, { Ana: 'a' }];
  const events = [said(1, { to }), { ...edit(2, 1, 'second'), to: other }, edit(3, 1, 'third')];
  for (const order of orders(events)) assert.equal(reduced(order).message(1).to, undefined);
  for (const order of orders(events.slice(0, 2))) assert.deepEqual(reduced(order).message(1).to, other);
  assert.deepEqual(reduced([said(1, { to, edited: 5, text: 'page' }), events[1]]).message(1).to, to, 'a newer page');
  assert.equal(reduced([said(1, { to }), erase(2, 1)]).message(1).to, undefined);
});

test('an edit does not restore an erased text', () => {
  for (const order of orders([said(1), erase(2, 1), edit(3, 1, 'back again')])) {
    const { text, erased } = reduced(order).message(1);
    assert.deepEqual([text, erased], ['', true]);
  }
  assert.equal(reduced([{ ...said(1), text: '', erased: true }, edit(2, 1, 'back again')]).message(1).text, '');
});

test('a history page with edits applied wins over older edits', () => {
  const page = { ...said(1), text: 'fifth', edited: 5 };
  for (const events of [[page, edit(3, 1, 'third')], [edit(3, 1, 'third'), page], [edit(5, 1, 'fifth'), page]]) {
    assert.deepEqual([reduced(events).message(1).text, reduced(events).message(1).edited], ['fifth', 5]);
  }
  assert.equal(reduced([page, edit(6, 1, 'sixth')]).message(1).text, 'sixth');
});

test('marks are kept before the message arrives and after it is dropped', () => {
  const reducer = new MessageReducer();
  assert.equal(reducer.take(edit(9, 1, 'new')), 1);
  assert.equal(reducer.message(1), undefined);
  reducer.take(said(1));
  assert.equal(reducer.message(1).text, 'new');
  reducer.drop(1);
  assert.equal(reducer.message(1), undefined);
  reducer.take(said(1));
  assert.equal(reducer.message(1).text, 'new');
});

test('a message is frozen, and replaced exactly when it changes', () => {
  const reducer = reduced([said(1), said(2)]);
  const [one, two] = [reducer.message(1), reducer.message(2)];
  assert.equal(reducer.message(1), one);
  reducer.take(edit(3, 1, 'new'));
  assert.notEqual(reducer.message(1), one);
  assert.equal(reducer.message(2), two);
  assert.equal(one.text, 'text 1');
  assert.throws(() => { one.text = 'other'; }, TypeError);
});

test('reactions are grouped by emoji, in the order first given', () => {
  const cem = { by: 'Cem', who: 'c' };
  const { reactions } = reduced([said(1), react(4, 1, '👍', cem), react(3, 1, '❤️', cem), react(2, 1, '👍')]).message(1);
  assert.deepEqual(reactions, [
    { text: '👍', whos: ['b', 'c'], names: ['Ben', 'Cem'] },
    { text: '❤️', whos: ['c'], names: ['Cem'] },
  ]);
});

test('a reaction taken back and given again counts once', () => {
  const events = [said(1), react(2, 1, '👍'), react(3, 1, '👍', { off: true }), react(4, 1, '👍')];
  assert.deepEqual(reduced(events).message(1).reactions.map(({ whos }) => whos), [['b']]);
});

test('people are told apart by id, unverified names by name', () => {
  const reactors = (...people) => reduced([
    said(1), ...people.map((who, i) => react(i + 2, 1, '👍', who)),
  ]).message(1).reactions[0].whos;
  assert.deepEqual(reactors({ by: 'Ben', who: 'b' }, { by: 'Ben', who: 'c' }), ['b', 'c']);
  assert.deepEqual(reactors({ by: 'Ben', who: undefined }, { by: 'Cem', who: undefined }), [undefined, undefined]);
});

test('an unverified name is not the person of that name', () => {
  const events = [
    said(1), react(2, 1, '👍'), react(3, 1, '👍', { who: undefined }), react(4, 1, '👍', { who: undefined }),
  ];
  assert.deepEqual(
    reduced(events).message(1).reactions, [{ text: '👍', whos: ['b', undefined], names: ['Ben', 'Ben'] }],
  );
  events.push(react(5, 1, '👍', { who: undefined, off: true }));
  assert.deepEqual(reduced(events).message(1).reactions[0].whos, ['b']);
});

test('pins are sorted latest first, without unpinned and erased messages', () => {
  const reducer = reduced([
    said(1), said(2), said(3), said(4), pin(10, 2), pin(11, 4), pin(12, 1), pin(13, 4, true), pin(14, 3), erase(15, 3),
  ]);
  assert.deepEqual(reducer.pinned(), [1, 2]);
  assert.deepEqual(reducer.pinned([90, 4, 2]), [1, 2, 90]);
  assert.equal(reducer.message(4).pinned, false);
});

test('notes become messages, unknown events do not', () => {
  const reducer = new MessageReducer();
  assert.equal(reducer.take({ n: 1, do: 'topic', text: 'Tea', by: 'Ana' }), 1);
  assert.equal(reducer.message(1).text, 'Tea');
  assert.equal(reducer.take({ n: 2, do: 'slow', seconds: 5, by: 'Ana' }), 2);
  assert.equal(reducer.message(2).text, '', 'a note without a text has an empty one');
  assert.equal(reducer.take({ n: 3, do: 'poll', text: 'Tea?', by: 'Ana' }), 0);
  assert.equal(reducer.message(3), undefined);
});

test('only edits, erasures, reactions and pins are marks', () => {
  const all = ['edit', 'erase', 'react', 'pin', 'say', 'topic', 'make', 'poll'];
  assert.deepEqual(all.filter((what) => isMark({ do: what })), ['edit', 'erase', 'react', 'pin']);
});

test('a message keeps its files as they are, until it is removed', () => {
  const files = [{ id: 'f', name: 'a.pdf' }];
  const reducer = reduced([said(1, { text: '', files }), said(2, { files, erased: true })]);
  assert.equal(reducer.message(1).files, files);
  reducer.take(edit(3, 1, 'words'));
  assert.equal(reducer.message(1).files, files);
  reducer.take(erase(4, 1));
  assert.equal(reducer.message(1).files, undefined);
  assert.equal(reducer.message(2).files, undefined);
});

const expire = (n, ...ids) => ({ n, do: 'expire', ids, by: 'Hearth', room: 'general' });
const file = (id) => ({ id, name: `${id}.pdf`, size: 1, type: 'application/pdf', sha256: '0' });

test('files that have expired are so in their messages, in whatever order that is told', () => {
  const events = [said(1, { files: [file('a'), file('b')] }), said(2, { files: [file('c')] }), expire(3, 'b', 'c')];
  for (const order of orders(events)) {
    const reducer = reduced(order);
    assert.deepEqual(reducer.message(1).files, [file('a'), { ...file('b'), expired: true }]);
    assert.deepEqual(reducer.message(2).files, [{ ...file('c'), expired: true }]);
    assert.deepEqual(reducer.message(3).ids, ['b', 'c']);
    assert.deepEqual(['a', 'b'].map((id) => reducer.isExpired(id)), [false, true]);
  }
});

test('a message is another one once its files expire, and only then', () => {
  const reducer = reduced([said(1, { files: [file('a')] }), said(2, { files: [file('b')] })]);
  const [first, second] = [reducer.message(1), reducer.message(2)];
  reducer.takeElsewhere(expire(3, 'a'));
  assert.notEqual(reducer.message(1), first);
  assert.equal(reducer.message(2), second);
  assert.equal(reducer.message(3), undefined, 'it has no row');
  const { files } = reducer.message(1);
  reducer.take(react(4, 1, '👍'));
  assert.equal(reducer.message(1).files, files, 'the same list: what is drawn of it stays');
  reducer.takeElsewhere(said(5));
  assert.equal(reducer.message(5), undefined);
  reducer.takeElsewhere(erase(6, 2));
  assert.equal(reducer.message(2).erased, true);
});
