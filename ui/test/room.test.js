import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Room } from '../lib/room.js';
import { said } from './fakes.js';

const MOST = 600; // what a room holds at rest
const CUT = 701; // and with this many it is cut to that

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

test('a new room holds nothing', () => {
  const {
    name, topic, last, ready, problem, start, attached, following, loading, read, divider, slowUntil, here, people,
  } = new Room('tea');
  assert.deepEqual(
    [name, topic, last, ready, problem, start, attached, following], ['tea', '', 0, false, null, false, true, true],
  );
  assert.deepEqual([loading, read, divider, slowUntil, here, people.size], ['', 0, 0, 0, 0, 0]);
});

test('a page is the room from then on', () => {
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

test('an empty room is held from its start', () => {
  const room = opened(1, 0);
  assert.deepEqual([room.start, room.first, room.newest, room.last, room.attached], [true, 0, 0, 0, true]);
  assert.equal(room.take(said(1)), true);
  assert.deepEqual(drawn(room), [1]);
});

test('a first line that is damaged is a start too', () => {
  const room = new Room('general');
  room.reset({ events: range(2, 3), last: 3, damaged: [1] });
  assert.equal(room.start, true);
  room.reset({ events: range(2, 3), last: 3, damaged: [2] });
  assert.equal(room.start, false);
});

test('what comes twice or late is taken once', () => {
  const room = opened(1, 3);
  assert.deepEqual([4, 4, 2, 5].map((n) => room.take(said(n))), [true, false, false, true]);
  assert.deepEqual(drawn(room), [1, 2, 3, 4, 5]);
  assert.equal(room.last, 5);
});

test('a page that was answered before the latest events does not take them back', () => {
  const room = opened(1, 3);
  room.reset({ events: range(1, 2), last: 9 }, { attached: false });
  assert.deepEqual([room.last, room.attached], [9, false]);
  room.reset({ events: range(8, 9), last: 9 }, { attached: false });
  assert.equal(room.attached, true, 'a jump may land at the end');
});

test('with less than was held the last page counts', () => {
  const room = opened(1, 9);
  room.reset({ events: range(1, 4), last: 4 });
  assert.equal(room.last, 4, 'the hub has less after a restart');
  room.reset({ events: range(1, 2), last: 4 }, { attached: false });
  assert.equal(room.last, 4);
});

test('a reader who jumped back is not pulled along, but sees edits of what is shown', () => {
  const room = new Room('general');
  room.following = false;
  room.reset({ events: range(1, 60), last: 5000 }, { attached: false });
  assert.equal(room.take(said(5001, { do: 'edit', of: 7, text: 'new' })), true);
  assert.equal(room.take(said(5002)), true);
  assert.deepEqual([room.newest, room.last, room.attached], [60, 5002, false]);
  assert.equal(room.message(7).text, 'new');
  assert.equal(room.message(5002), undefined);
});

test('what is being sent is shown at the end of the room alone', () => {
  const entry = { key: 'k', by: 'me', at: '2026-11-22T12:00:00Z' };
  const room = opened(1, 2);
  const pending = (list) => list.filter(({ kind }) => kind === 'pending').length;
  assert.equal(pending(room.rows([entry], 'me', {}, () => false)), 1);
  room.skipTo(9);
  assert.equal(pending(room.rows([entry], 'me', {}, () => false)), 0);
});

test('a crowd does not make the room grow without bound', () => {
  const room = opened(1, 1);
  for (let n = 2; n < CUT; n += 1) room.take(said(n));
  assert.deepEqual([room.first, room.start], [1, true]);
  room.take(said(CUT));
  assert.deepEqual([room.first, room.newest, room.start], [CUT - MOST + 1, CUT, false]);
  assert.equal(room.message(1), undefined);
  assert.equal(room.attached, true);
});

test('while somebody reads further up, what comes past the bound is left out', () => {
  const room = opened(1, MOST - 1);
  room.following = false;
  room.take(said(MOST));
  assert.deepEqual([room.newest, room.attached], [MOST, true]);
  room.take(said(MOST + 1));
  assert.deepEqual([room.first, room.newest, room.attached, room.last], [1, MOST, false, MOST + 1]);
  room.following = true;
  room.take(said(MOST + 2));
  assert.deepEqual([room.newest, room.last], [MOST, MOST + 2], 'what is held stays without a hole');
});

test('older pages join on, overlap or not, up to the start', () => {
  const room = opened(50, 60);
  room.takeOlder({ events: range(40, 52) });
  assert.deepEqual(drawn(room), range(40, 60).map(({ n }) => n));
  assert.equal(room.start, false);
  room.takeOlder({ events: range(1, 39) });
  assert.deepEqual([room.first, room.start], [1, true]);
  const damaged = opened(50, 60);
  damaged.takeOlder({ events: range(2, 49), damaged: [1] });
  assert.equal(damaged.start, true);
  const nothing = opened(50, 60);
  nothing.takeOlder({ events: [] });
  assert.equal(nothing.start, true, 'nothing older is there');
});

test('older pages push the newest messages out', () => {
  const room = opened(1001, 1600);
  room.takeOlder({ events: range(901, 1000) });
  assert.deepEqual([room.first, room.newest, room.attached], [901, 1600, true], 'up to the bound they do not');
  room.takeOlder({ events: range(841, 900) });
  assert.deepEqual([room.first, room.newest, room.attached, room.last], [841, 841 + MOST - 1, false, 1600]);
  assert.equal(room.message(1600), undefined);
});

test('newer pages lead back to the end', () => {
  const room = new Room('general');
  room.reset({ events: range(1, 60), last: 100 }, { attached: false });
  room.takeNewer({ events: range(59, 90), last: 101 });
  assert.deepEqual([room.newest, room.last, room.attached], [90, 101, false]);
  room.takeNewer({ events: range(91, 101), last: 101 });
  assert.deepEqual([room.newest, room.attached], [101, true]);
  assert.deepEqual(drawn(room), range(1, 101).map(({ n }) => n));
  room.skipTo(500);
  assert.equal(room.attached, false);
  room.takeNewer({ events: [], last: 500 });
  assert.equal(room.attached, true, 'no more is to be had');
  room.takeNewer({ events: range(501, 1099), last: 1200 });
  assert.equal(room.first, 1, 'up to the bound all is held');
  room.takeNewer({ events: range(1100, 1200), last: 1200 });
  assert.deepEqual([room.first, room.newest, room.start], [601, 1200, false]);
});

test('what is too much to replay is skipped', () => {
  const room = opened(1, 3);
  room.skipTo(3);
  assert.equal(room.attached, true);
  room.skipTo(900);
  assert.deepEqual([room.last, room.attached], [900, false]);
  assert.equal(room.take(said(900)), false);
});

test('the topic follows its events', () => {
  const room = opened(1, 1);
  room.take(said(2, { do: 'topic', text: 'Tea' }));
  assert.equal(room.topic, 'Tea');
  room.take(said(3));
  assert.equal(room.topic, 'Tea');
});

test('a quote is a message that is held, else one that was fetched', () => {
  const room = opened(5, 6);
  assert.equal(room.quote(2), null);
  room.quotes.set(2, said(2));
  assert.equal(room.quote(2).n, 2);
  room.quotes.set(5, said(99));
  assert.equal(room.quote(5).n, 5);
});

test('typing ends by itself, and at once when the message is there', () => {
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

test('who is here: all at first, then who comes and goes, at last only how many', () => {
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

test('somebody has caught up when nothing by others is left to read', () => {
  const upTo = (read, events, more = {}) => {
    const room = new Room('general', more);
    room.reset({ events, last: events.at(-1)?.n ?? 0 });
    room.read = read;
    return room.caughtUp('me');
  };
  assert.equal(upTo(3, range(1, 3)), true);
  assert.equal(upTo(2, range(1, 3)), false);
  assert.equal(upTo(0, [said(1)]), false);
  assert.equal(
    upTo(1, [...range(1, 2), said(3, { who: 'me' })]), false, 'what I said last does not hide what came before',
  );
  assert.equal(upTo(2, [...range(1, 2), said(3, { who: 'me' })]), true, 'what is mine needs no reading');
  assert.equal(upTo(2, [...range(1, 2), said(3, { do: 'topic' })]), true, 'a note is no message');
  assert.equal(upTo(2, [...range(1, 3), said(4, { do: 'erase', of: 3 })]), true, 'what is erased cannot be read');
  assert.equal(upTo(2, range(1, 3), { muted: () => true }), true, 'who is muted is nothing to the reader');
  assert.equal(upTo(3, range(5, 6, { who: 'me' })), false, 'what is not held may be unread');
  assert.equal(upTo(4, range(5, 6, { who: 'me' })), true);
});

test('away from the end only the numbers tell what is left to read', () => {
  const room = opened(1, 3);
  room.skipTo(10);
  room.read = 9;
  assert.equal(room.caughtUp('me'), false);
  room.read = 10;
  assert.equal(room.caughtUp('me'), true);
});

test('messages that name me are counted, with those by others that I have not read', () => {
  const room = new Room('general', { muted: ({ who }) => who === 'm' });
  const events = [
    said(1, { text: 'old @Ben' }), said(2, { text: 'Hi @Ben' }), said(3, { text: 'Hi @Bent' }),
    said(4, { text: '@Ben here', who: 'b' }),
    said(5, { text: '@Ben', do: 'topic' }), said(6, { text: '@Ben', who: 'm' }), said(7), said(8, { text: 'and @Ben' }),
  ];
  room.reset({ events, last: 8 });
  const ben = { who: 'b', name: 'Ben' };
  assert.equal(room.calls(ben), 3);
  room.read = 1;
  assert.equal(room.calls(ben), 2);
  room.read = 8;
  assert.equal(room.calls(ben), 0);
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

test('pins of the hub and of events are told together', () => {
  const room = opened(5, 6);
  room.takePins([2, 3]);
  room.take(said(7, { do: 'pin', of: 5 }));
  room.take(said(8, { do: 'pin', of: 2, off: true }));
  assert.deepEqual(room.pinned(), [5, 3]);
});
