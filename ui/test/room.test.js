import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Room } from '../lib/room.js';
import { said } from './fakes.js';

const range = (from, to, more = {}) => Array.from({ length: to - from + 1 }, (_, i) => said(from + i, more));

/** A room that shows the page from..last, as it does after it was opened. */
function opened(from, last, more = {}) {
  const room = new Room('general', more);
  room.reset({ events: range(from, last), last });
  return room;
}

/** The n of all messages that the room draws. */
function drawn(room, pending = []) {
  return room.rows(pending, 'me', {}, () => false).filter(({ kind }) => kind === 'message').map(({ n }) => n);
}

test('a new room is empty', () => {
  const {
    name, topic, last, ready, problem, start, attached, following, loading, read, divider, slowUntil, here, people,
  } = new Room('tea');
  assert.deepEqual(
    [name, topic, last, ready, problem, start, attached, following], ['tea', '', 0, false, null, false, true, true],
  );
  assert.deepEqual([loading, read, divider, slowUntil, here, people.size], ['', 0, 0, 0, 0, 0]);
});

test('a page replaces what was held', () => {
  const room = opened(5, 7);
  assert.deepEqual(
    [room.ready, room.attached, room.start, room.first, room.newest, room.last], [true, true, false, 5, 7, 7],
  );
  assert.deepEqual(drawn(room), [5, 6, 7]);
  room.problem = new Error('no');
  room.reset({ events: range(1, 2), last: 2 });
  assert.equal(room.problem, null);
  assert.deepEqual([drawn(room), room.newest, room.start], [[1, 2], 2, true]);
  assert.equal(room.message(5), undefined);
});

test('opening a room sets its read mark and divider', () => {
  const room = opened(1, 5);
  room.readTo(2);
  room.follow(false);
  room.open({ read: 3, last: 5 });
  assert.deepEqual([room.read, room.divider, room.following], [3, 3, true]);
  room.open({ read: 5, last: 5 });
  assert.deepEqual([room.read, room.divider], [5, 0]);
  room.open({ read: null, last: 5 });
  assert.deepEqual([room.read, room.divider], [5, 0], 'where nothing is known, nothing is new');
});

test('quotes are fetched once and bounded', () => {
  const room = opened(5, 6);
  assert.deepEqual([2, 5].map((n) => room.needsQuote(n)), [true, false]);
  room.keepQuote(2, null);
  assert.equal(room.needsQuote(2), false, 'it is under way');
  for (let n = 1000; n < 1501; n += 1) room.keepQuote(n, said(n));
  assert.equal(room.needsQuote(2), true);
  assert.equal(room.needsQuote(1500), false);
});

test('unsent messages are shown only at the end of the room', () => {
  const entry = { key: 'k', by: 'me', at: '2026-11-22T12:00:00Z' };
  const room = opened(1, 2);
  const pending = (list) => list.filter(({ kind }) => kind === 'pending').length;
  assert.equal(pending(room.rows([entry], 'me', {}, () => false)), 1);
  room.skipTo(9);
  assert.equal(pending(room.rows([entry], 'me', {}, () => false)), 0);
});

test('the topic follows its events', () => {
  const room = opened(1, 1);
  room.take(said(2, { do: 'topic', text: 'Tea' }));
  assert.equal(room.topic, 'Tea');
  room.take(said(3));
  assert.equal(room.topic, 'Tea');
});

test('a quote is a held message, else a fetched one', () => {
  const room = opened(5, 6);
  assert.equal(room.quote(2), null);
  room.keepQuote(2, said(2));
  assert.equal(room.quote(2).n, 2);
  room.keepQuote(5, said(99));
  assert.equal(room.quote(5).n, 5);
});

test('of what is given up, what others quote or have pinned stays at hand', () => {
  const room = opened(1, 6);
  room.take(said(7, { re: 2 }));
  room.take(said(8, { re: 6 }));
  room.setPins([3]);
  room.trim(5, 8);
  assert.deepEqual([room.order, room.message(2)], [[5, 6, 7, 8], undefined]);
  assert.deepEqual([1, 2, 3, 4].map((n) => room.quote(n)?.n), [undefined, 2, 3, undefined]);
});

test('the last message of somebody is not known where the newest are not held', () => {
  const room = opened(1, 5);
  room.take(said(6, { who: 'a' }));
  room.take(said(7, { who: 'a' }));
  assert.equal(room.lastOf('a').n, 7);
  room.trim(1, 6);
  assert.equal(room.lastOf('a'), null);
});

test('typing expires, and ends when the message arrives', () => {
  const room = opened(1, 1);
  room.takeTyping({ who: 'b', by: 'Ben' }, 1000);
  room.takeTyping({ by: 'Cem' }, 2000);
  assert.deepEqual(room.typing(4999), ['Ben', 'Cem']);
  assert.deepEqual(room.typing(5000), ['Cem']);
  room.takeTyping({ who: 'b', by: 'Ben' }, 5000);
  room.takeTyping({ who: 'b', by: 'Benno' }, 5500);
  assert.deepEqual(room.typing(5600), ['Cem', 'Benno'], 'one who goes on typing is named once');
  room.take(said(2, { who: 'b', by: 'Benno' }));
  assert.deepEqual(room.typing(5700), ['Cem']);
});

test('presence: the full list, then changes, then only a count', () => {
  const room = opened(1, 1);
  const names = () => [...room.people.values()].map(({ name }) => name);
  room.takeHere({ people: [{ who: 'a', name: 'Ana' }, { name: 'Stranger' }] });
  assert.deepEqual([names(), room.here], [['Ana', 'Stranger'], 2]);
  room.takeHere({ came: [{ who: 'b', name: 'Ben' }, { who: 'a', name: 'Anna' }], left: ['Stranger'], count: 2 });
  assert.deepEqual([names(), room.here], [['Anna', 'Ben'], 2]);
  room.takeHere({ came: [{ who: 'b', name: 'Ben' }] });
  assert.equal(room.here, 2, 'somebody may come twice');
  room.takeHere({ left: ['b'] });
  assert.deepEqual([names(), room.here], [['Anna'], 1]);
  room.takeHere({ count: 5000 });
  assert.deepEqual([names(), room.here], [[], 5000]);
});

test('caughtUp is true when no message by others is unread', () => {
  const upTo = (read, events, more = {}) => {
    const room = new Room('general', more);
    room.reset({ events, last: events.at(-1)?.n ?? 0 });
    room.readTo(read);
    return room.caughtUp('me');
  };
  assert.equal(upTo(3, range(1, 3)), true);
  assert.equal(upTo(2, range(1, 3)), false);
  assert.equal(upTo(0, [said(1)]), false);
  assert.equal(
    upTo(1, [...range(1, 2), said(3, { who: 'me' })]), false, 'my own message does not hide an earlier one',
  );
  assert.equal(upTo(2, [...range(1, 2), said(3, { who: 'me' })]), true, 'my own messages do not count');
  assert.equal(upTo(2, [...range(1, 2), said(3, { do: 'topic' })]), true, 'a note is no message');
  assert.equal(upTo(2, [...range(1, 3), said(4, { do: 'erase', of: 3 })]), true, 'erased messages do not count');
  assert.equal(upTo(2, range(1, 3), { muted: () => true }), true, 'messages by muted people do not count');
  assert.equal(upTo(3, range(5, 6, { who: 'me' })), false, 'events before the window may be unread');
  assert.equal(upTo(4, range(5, 6, { who: 'me' })), true);
});

test('a detached room compares only the read mark', () => {
  const room = opened(1, 3);
  room.skipTo(10);
  room.readTo(9);
  assert.equal(room.caughtUp('me'), false);
  room.readTo(10);
  assert.equal(room.caughtUp('me'), true);
});

test('the last message that can be edited is my own and not erased', () => {
  const room = new Room('general');
  const events = [said(1), said(2, { who: 'b' }), said(3), said(4, { do: 'topic' }), said(5, { do: 'erase', of: 3 })];
  room.reset({ events, last: 5 });
  assert.equal(room.lastOf('a').n, 1);
  assert.equal(room.lastOf('b').n, 2);
  room.take(said(6));
  assert.equal(room.lastOf('a').n, 6);
  assert.equal(room.lastOf('nobody'), null);
});

test('pins from the hub and from events are merged', () => {
  const room = opened(5, 6);
  room.setPins([2, 3]);
  room.take(said(7, { do: 'pin', of: 5 }));
  room.take(said(8, { do: 'pin', of: 2, off: true }));
  assert.deepEqual(room.pinned(), [5, 3]);
});
