import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import * as api from '../lib/api.js';
import { Chat } from '../lib/chat.js';
import { Connection } from '../lib/connection.js';
import { Outbox } from '../lib/outbox.js';
import { Store } from '../lib/store.js';
import { tabStorage } from '../lib/storage.js';
import { FakeSocket, answerBy, freshStorage, pass, said, settle, stopClock } from './fakes.js';

globalThis.location = { pathname: '/general' };

const BEN = { by: 'Ben', who: 'b' };
const LIST = '/api/rooms?limit=1000';
const me = { who: 'a', name: 'Ana', account: false, host: false, muted_until: null };

let hub; // what the hub has: its rooms, and the events of general; `first`: what comes with the answer to
// who we are; `healthy`: it is there though no socket can be had
let requests;
let page; // {store, chat, outbox, notices, attentive}

beforeEach(() => {
  mock.timers.reset();
  stopClock();
  freshStorage();
  FakeSocket.install();
  hub = { person: me, rooms: [listed('general')], events: [], reads: [], refusal: null, first: {} };
  requests = answerBy((method, address) => {
    const path = address.split('?')[0];
    if (path === '/api/health') return hub.healthy ? {} : undefined;
    if (path === '/api/session') return hub.person;
    const standing = { person: hub.person, waiting: false, banned: false, host: false, hub: { mode: 'open' } };
    if (path === '/api/me') return standing;
    if (path === '/api/me/preferences') return {};
    if (path === '/api/start') return { me: standing, ...hub.first };
    if (hub.refusal) return hub.refusal;
    if (path === '/api/rooms') return { rooms: hub.rooms, next: hub.next };
    if (path.endsWith('/reads')) return { small: true, reads: hub.reads };
    if (path.startsWith('/api/chat/')) return { events: hub.events.slice(-60), last: hub.events.at(-1)?.n ?? 0 };
    return [404, { error: { code: 'not_found', message: 'No.' } }];
  });
});

function listed(name, more = {}) {
  return {
    name, kind: 'public', title: name, topic: '', last: 0, said: 0, here: 1, may_write: true, read: 0, unread: 0,
    ...more,
  };
}

/** The page wired as in main.js, in the room general and live. */
async function opened({ read = {}, live = true } = {}) {
  const store = new Store();
  const connection = new Connection({ url: 'ws://hub/api/live' });
  const outbox = new Outbox({ memory: tabStorage, deliver: (entry) => connection.say(entry) });
  page = { store, outbox, notices: [], attentive: true, left: 0 };
  page.chat = new Chat({
    store, connection, api, outbox, isAttentive: () => page.attentive, onRoomLeft: () => { page.left += 1; },
    memory: tabStorage, confirm: async () => true, navigation: {},
  });
  store.addEventListener('notice', ({ detail }) => page.notices.push(detail));
  page.chat.start('general', {});
  await settle();
  if (live) await welcome(read);
  return page;
}

async function welcome(read = {}, more = {}) {
  FakeSocket.last.open({ name: 'Ana', who: 'a', read, ...more });
  await settle();
  const join = FakeSocket.last.sent.findLast(({ do: what }) => what === 'join');
  if (join) tell(...hub.events.filter(({ n }) => n > join.after), joined());
}

const joined = (more = {}) => ({ do: 'joined', room: 'general', last: hub.events.at(-1)?.n ?? 0, ...more });
const tell = (...events) => FakeSocket.last.tell(...events);
const sent = (what) => FakeSocket.last.sent.filter((command) => command.do === what);
const texts = () => page.store.room.order.map((n) => page.store.room.message(n)?.text);
const unread = (name = 'general') => page.store.unreadIn(name);
const events = (from, to, more) => Array.from({ length: to - from + 1 }, (_, i) => said(from + i, { ...BEN, ...more }));

test('a logged-in client loads the last page, then joins and receives live events', async () => {
  hub.events = events(1, 3);
  const { store } = await opened();
  assert.deepEqual([store.phase, store.me.name, store.connection], ['in', 'Ana', 'live']);
  assert.deepEqual(sent('join'), [{ do: 'join', room: 'general', after: 3 }]);
  tell(said(4, BEN));
  assert.deepEqual(texts(), ['text 1', 'text 2', 'text 3', 'text 4']);
});

/** The room general and its list, as they come with the answer to who we are. */
const first = (more = {}) => ({
  preferences: {}, preferences_tag: 'p1', rooms: hub.rooms, rooms_tag: 'a1',
  page: { room: 'general', events: hub.events, last: hub.events.at(-1)?.n ?? 0 },
  ...more,
});
const asked = () => requests.map(([, address]) => address.split('?')[0]);

test('what comes with the answer to who we are is not asked for again', async () => {
  hub.events = events(1, 3);
  const general = listed('general', { last: 3, said: 3, read: 2, unread: 1 });
  hub.rooms = [general, listed('tea', { last: 2, said: 2, unread: 2 })];
  hub.first = first();
  const { store } = await opened({ live: false });
  assert.deepEqual([texts(), unread(), unread('tea')], [['text 1', 'text 2', 'text 3'], 1, 2]);
  assert.deepEqual([store.room.read, store.room.divider], [2, 2], 'as the hub counts, on a new device too');
  await welcome({}, { rooms_current: true, preferences_tag: 'p1' });
  await pass(5000);
  assert.deepEqual(FakeSocket.last.sent.slice(0, 2), [
    { do: 'hello', rooms_tag: 'a1' }, { do: 'join', room: 'general', after: 3 },
  ]);
  assert.deepEqual([asked(), store.rooms.size, unread('tea')], [['/api/start'], 2, 2]);
});

test('rooms that changed before the connection was there are fetched', async () => {
  hub.first = first();
  const { store } = await opened({ live: false });
  hub.rooms = [listed('general'), listed('tea', { last: 2, said: 2, unread: 2 })];
  await welcome({}, { rooms_current: false, preferences_tag: 'p1' });
  assert.deepEqual([asked(), [...store.rooms.keys()]], [['/api/start', '/api/rooms'], ['general', 'tea']]);
  FakeSocket.last.drop();
  await pass(500);
  await welcome();
  assert.deepEqual(FakeSocket.last.sent[0], { do: 'hello' }, 'by now the list has moved on');
  assert.deepEqual(asked(), ['/api/start', '/api/rooms', '/api/me/preferences', '/api/rooms']);
});

test('preferences that changed before the connection was there are fetched, at each return too', async () => {
  hub.first = first();
  await opened({ live: false });
  await welcome({}, { rooms_current: true, preferences_tag: 'p2' });
  assert.deepEqual(asked(), ['/api/start', '/api/me/preferences']);
  FakeSocket.last.drop();
  await pass(500);
  await welcome({}, { preferences_tag: 'p1' });
  assert.deepEqual(asked().slice(2), ['/api/me/preferences', '/api/rooms']);
});

test('a list that came before the connection is taken once more, as nothing could be told of it then', async () => {
  localStorage.setItem('hearth:reads', '{"tea":4}');
  hub.rooms = [listed('general'), listed('tea', { last: 5, said: 5, read: 1, unread: 4 })];
  hub.first = first();
  await opened({ live: false });
  assert.equal(unread('tea'), 1);
  await welcome({}, { rooms_current: true, preferences_tag: 'p1' });
  assert.deepEqual(sent('seen'), [{ do: 'seen', room: 'tea', n: 4 }]);
});

test('a connection that is lost before its welcome asks for the same list', async () => {
  hub.first = first();
  await opened({ live: false });
  FakeSocket.last.drop();
  await pass(500);
  await welcome({}, { rooms_current: true, preferences_tag: 'p1' });
  assert.deepEqual([FakeSocket.last.sent[0], asked()], [{ do: 'hello', rooms_tag: 'a1' }, ['/api/start']]);
});

test('without a socket the list is fetched', async () => {
  hub.first = first();
  hub.healthy = true;
  await opened({ live: false });
  for (let i = 0; i < 2; i += 1) {
    FakeSocket.last.drop();
    await pass(500);
  }
  assert.equal(page.store.connection, 'polling');
  assert.deepEqual(asked().sort(), [
    '/api/chat/general', '/api/health', '/api/me/preferences', '/api/rooms', '/api/start',
  ], 'with a poll');
  await pass(30000);
  FakeSocket.last.open({ rooms_current: undefined });
  assert.deepEqual([page.store.connection, FakeSocket.last.sent[0]], ['live', { do: 'hello' }]);
});

test('a page that was left out, or is of another room, is asked for', async () => {
  hub.events = events(1, 3);
  for (const other of [undefined, { room: 'tea', events: [said(1, { room: 'tea' })], last: 1 }]) {
    requests.length = 0;
    hub.first = first({ page: other });
    await opened({ live: false });
    assert.deepEqual([asked(), texts()], [['/api/start', '/api/chat/general'], ['text 1', 'text 2', 'text 3']]);
  }
});

test('whoever joins is given the rooms and the page with it', async () => {
  hub.person = null;
  const { store, chat } = await opened({ live: false });
  assert.deepEqual([store.phase, asked()], ['joining', ['/api/start']]);
  hub.person = me;
  hub.events = events(1, 3);
  hub.rooms = [listed('general', { last: 3, said: 3 })];
  hub.first = first();
  await chat.session.join({ name: 'Ana' });
  await welcome({}, { rooms_current: true, preferences_tag: 'p1' });
  assert.deepEqual(asked(), ['/api/start', '/api/session', '/api/start']);
  assert.deepEqual([store.phase, texts().length], ['in', 3]);
});

test('a message is sent once and acknowledged by its own event', async () => {
  const { store, chat } = await opened();
  chat.say('Hello');
  const [{ key, ...command }] = sent('say');
  assert.deepEqual(command, { do: 'say', room: 'general', text: 'Hello' });
  assert.equal(store.outgoing().length, 1);
  tell(said(1, { text: 'Hello', key }));
  assert.deepEqual([store.outgoing(), texts()], [[], ['Hello']]);
});

test('a lost acknowledgement is recovered by the replay or a retry with the same key, without duplicates', async () => {
  const { store, chat } = await opened();
  chat.say('Hello');
  const [{ key }] = sent('say');
  hub.events = [said(1, { text: 'Hello', key })]; // it was saved
  FakeSocket.last.drop();
  await pass(500);
  await welcome();
  assert.deepEqual([store.outgoing(), texts(), sent('say')], [[], ['Hello'], []], 'the replay brought the answer');

  chat.say('Again');
  const second = sent('say')[0].key;
  FakeSocket.last.drop();
  await pass(500);
  await welcome();
  assert.deepEqual(sent('say').map((command) => [command.text, command.key]), [['Again', second]], 'it was not saved');
});

test('an unsent message survives a reload and keeps its key', async () => {
  const { chat } = await opened();
  chat.say('Hello');
  const [{ key }] = sent('say');
  await opened();
  assert.deepEqual(sent('say'), [{ do: 'say', room: 'general', text: 'Hello', key }]);
});

test('an unsent message for another room is sent once that room is rejoined', async () => {
  const { chat } = await opened();
  chat.say('Hello');
  await chat.open('tea');
  await settle();
  assert.deepEqual(sent('leave'), [], 'the room with something to send is not left');
  FakeSocket.last.drop();
  await pass(500);
  FakeSocket.last.open({ name: 'Ana', who: 'a' });
  await settle();
  assert.deepEqual(sent('join').map(({ room }) => room).sort(), ['general', 'tea']);
  tell(joined());
  assert.deepEqual(sent('say').map(({ room }) => room), ['general']);
});

test('a refusal fails its own message and sets the mute time', async () => {
  const { store, chat } = await opened();
  chat.say('Hello');
  const [{ key }] = sent('say');
  tell({ do: 'refused', room: 'general', key, code: 'muted', message: 'You are muted.', retry_after: 30 });
  assert.deepEqual(store.outgoing().map(({ state, why }) => [state, why]), [['failed', 'You are muted.']]);
  assert.equal(store.mutedUntil, Date.now() + 30000);
  assert.deepEqual(page.notices, []);
  chat.say('Again');
  tell(said(1, { text: 'Again', key: sent('say').at(-1).key }));
  assert.equal(store.mutedUntil, 0, 'a saved message ends the mute');
});

test('the slow mode countdown starts at one\'s own message or at a refusal', async () => {
  hub.rooms = [listed('general', { slow: 20 })];
  const { store, chat } = await opened();
  chat.say('Hello');
  tell(said(1, { key: sent('say')[0].key }));
  assert.equal(store.room.slowUntil, Date.now() + 20000);
  await pass(1000);
  tell({ do: 'refused', room: 'general', code: 'slow', message: 'Slowly.', retry_after: 5 });
  assert.equal(store.room.slowUntil, Date.now() + 5000);
});

test('a command goes to the room that it names, and else to the one on view', async () => {
  const { chat } = await opened();
  chat.act({ do: 'pin', of: 1 }).catch(() => null);
  chat.act({ do: 'pin', of: 2, room: 'tea' }).catch(() => null);
  assert.deepEqual(sent('pin').map(({ room, of }) => [room, of]), [['general', 1], ['tea', 2]]);
});

test('another name of the hub is known at once', async () => {
  const { store } = await opened();
  const { version } = store.hub;
  tell({ do: 'hub', name: 'The old mill' });
  assert.deepEqual([store.hub.name, store.hub.version], ['The old mill', version]);
});

test('a host knows at once what there is to know of the program', async () => {
  const { store } = await opened();
  const { name } = store.hub;
  tell({ do: 'notices', notices: ['Hearth is paused.'] });
  assert.deepEqual([store.hub.notices, store.hub.name], [['Hearth is paused.'], name]);
});

test('a room is asked for as it is about to be opened, unless it is held', async () => {
  hub.rooms = [listed('general'), listed('tea')];
  const { chat } = await opened();
  const pages = () => requests.filter(([, address]) => address.includes('/api/chat/tea')).length;
  chat.expect('general');
  chat.expect('tea');
  await chat.open('tea');
  assert.equal(pages(), 1);
  await chat.open('general');
  chat.expect('tea');
  assert.equal(pages(), 1);
});

test('a command resolves with its event and rejects on refusal, timeout or a lost connection', async () => {
  const { chat } = await opened();
  const outcome = (command) => chat.act(command).then(() => 'done', ({ code, message }) => `${code}: ${message}`);
  const done = outcome({ do: 'edit', of: 1, text: 'new' });
  const [{ key, ...edit }] = sent('edit');
  assert.deepEqual(edit, { do: 'edit', room: 'general', of: 1, text: 'new' });
  tell(said(1, { do: 'edit', of: 1, text: 'new', key }));
  assert.equal(await done, 'done');
  const refused = outcome({ do: 'erase', of: 1 });
  tell({ do: 'refused', room: 'general', key: sent('erase')[0].key, code: 'forbidden', message: 'No.' });
  assert.equal(await refused, 'forbidden: No.');
  const unanswered = outcome({ do: 'pin', of: 1 });
  await pass(10000);
  assert.equal(await unanswered, 'unreachable: Hearth did not answer. Try again.');
  FakeSocket.last.drop();
  assert.equal(await outcome({ do: 'pin', of: 1 }), 'unreachable: Not connected. Try again in a moment.');
});

test('the "new" divider is set where an inattentive reader left off', async () => {
  hub.events = events(1, 3);
  const { store, chat } = await opened();
  chat.seen();
  tell(said(4, BEN));
  assert.equal(store.room.divider, 0, 'somebody looks');
  chat.seen();
  page.attentive = false;
  tell(said(5, { do: 'topic', ...BEN }));
  assert.equal(store.room.divider, 0, 'only a message is new');
  tell(said(6));
  assert.equal(store.room.divider, 0, 'what I say elsewhere is not');
  tell(said(7, BEN), said(8, BEN));
  assert.equal(store.room.divider, 6);
  chat.say('Hello');
  assert.equal(store.room.divider, 0);
});

test('unread counts leave out erased messages, muted people and my own messages', async () => {
  const { store, chat } = await opened();
  page.attentive = false;
  tell(said(1, BEN), said(2, BEN), said(3), said(4, { do: 'topic', ...BEN }));
  assert.equal(unread(), 2);
  tell(said(5, { do: 'erase', of: 2, ...BEN }));
  assert.equal(unread(), 1);
  store.mutes.set('c', 'Cem');
  tell(said(6, { by: 'Cem', who: 'c' }));
  assert.equal(unread(), 1);
  tell(said(7, { do: 'erase', of: 6, by: 'Cem', who: 'c' }));
  assert.equal(unread(), 1, 'what did not count is not counted off');
  chat.seen();
  assert.deepEqual([unread(), store.readUpTo('general')], [0, 7]);
  tell(said(8, { do: 'erase', of: 1, ...BEN }), said(9, BEN));
  assert.equal(unread(), 1, 'what was read before it was erased is not counted off');
});

test('what comes under the eyes of its reader is not unread, and where they do not look it is', async () => {
  const { store, chat } = await opened();
  let counts = 0;
  store.watch(['rooms'], () => { counts = Math.max(counts, unread()); });
  tell(said(1, BEN), said(2, BEN));
  chat.seen();
  assert.deepEqual([counts, store.readUpTo('general')], [0, 2]);
  chat.follow(store.room, false);
  tell(said(3, BEN));
  assert.equal(unread(), 1);
});

test('the unread count of another room follows the hub\'s "room" events', async () => {
  hub.rooms = [listed('general'), listed('tea', { last: 10, said: 8, unread: 3 })];
  await opened();
  assert.equal(unread('tea'), 3);
  const moved = (last, more) => ({ do: 'room', room: 'tea', last, at: said(1).at, ...more });
  tell(moved(12, { said: 10 }));
  assert.equal(unread('tea'), 5);
  tell(moved(12, { said: 10 }), moved(11, { said: 9 }));
  assert.equal(unread('tea'), 5, 'what comes twice or late counts once');
  tell(moved(13, { said: 10, erased: [[13, 9]] }));
  assert.equal(unread('tea'), 4);
  tell(moved(14, { said: 11, erased: [[13, 9]] }));
  assert.equal(unread('tea'), 5, 'and so does a removal');
  tell({ do: 'seen', room: 'tea', read: 14, last: 14, said: 11, unread: 0 });
  assert.equal(unread('tea'), 0, 'another device of mine has read it');
});

test('several events about a new room trigger one refresh of the list', async () => {
  await opened();
  await pass(300);
  requests.length = 0;
  hub.rooms.push(listed('tea', { last: 2, said: 2, unread: 2 }));
  tell(
    { do: 'room', room: 'tea', last: 1, said: 1, at: said(1).at },
    { do: 'room', room: 'tea', last: 2, said: 2, at: said(1).at },
  );
  await pass(299);
  assert.equal(requests.length, 0);
  await pass(1);
  assert.deepEqual([requests.map(([, address]) => address), unread('tea')], [[LIST], 2]);
});

test('read receipts are rate-limited to one a second', async () => {
  hub.events = events(1, 3);
  const { chat } = await opened({ read: { general: 2 } });
  chat.seen();
  tell(said(4, BEN));
  chat.seen();
  tell(said(5, BEN));
  chat.seen();
  assert.deepEqual(sent('seen').map(({ n }) => n), [3]);
  await pass(1000);
  assert.deepEqual(sent('seen').map(({ n }) => n), [3, 5]);
  chat.seen();
  await pass(5000);
  assert.equal(sent('seen').length, 2, 'nothing new, nothing told');
});

test('more than 400 events behind, the last page replaces the replay', async () => {
  hub.events = events(1, 5);
  const { store } = await opened();
  FakeSocket.last.drop();
  hub.events = events(1, 406);
  hub.rooms = [listed('general', { last: 406, said: 406 })];
  await pass(500);
  await welcome();
  assert.deepEqual(sent('join').map(({ after }) => after), [406]);
  assert.deepEqual([store.room.first, store.room.newest], [347, 406]);
});

test('up to 200 events behind are replayed, and a reader further up keeps their place', async () => {
  hub.events = events(1, 5);
  const { store } = await opened();
  FakeSocket.last.drop();
  hub.events = events(1, 205);
  hub.rooms = [listed('general', { last: 205, said: 205 })];
  await pass(500);
  await welcome();
  assert.deepEqual(sent('join').map(({ after }) => after), [5]);
  assert.deepEqual([store.room.first, store.room.newest], [1, 205]);
  page.chat.follow(store.room, false);
  FakeSocket.last.drop();
  hub.rooms = [listed('general', { last: 9000, said: 9000 })];
  await pass(500);
  await welcome();
  assert.deepEqual(sent('join').map(({ after }) => after), [9000]);
  assert.deepEqual([store.room.first, store.room.attached], [1, false], 'the rest comes by scrolling');
});

test('a hub that restarted with less history is believed', async () => {
  hub.events = events(1, 9);
  hub.rooms = [listed('general', { last: 9, said: 9 })];
  const { store, chat } = await opened();
  chat.seen();
  FakeSocket.last.drop();
  hub.events = events(1, 4);
  hub.rooms = [listed('general', { last: 4, said: 4, read: 4 })];
  await pass(500);
  await welcome();
  assert.deepEqual([store.room.newest, store.room.last, store.readUpTo('general')], [4, 4, 4]);
});

test('typing is shown for others who are not muted, until their message arrives', async () => {
  const { store } = await opened();
  const typing = (more) => tell({ do: 'typing', room: 'general', ...more });
  typing(BEN);
  typing({ by: 'Ana', who: 'a' });
  store.mutes.set('c', 'Cem');
  typing({ by: 'Cem', who: 'c' });
  assert.deepEqual(store.room.typing(Date.now()), ['Ben']);
  tell(said(1, BEN));
  assert.deepEqual(store.room.typing(Date.now()), []);
});

test('a removed member is told once, and their unsent messages are dropped', async () => {
  hub.rooms = [listed('general'), listed('private-x', { kind: 'private', title: 'Cellar' })];
  const { store, chat, outbox } = await opened();
  await chat.open('private-x');
  await settle();
  chat.say('Hello');
  tell({ do: 'gone', room: 'private-x' });
  assert.deepEqual([page.notices, page.left, outbox.of('private-x')], [['You are no longer in “Cellar”.'], 1, []]);
  assert.equal(store.rooms.has('private-x'), false);
  tell({ do: 'gone', room: 'private-x' });
  assert.equal(page.notices.length, 1);
});

test('the end of the session clears room, list and outbox', async () => {
  hub.events = events(1, 3);
  const { store, chat } = await opened();
  chat.say('Hello');
  hub.person = null;
  FakeSocket.last.drop(1008, 'You were sent out.');
  await settle();
  assert.deepEqual(
    [store.phase, store.reason, store.room, store.rooms.size], ['joining', 'You were sent out.', null, 0],
  );
  assert.deepEqual(page.outbox.entries(), []);
  await pass(60000);
  assert.equal(FakeSocket.all.length, 1);
});

test('a room that cannot be loaded shows the problem until it can', async () => {
  hub.refusal = [404, { error: { code: 'no_such_room', message: 'There is no such room.' } }];
  const { store } = await opened();
  assert.equal(store.room.problem.code, 'no_such_room');
  hub.refusal = null;
  FakeSocket.last.drop();
  await pass(500);
  await welcome();
  assert.equal(store.room.problem, null);
});

test('unknown events are skipped', async () => {
  const { store } = await opened();
  tell({ do: 'poll', room: 'general' }, { do: 'confetti' }, said(1, { do: 'poll' }), said(2, BEN));
  assert.deepEqual([store.room.last, texts()], [2, [undefined, 'text 2']]);
});

test('topic and pins come with "joined", and each change is signalled', async () => {
  hub.events = events(1, 3);
  const { store } = await opened();
  const topics = [];
  for (const topic of ['room', 'messages', 'people', 'send-limits']) store.watch([topic], () => topics.push(topic));
  tell(joined({ topic: 'Tea', pinned: [2], said: 3, unread: 1 }));
  assert.deepEqual([store.room.topic, store.room.pinned(), unread(), topics], ['Tea', [2], 1, ['room']]);
  tell(said(4, { do: 'topic', text: 'Milk', ...BEN }));
  assert.deepEqual([store.room.topic, store.rooms.get('general').topic], ['Milk', 'Milk']);
  assert.deepEqual(topics, ['room', 'room', 'messages']);
  tell({ do: 'here', room: 'general', count: 2, people: [{ who: 'a', name: 'Ana' }, { who: 'b', name: 'Ben' }] });
  assert.deepEqual([store.room.here, topics.at(-1)], [2, 'people']);
  tell({ do: 'refused', room: 'general', code: 'slow', message: 'Slowly.', retry_after: 5 });
  assert.equal(topics.at(-1), 'send-limits');
  assert.deepEqual(page.notices, ['Slowly.'], 'what is refused of nothing that waits is told');
});

test('a room is reloaded when the hub has less of it than the page', async () => {
  hub.events = events(1, 9);
  const { store } = await opened();
  hub.events = events(1, 4);
  tell(joined());
  await settle();
  assert.deepEqual([store.room.newest, store.room.last], [4, 4]);
});

test('a refused join shows the problem in place of the room', async () => {
  const { store, chat } = await opened();
  await chat.open('tea');
  await settle();
  tell({ do: 'refused', room: 'tea', code: 'forbidden', message: 'Not you.' });
  assert.deepEqual([store.room.problem.message, page.notices], ['Not you.', []]);
  tell(joined({ room: 'tea' }));
  assert.equal(store.room.problem, null);
  tell({ do: 'refused', room: 'tea', code: 'forbidden', message: 'Not that.' });
  assert.deepEqual([store.room.problem, page.notices], [null, ['Not that.']]);
});

test('an event of a cached room is counted but does not redraw the room on view', async () => {
  hub.rooms = [listed('general'), listed('tea')];
  const { store, chat } = await opened();
  chat.say('Hello'); // keeps the room joined
  await chat.open('tea');
  await settle();
  let redrawn = 0;
  store.watch(['messages'], () => { redrawn += 1; });
  tell(said(1, BEN), said(2, { do: 'slow', seconds: 9, ...BEN }));
  assert.deepEqual([unread('general'), redrawn, store.rooms.get('general').slow], [1, 0, 9]);
});

test('a read mark from another device only moves forward', async () => {
  hub.events = events(1, 9);
  hub.rooms = [listed('general', { last: 9, said: 9, read: 3, unread: 6 })];
  localStorage.setItem('hearth:reads', '{"general":3}');
  const { store } = await opened();
  const seen = (read, left) => tell({ do: 'seen', room: 'general', read, last: 9, said: 9, unread: left });
  seen(7, 2);
  assert.deepEqual([store.room.read, store.readUpTo('general'), unread()], [7, 7, 2]);
  seen(5, 2);
  assert.deepEqual([store.room.read, store.readUpTo('general')], [7, 7]);
});

test('a list of which more follows goes on where the first answer said', async () => {
  hub.first = { rooms: [listed('general'), listed('tea')], rooms_tag: 'a1', rooms_next: '5-tea' };
  const { store, chat } = await opened({ live: false });
  await welcome({}, { rooms_current: true, preferences_tag: 'p1' });
  assert.deepEqual([[...store.rooms.keys()], store.hasMoreRooms], [['general', 'tea'], true]);
  hub.rooms = [listed('zoo')];
  requests.length = 0;
  await chat.roomList.more();
  assert.deepEqual(requests.map(([, address]) => address), [`${LIST}&after=5-tea`]);
  assert.deepEqual([[...store.rooms.keys()], store.hasMoreRooms], [['general', 'tea', 'zoo'], false]);
});

test('how far others have read is known once the room is joined, and followed', async () => {
  hub.events = events(1, 3);
  hub.reads = [{ who: 'b', name: 'Ben', n: 2 }];
  const { store } = await opened();
  await pass(200);
  assert.deepEqual(sent('reads'), [{ do: 'reads', room: 'general' }]);
  tell({ do: 'reads', room: 'general', all: true, reads: hub.reads });
  assert.deepEqual([...store.reads.marks.values()], hub.reads);
  tell({ do: 'reads', room: 'general', reads: [{ who: 'b', name: 'Ben', n: 3 }] });
  assert.equal(store.reads.marks.get('b').n, 3);
  await page.chat.open('tea');
  assert.equal(store.reads, null);
});

test('without a socket it is asked for again every few seconds', async () => {
  FakeSocket.forbidden = true;
  hub.healthy = true;
  hub.events = events(1, 3);
  const { store } = await opened({ live: false });
  await pass(4000);
  hub.reads = [{ who: 'b', name: 'Ben', n: 2 }];
  await pass(4000);
  assert.deepEqual([store.connection, store.reads.marks.get('b')?.n], ['polling', 2]);
});
