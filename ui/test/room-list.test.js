import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import * as api from '../lib/api.js';
import { Room } from '../lib/room.js';
import { RoomList } from '../lib/room-list.js';
import { Store } from '../lib/store.js';
import { answerBy, freshStorage, pass, settle, stopClock } from './fakes.js';

let store;
let list;
let hub; // the rooms as the hub lists them; undefined where it cannot be reached
let next; // the place at which it goes on
let details; // what it says of one room
let requests;
let ahead; // what the hub was told to be read
let changes; // the topics that changed

beforeEach(() => {
  mock.timers.reset();
  stopClock();
  freshStorage();
  [hub, next, details] = [[], undefined, {}];
  ahead = [];
  changes = [];
  requests = answerBy((method, address) => {
    const [, name] = address.match(/^\/api\/rooms\/([^?]+)/) ?? [];
    if (name) return details[name] ?? [404, { error: { code: 'no_such_room', message: 'There is none.' } }];
    return typeof hub?.[0] === 'number' ? hub : hub && { rooms: hub, next };
  });
  store = new Store();
  store.setSession({ me: { who: 'a', name: 'Ana', account: false, host: false, muted_until: null } });
  store.watch(['rooms'], () => changes.push('rooms'));
  list = new RoomList({ store, api, readAhead: (name, n) => ahead.push([name, n]) });
});

const listed = (name, more = {}) => ({
  name, kind: 'public', title: name, topic: '', last: 9, said: 5, here: 1, may_write: true, read: 9, unread: 0, ...more,
});
const moved = (room, last, said, more = {}) => list.moved({ room, last, said, at: '2026-11-22T12:00:00Z', ...more });
const counts = (name) => {
  const { last, said, unread } = store.rooms.get(name);
  return [last, said, unread];
};

test('the list is replaced by the hub\'s; a failed request keeps it', async () => {
  hub = [listed('general'), listed('tea', { read: 4, unread: 3 })];
  await list.refresh();
  assert.deepEqual([...store.rooms.keys()], ['general', 'tea']);
  assert.deepEqual(counts('tea'), [9, 5, 3]);
  assert.ok(changes.length > 0);
  hub = undefined;
  await list.refresh();
  assert.equal(store.rooms.size, 2, 'the list as it was is better than none');
});

test('a list that did not come is asked for again, and what it was to replace is replaced then', async () => {
  await list.refresh();
  moved('tea', 11, 7);
  hub = undefined;
  await list.refresh({ afresh: true });
  assert.equal(requests.length, 2);
  hub = [listed('tea', { last: 3, said: 2, read: 3 })];
  await pass(9999);
  assert.equal(requests.length, 2);
  await pass(1);
  assert.equal(requests.length, 3);
  assert.deepEqual(counts('tea'), [3, 2, 0]);
  await pass(100000);
  assert.equal(requests.length, 3, 'it came');
});

test('nobody asks again for a list that is refused, or of which somebody has left the hub', async () => {
  hub = [401, { error: { code: 'no_session', message: 'Who are you?' } }];
  await list.refresh();
  await pass(100000);
  assert.equal(requests.length, 1);
  hub = undefined;
  await list.refresh();
  list.clear();
  await pass(100000);
  assert.equal(requests.length, 2);
});

test('a list that came by other means is taken like one that was fetched', () => {
  list.take([listed('tea', { read: 4, unread: 3 })]);
  moved('tea', 11, 7);
  list.take([listed('tea', { read: 4, unread: 3 })]);
  assert.deepEqual([counts('tea'), requests], [[11, 7, 5], []]);
  list.take([listed('tea', { read: 4, unread: 3 })], { afresh: true });
  assert.deepEqual(counts('tea'), [9, 5, 3]);
});

test('refreshes are debounced', async () => {
  list.refreshSoon();
  await pass(200);
  list.refreshSoon();
  await pass(99);
  assert.equal(requests.length, 0);
  await pass(1);
  assert.equal(requests.length, 1);
  list.refreshSoon();
  await list.refresh();
  await pass(1000);
  assert.equal(requests.length, 2, 'a list that came meanwhile is soon enough');
});

test('live counts win over an older list, except after a reconnect', async () => {
  hub = [listed('tea')];
  await list.refresh();
  moved('tea', 11, 7);
  await list.refresh();
  assert.deepEqual(counts('tea'), [11, 7, 2]);
  await list.refresh({ afresh: true });
  assert.deepEqual(counts('tea'), [9, 5, 0]);
});

test('a topic that was changed since wins over an older list, except after a reconnect', async () => {
  hub = [listed('tea', { topic: 'Green' })];
  await list.refresh();
  for (const [last, topic] of [[10, 'Black'], [11, '']]) {
    moved('tea', last, 5, { topic });
    await list.refresh();
    assert.equal(store.rooms.get('tea').topic, topic);
  }
  hub = [listed('tea', { topic: 'White', last: 12 })];
  await list.refresh();
  assert.equal(store.rooms.get('tea').topic, 'White');
  hub = [listed('tea', { topic: 'Green' })];
  await list.refresh({ afresh: true });
  assert.equal(store.rooms.get('tea').topic, 'Green');
});

test('the hub is told where this browser has read further', async () => {
  store.readMarks.set('tea', 9);
  hub = [listed('tea', { read: 4, unread: 3 }), listed('attic', { read: 4, unread: 1 }), listed('general')];
  await list.refresh();
  assert.deepEqual([ahead, counts('tea')[2], counts('attic')[2]], [[['tea', 9]], 0, 1]);
});

test('what this browser has read and the hub does not know yet is not unread', async () => {
  store.readMarks.set('tea', 8);
  hub = [listed('tea', { last: 10, said: 9, read: 2, unread: 7 })];
  await list.refresh();
  assert.deepEqual([counts('tea'), ahead], [[10, 9, 2], [['tea', 8]]]);
  moved('tea', 11, 10);
  assert.deepEqual(counts('tea'), [11, 10, 3]);
  list.setCounts('tea', { last: 11, said: 10, unread: 8 });
  assert.deepEqual(counts('tea'), [11, 10, 3]);
  store.readMarks.set('tea', 20);
  list.setCounts('tea', { last: 11, said: 10, unread: 8 });
  assert.deepEqual(counts('tea'), [11, 10, 8], 'a mark from a room that was deleted');
});

test('what is meant for me is counted as the hub says, and as it comes, until it is read', async () => {
  hub = [listed('tea', { read: 4, unread: 3, mentions: 1 })];
  await list.refresh();
  assert.deepEqual([store.mentionsIn('tea'), store.mentions()], [1, 1]);
  const { last } = store.rooms.get('tea');
  moved('tea', last + 1, 6);
  list.mentioned({ room: 'tea', of: last + 1 });
  list.mentioned({ room: 'tea', of: 4 }); // read already
  list.mentioned({ room: 'nowhere', of: 1 });
  assert.equal(store.mentionsIn('tea'), 2);
  list.setCounts('tea', { last: last + 1, said: 6, unread: 1, mentions: 5 });
  assert.equal(store.mentionsIn('tea'), 1, 'no more than are unread');
  list.readAll('tea', last + 1);
  assert.deepEqual([store.mentionsIn('tea'), store.mentions()], [0, 0]);
});

test('after a reconnect, a read mark beyond the end is reset', async () => {
  store.readMarks.set('tea', 20);
  hub = [listed('tea', { read: 4, unread: 3 })];
  await list.refresh();
  assert.equal(store.readUpTo('tea'), 20);
  await list.refresh({ afresh: true });
  assert.deepEqual([store.readUpTo('tea'), counts('tea')], [4, [9, 5, 3]]);
  store.readMarks.set('tea', 9);
  await list.refresh({ afresh: true });
  assert.equal(store.readUpTo('tea'), 9, 'what is there was read');
  store.readMarks.set('tea', 10);
  hub = [listed('tea')];
  delete hub[0].read;
  await list.refresh({ afresh: true });
  assert.equal(store.readUpTo('tea'), 9, 'with nothing else to go by, all of it');
});

test('unread counts follow new, own and removed messages', async () => {
  hub = [listed('tea')];
  await list.refresh();
  moved('tea', 12, 8, { mine: 1, topic: 'Green' });
  assert.deepEqual([counts('tea'), store.rooms.get('tea').topic], [[12, 8, 2], 'Green']);
  moved('tea', 14, 8, { erased: [[13, 10], [14, 11]] });
  assert.deepEqual([counts('tea'), store.rooms.get('tea').topic], [[14, 8, 0], 'Green']);
  moved('tea', 15, 8, { erased: [[15, 12]] });
  assert.equal(counts('tea')[2], 0, 'less than nothing is nothing');
  moved('tea', 16, 9);
  list.readAll('tea', 16);
  moved('tea', 18, 10, { erased: [[18, 16]] });
  assert.equal(counts('tea')[2], 1, 'what was read and removed is not counted off');
});

test('duplicate and late counts are ignored', async () => {
  hub = [listed('tea')];
  await list.refresh();
  changes = [];
  moved('tea', 9, 6);
  moved('tea', 8, 6);
  assert.deepEqual([counts('tea'), changes], [[9, 5, 0], []]);
});

test('an unknown room is added and the list refreshed', async () => {
  moved('private-x', 3, 2, { kind: 'private', title: 'Cellar' });
  const { name, kind, title, topic, may_write: write } = store.rooms.get('private-x');
  assert.deepEqual([name, kind, title, topic, write], ['private-x', 'private', 'Cellar', '', true]);
  assert.deepEqual(counts('private-x'), [3, 2, 0], 'what is unread comes with the list');
  await pass(300);
  assert.equal(requests.length, 1);
});

test('a room that closes, or opens again, triggers a refresh once', async () => {
  hub = [listed('tea')];
  await list.refresh();
  hub = [listed('tea', { last: 11, closed: true, may_write: false })];
  moved('tea', 10, 5, { closed: true });
  assert.equal(store.rooms.get('tea').closed, true);
  mock.timers.tick(1000);
  await settle();
  assert.equal(store.rooms.get('tea').may_write, false);
  const before = requests.length;
  moved('tea', 12, 6, { closed: true });
  mock.timers.tick(1000);
  await settle();
  assert.equal(requests.length, before);
  moved('tea', 13, 6);
  mock.timers.tick(1000);
  await settle();
  assert.equal(requests.length, before + 1);
});

test('a changed kind triggers a refresh, new messages do not', async () => {
  hub = [listed('tea')];
  await list.refresh();
  moved('tea', 10, 6);
  moved('tea', 11, 7, { kind: 'public', title: 'Tea at Five' });
  await pass(300);
  assert.deepEqual([requests.length, store.rooms.get('tea').title], [1, 'Tea at Five']);
  moved('tea', 12, 7, { kind: 'announcements', title: '' });
  await pass(300);
  assert.equal(requests.length, 2);
});

test('title, slow mode, closing and archiving apply at once', async () => {
  hub = [listed('tea')];
  await list.refresh();
  const info = () => store.rooms.get('tea');
  const event = (more) => list.changedBy({ room: 'tea', ...more });
  event({ do: 'title', text: 'Tea at Five' });
  event({ do: 'slow', seconds: 20 });
  event({ do: 'keep', days: 30, bytes: 0 });
  event({ do: 'close' });
  event({ do: 'archive' });
  assert.equal(info().keep_days, 30);
  assert.deepEqual([info().title, info().slow, info().closed, info().archived], ['Tea at Five', 20, true, true]);
  event({ do: 'close', off: true });
  event({ do: 'archive', off: true });
  event({ do: 'owner', whom: 'b' });
  assert.deepEqual([info().closed, info().archived, info().title], [false, false, 'Tea at Five']);
  list.changedBy({ room: 'attic', do: 'title', text: 'Attic' });
  assert.equal(store.rooms.has('attic'), false);
  await pass(300);
  assert.equal(requests.length, 2, 'the rest comes with the list');
});

test('a read mark from elsewhere only moves forward', () => {
  list.readElsewhere('tea', 5);
  list.readElsewhere('tea', 3);
  assert.equal(store.readUpTo('tea'), 5);
  list.readElsewhere('attic', 0);
  assert.equal(store.readUpTo('attic'), 0);
});

test('reading a room here clears its unread count', async () => {
  hub = [listed('tea', { read: 4, unread: 3 })];
  await list.refresh();
  changes = [];
  list.readAll('tea', 9);
  assert.deepEqual([counts('tea'), store.readUpTo('tea'), changes], [[9, 5, 0], 9, ['rooms']]);
  list.readAll('nowhere', 2);
  assert.equal(store.rooms.has('nowhere'), false);
});

test('an opened public room stays listed in this browser until it is forgotten', async () => {
  const open = (name, problem = null) => {
    const room = new Room(name);
    room.setProblem(problem);
    store.setRoom(room);
    list.keepOpened();
  };
  for (const name of ['attic', 'general', 'private-x', 'cellar']) open(name);
  open('gone', new api.Problem());
  assert.deepEqual(store.unlistedRooms(), ['attic', 'cellar']);
  changes = [];
  list.forgetOpened('attic');
  assert.deepEqual([store.unlistedRooms(), changes], [['cellar'], ['rooms']]);
  hub = [listed('cellar')];
  await list.refresh();
  assert.deepEqual(store.unlistedRooms(), [], 'the hub lists it now');
});

test('rooms can be removed and the list cleared', async () => {
  hub = [listed('tea'), listed('general')];
  await list.refresh();
  changes = [];
  assert.deepEqual([list.remove('tea'), list.remove('tea'), [...store.rooms.keys()]], [true, false, ['general']]);
  assert.ok(changes.includes('rooms'));
  list.clear();
  assert.equal(store.rooms.size, 0);
  await settle();
});

const asked = () => requests.map(([, address]) => decodeURIComponent(address.replace('/api/rooms', '')));
const pieces = () => [...store.rooms.values()].map(({ name, piece = 0 }) => `${name} ${piece}`);

/** A list of which the first piece is there, and more follow. */
function partial(...names) {
  list.take(names.map((name) => listed(name)), { next: '5-e' });
}

test('the pieces of a long list come one after the other', async () => {
  list.take([listed('a')]);
  await list.more();
  assert.deepEqual([asked(), store.hasMoreRooms], [[], false], 'the list is whole');
  partial('a', 'b');
  assert.equal(store.hasMoreRooms, true);
  [hub, next] = [[listed('c'), listed('b', { unread: 2, read: 7 })], '3-c'];
  await Promise.all([list.more(), list.more()]);
  assert.deepEqual([asked(), pieces()], [['?limit=1000&after=5-e'], ['a 0', 'b 0', 'c 1']], 'asked for once');
  assert.deepEqual(counts('b'), [9, 5, 2], 'what is known is kept up to date, and stays where it is');
  [hub, next] = [[listed('d')], undefined];
  await list.more();
  assert.deepEqual([pieces(), store.hasMoreRooms], [['a 0', 'b 0', 'c 1', 'd 2'], false]);
  await list.more();
  assert.equal(requests.length, 2);
});

test('a piece that does not come is asked for again', async () => {
  partial('a');
  hub = undefined;
  await list.more();
  assert.deepEqual([pieces(), store.hasMoreRooms], [['a 0'], true]);
  hub = [listed('b')];
  await list.more();
  assert.deepEqual(pieces(), ['a 0', 'b 1']);
});

test('the first piece, fetched again, leaves the others; after a reconnect they begin anew', async () => {
  partial('a', 'b');
  [hub, next] = [[listed('c')], '3-c'];
  await list.more();
  [hub, next] = [[listed('c', { title: 'Sea' }), listed('a')], '7-a'];
  await list.refresh();
  assert.deepEqual([pieces(), store.rooms.get('c').title], [['a 0', 'b 0', 'c 1'], 'Sea']);
  hub = [listed('d')];
  await list.more();
  assert.equal(asked().at(-1), '?limit=1000&after=3-c', 'it goes on where it was');
  [hub, next] = [[listed('b')], '8-b'];
  await list.refresh({ afresh: true });
  assert.deepEqual(pieces(), ['b 0']);
  await list.more();
  assert.equal(asked().at(-1), '?limit=1000&after=8-b');
  [hub, next] = [[listed('a')], undefined];
  await list.refresh();
  assert.deepEqual([pieces(), store.hasMoreRooms], [['a 0'], false], 'by now it is whole');
});

test('a piece that comes after a reconnect is of the list before', async () => {
  partial('a');
  [hub, next] = [[listed('b')], '3-b'];
  const more = list.more();
  list.take([listed('c')], { afresh: true, next: '9-c' });
  await more;
  assert.deepEqual(pieces(), ['c 0']);
});

test('what the hub finds joins the list', async () => {
  list.take([listed('a')]);
  await list.find('tea');
  assert.deepEqual(asked(), [], 'the list is whole');
  partial('a', 'b');
  await list.find('');
  assert.deepEqual(asked(), []);
  hub = [listed('teapots'), listed('b', { title: 'Tea' })];
  await list.find('tea & cake');
  assert.deepEqual(asked(), ['?limit=200&find=tea+&+cake']);
  assert.deepEqual([pieces(), store.rooms.get('b').title], [['a 0', 'b 0', 'teapots 1'], 'Tea']);
  hub = undefined;
  await assert.rejects(list.find('x'), { code: 'unreachable' });
});

test('a room that moves and was not among the latest has one unread message until the list brings more', async () => {
  partial('a');
  moved('far', 70, 50);
  moved('near', 9, 9, { mine: 1 });
  assert.deepEqual([counts('far'), counts('near')], [[70, 50, 1], [9, 9, 0]]);
  await pass(299_999);
  assert.deepEqual(asked(), []);
  [hub, next] = [[listed('far', { last: 70, said: 50, read: 20, unread: 31 }), listed('a')], '5-e'];
  await pass(1);
  assert.deepEqual([asked(), counts('far')], [['?limit=1000'], [70, 50, 31]]);
  moved('private-1', 3, 2, { kind: 'private', title: 'Plans' });
  await pass(300);
  assert.equal(requests.length, 2, 'one that is mine alone is rare');
});

test('a reason to fetch the list soon does not wait for one to fetch it later', async () => {
  partial('a');
  moved('far', 70, 50);
  await pass(1000);
  list.refreshSoon();
  await pass(300);
  assert.equal(requests.length, 1);
  await pass(600_000);
  assert.equal(requests.length, 1, 'it was fetched meanwhile');
});

test('a room on view that is in no piece is looked up', async () => {
  store.setRoom(new Room('far'));
  details.far = { ...listed('far', { title: 'Far away', unread: 2, read: 7 }), owner: 'a', members: [] };
  partial('a');
  await settle();
  assert.deepEqual([asked(), pieces()], [['/far'], ['a 0', 'far 1']]);
  assert.deepEqual([store.rooms.get('far').owner, counts('far'), store.unlistedRooms()], [true, [9, 5, 2], []]);
  partial('a', 'b');
  await settle();
  assert.equal(requests.length, 1, 'once');
  details.far.owner = 'somebody else';
  list.take([listed('a')], { afresh: true, next: '5-e' });
  await settle();
  assert.deepEqual([requests.length, store.rooms.get('far').owner], [2, undefined]);
});

test('a room on view that is not there yet stays in the list as one that was opened', async () => {
  store.setRoom(new Room('new'));
  partial('a');
  await settle();
  assert.deepEqual([asked(), store.unlistedRooms()], [['/new'], ['new']]);
});

test('a room has another look at once, here and where it is told of', async () => {
  hub = [listed('tea', { icon: '🍵', tint: 'green' })];
  await list.refresh();
  const look = () => [store.rooms.get('tea').icon, store.rooms.get('tea').tint];
  moved('tea', 10, 5);
  assert.deepEqual(look(), ['🍵', 'green'], 'what is not told stays');
  list.changedBy({ room: 'tea', n: 11, do: 'look', icon: '☕', tint: 'red' });
  assert.deepEqual(look(), ['☕', 'red']);
  moved('tea', 12, 5, { icon: '', tint: 'pink' });
  assert.deepEqual(look(), ['', 'pink']);
});

test('rooms that somebody put on top are looked up, each once and not too many', async () => {
  hub = [listed('tea')];
  await list.refresh();
  list.need(['far']);
  assert.equal(requests.filter((each) => String(each).includes('/api/rooms/far')).length, 0, 'the list is whole');
  [next, details] = ['5-tea', { far: { ...listed('far'), owner: null } }];
  await list.refresh({ afresh: true });
  list.need(['tea', 'far', 'gone']);
  list.need(['far', 'gone']);
  await settle();
  assert.ok(store.rooms.has('far'));
  const count = () => requests.filter((each) => /\/api\/rooms\/(far|gone|x\d)/.test(String(each))).length;
  assert.equal(count(), 2);
  list.need(Array.from({ length: 1000 }, (_, at) => `x${at}`));
  await settle();
  assert.equal(count(), 50);
});
