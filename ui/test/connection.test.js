import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Connection } from '../lib/connection.js';
import { FakeSocket, answerBy, pass, said, settle, silence, stopClock } from './fakes.js';

const HEALTH = '/api/health';

let requests;
let hub; // what the hub answers over HTTP: address -> answer; nothing is reachable without one
let heard; // what the connection said, as [name, detail]

beforeEach(() => {
  mock.restoreAll();
  mock.timers.reset();
  stopClock();
  FakeSocket.install();
  hub = {};
  requests = answerBy((method, address, body) => {
    const answer = hub[address.split('?')[0]];
    return typeof answer === 'function' ? answer(method, address, body) : answer;
  });
  heard = [];
});

function dialled() {
  const connection = new Connection({ url: 'ws://hub/api/live' });
  for (const name of ['state', 'welcome', 'ended', 'event']) {
    connection.addEventListener(name, ({ detail }) => heard.push([name, detail]));
  }
  connection.start();
  return connection;
}

/** A connection that is live in the room general, from `after` on. */
function live(after = 0) {
  const connection = dialled();
  FakeSocket.last.open();
  connection.join('general', after);
  heard.length = 0;
  FakeSocket.last.sent.length = 0;
  return connection;
}

/** A connection that has fallen back to polling and has caught up in the room general. */
async function polled() {
  hub[HEALTH] = { app: 'hearth' };
  hub['/api/chat/general'] = { events: [], last: 0 };
  const connection = dialled();
  FakeSocket.last.drop();
  await pass(500);
  FakeSocket.last.drop();
  await settle();
  connection.join('general', 0);
  await settle();
  heard.length = 0;
  requests.length = 0;
  return connection;
}

const events = () => heard.filter(([name]) => name === 'event').map(([, detail]) => detail.n ?? detail.do);
const states = () => heard.filter(([name]) => name === 'state').map(([, detail]) => detail);
const posts = () => requests.filter(([method]) => method === 'POST');

test('the handshake: hello, then live after welcome', () => {
  const connection = dialled();
  assert.deepEqual([connection.state, FakeSocket.last.url], ['opening', 'ws://hub/api/live']);
  assert.equal(connection.send({ do: 'typing', room: 'general' }), false);
  FakeSocket.last.open({ name: 'Ana', who: 'a', read: { tea: 3 } });
  assert.deepEqual(FakeSocket.last.sent, [{ do: 'hello' }]);
  assert.deepEqual(
    heard,
    [['state', 'opening'], ['state', 'live'], ['welcome', { do: 'welcome', name: 'Ana', who: 'a', read: { tea: 3 } }]],
  );
});

test('the list of rooms that we have is named until the first welcome', async () => {
  const connection = new Connection({ url: 'ws://hub/api/live' });
  connection.start('a1');
  FakeSocket.last.drop();
  await pass(500);
  FakeSocket.last.open();
  assert.deepEqual(FakeSocket.last.sent, [{ do: 'hello', rooms_tag: 'a1' }]);
  FakeSocket.last.drop();
  await pass(500);
  FakeSocket.last.open();
  assert.deepEqual(FakeSocket.last.sent, [{ do: 'hello' }]);
  connection.stop();
  connection.start('b2');
  FakeSocket.last.open();
  assert.deepEqual(FakeSocket.last.sent, [{ do: 'hello', rooms_tag: 'b2' }], 'somebody else came in');
});

test('duplicates and events before the cursor are dropped', () => {
  live(2);
  FakeSocket.last.tell(said(1), said(2), said(3), said(3), said(4));
  FakeSocket.last.tell(said(4), said(5));
  assert.deepEqual(events(), [3, 4, 5]);
});

test('events of rooms not joined are dropped', () => {
  const connection = live();
  FakeSocket.last.tell(said(1, { room: 'tea' }), { do: 'joined', room: 'general', last: 0 });
  assert.equal(connection.joined('general'), true);
  connection.leave('general');
  connection.leave('general');
  FakeSocket.last.tell(said(1), { do: 'joined', room: 'general', last: 1 });
  assert.deepEqual(events(), ['joined', 'joined']);
  assert.deepEqual([connection.joined('general'), connection.asked('general')], [false, false]);
  assert.deepEqual(FakeSocket.last.sent, [{ do: 'leave', room: 'general' }]);
});

test('malformed and empty lines are skipped', () => {
  live();
  FakeSocket.last.onmessage({ data: `\n{"do":\n${JSON.stringify(said(1))}\nnull\n7\n` });
  assert.deepEqual(events().filter(Boolean), [1]);
});

test('a replay is complete after "joined", on this connection only', async () => {
  const connection = live();
  assert.deepEqual([connection.asked('general'), connection.joined('general')], [true, false]);
  FakeSocket.last.tell({ do: 'joined', room: 'general', last: 0 });
  assert.equal(connection.joined('general'), true);
  FakeSocket.last.drop();
  assert.deepEqual([connection.asked('general'), connection.joined('general')], [false, false]);
  await pass(500);
  FakeSocket.last.open();
  assert.deepEqual(
    [connection.asked('general'), connection.joined('general')], [false, false],
    'each connection has to rejoin its rooms',
  );
});

test('rejoining a room resets its cursor', () => {
  const connection = live(0);
  FakeSocket.last.tell(said(1), { do: 'joined', room: 'general', last: 1 }, said(2));
  connection.join('general', 1);
  assert.deepEqual(FakeSocket.last.sent, [{ do: 'join', room: 'general', after: 1 }]);
  assert.equal(connection.joined('general'), false);
  FakeSocket.last.tell(said(2));
  assert.deepEqual(events(), [1, 'joined', 2, 2]);
});

/** How long it takes until the next try, in ms; the clock stands there then. */
async function retried() {
  const [before, since] = [FakeSocket.all.length, Date.now()];
  while (FakeSocket.all.length === before && Date.now() - since < 60000) await pass(100);
  return Date.now() - since;
}

test('reconnecting backs off exponentially with jitter, up to ten seconds', async () => {
  mock.method(Math, 'random', () => 1);
  const connection = live();
  const waits = [];
  const seen = [];
  for (let i = 0; i < 9; i += 1) {
    FakeSocket.last.drop(1013, 'You read too slowly.');
    await settle();
    seen.push(connection.state);
    waits.push(await retried());
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 10000, 10000, 10000, 10000]);
  assert.deepEqual(
    seen.slice(0, 5), ['lost', 'lost', 'lost', 'gone', 'gone'], 'after some tries it is told that the hub is away',
  );
  assert.deepEqual(states(), ['lost', 'gone']);
  FakeSocket.last.open();
  assert.equal(connection.state, 'live');
  Math.random.mock.mockImplementation(() => 0);
  FakeSocket.last.drop();
  assert.equal(await retried(), 300, 'the next loss begins anew, and not all come back at one moment');
});

test('renewing or restarting shortens the next backoff', async () => {
  mock.method(Math, 'random', () => 1);
  const connection = live();
  for (let i = 0; i < 5; i += 1) {
    FakeSocket.last.drop();
    await retried();
  }
  connection.renew();
  FakeSocket.last.drop();
  assert.equal(await retried(), 1000);
  connection.stop();
  connection.start();
  FakeSocket.last.drop();
  assert.equal(await retried(), 500);
});

test('a renewed connection cancels the scheduled retry', async () => {
  const connection = live();
  const old = FakeSocket.last;
  old.drop();
  old.tell({ do: 'welcome' });
  assert.equal(connection.state, 'lost', 'a socket that was lost is not heard any more');
  connection.renew();
  await pass(500);
  assert.equal(FakeSocket.all.length, 2);
});

test('close code 1008 ends the connection for good', async () => {
  const connection = live();
  FakeSocket.last.drop(1008, 'You were sent out.');
  await pass(600000);
  assert.deepEqual(heard, [['state', 'ended'], ['ended', { reason: 'You were sent out.' }]]);
  assert.equal(FakeSocket.all.length, 1);
  connection.renew();
  assert.equal(FakeSocket.all.length, 1);
});

test('a handshake without welcome times out', async () => {
  const connection = dialled();
  FakeSocket.last.readyState = 1;
  FakeSocket.last.onopen({});
  assert.equal(connection.send({ do: 'typing', room: 'general' }), false);
  await pass(7999);
  assert.deepEqual(states(), ['opening']);
  await pass(1);
  assert.deepEqual(states(), ['opening', 'lost']);
  assert.equal(FakeSocket.all[0].readyState, 3);
});

test('events of a replaced socket are ignored', () => {
  const connection = live();
  const old = FakeSocket.last;
  connection.renew();
  assert.notEqual(FakeSocket.last, old);
  assert.deepEqual([old.readyState, old.closedWith], [3, 1000]);
  old.tell(said(1));
  old.drop(1008, 'old');
  assert.deepEqual(heard, []);
  FakeSocket.last.open();
  assert.equal(connection.state, 'live');
});

test('nothing is sent on a closing socket', () => {
  const connection = live();
  FakeSocket.last.readyState = 2;
  assert.equal(connection.send({ do: 'typing', room: 'general' }), false);
});

test('a stopped connection does nothing more, whatever its state was', async () => {
  for (const started of [live, async () => dialled(), polled]) {
    mock.timers.reset();
    stopClock();
    const connection = await started();
    connection.stop();
    const count = FakeSocket.all.length;
    requests.length = 0;
    FakeSocket.last.tell(said(1));
    await pass(600000);
    connection.renew();
    assert.deepEqual([states().at(-1), FakeSocket.all.length, requests.length, events()], ['idle', count, 0, []]);
    assert.equal(connection.send({ do: 'typing', room: 'general' }), false);
  }
});

test('while the host keeps everybody out it says so, and comes back by itself', async () => {
  mock.method(Math, 'random', () => 1);
  const paused = [503, { error: { code: 'paused', message: 'The host has paused this Hearth.' } }];
  const connection = live();
  hub[HEALTH] = paused;
  const seen = [];
  for (let i = 0; i < 5; i += 1) {
    FakeSocket.last.drop(1013, 'Paused by the host.');
    await settle();
    seen.push(connection.state);
    await retried();
  }
  assert.deepEqual(seen, ['lost', 'paused', 'paused', 'paused', 'paused']);
  hub[HEALTH] = undefined;
  FakeSocket.last.drop();
  await settle();
  assert.equal(connection.state, 'gone', 'the hub has ended meanwhile');
  await retried();
  FakeSocket.last.open();
  assert.equal(connection.state, 'live');
});

test('where the host keeps everybody out, polling ends', async () => {
  const connection = await polled();
  const before = FakeSocket.all.length;
  hub['/api/chat/general'] = hub[HEALTH] = [503, { error: { code: 'paused', message: 'Paused.' } }];
  await pass(1500);
  assert.deepEqual([connection.state, FakeSocket.all.length], ['lost', before + 1]);
  FakeSocket.last.drop();
  await settle();
  assert.equal(connection.state, 'paused');
});

test('after the computer slept it reconnects', async () => {
  live();
  await pass(5000);
  assert.equal(FakeSocket.all.length, 1);
  mock.timers.setTime(Date.now() + 21000);
  await pass(5000);
  assert.equal(FakeSocket.all.length, 2);
});

test('after 45 seconds of silence it checks the hub\'s health', async () => {
  hub[HEALTH] = { app: 'hearth' };
  live();
  await pass(45000);
  FakeSocket.last.tell({ do: 'here', room: 'general' });
  for (let i = 0; i < 9; i += 1) await pass(5000);
  assert.equal(requests.length, 0);
  await pass(5000);
  assert.deepEqual(requests.map(([, address]) => address), [HEALTH]);
  for (let i = 0; i < 8; i += 1) await pass(5000);
  assert.equal(requests.length, 1, 'once');
  assert.equal(FakeSocket.all.length, 1, 'the hub answered');
});

test('a failed health check drops the connection and reconnects', async () => {
  hub[HEALTH] = silence;
  const connection = live();
  connection.prove();
  await pass(2499);
  assert.equal(connection.state, 'live');
  await pass(1);
  assert.deepEqual([connection.state, FakeSocket.all.length], ['lost', 1]);
  await pass(500);
  assert.equal(FakeSocket.all.length, 2);
});

test('a late health check does not drop a newer connection', async () => {
  hub[HEALTH] = silence;
  const connection = live();
  connection.prove();
  connection.renew();
  FakeSocket.last.open();
  await pass(2500);
  assert.equal(connection.state, 'live');
});

test('no health check is made without a connection', async () => {
  const connection = live();
  FakeSocket.last.drop();
  await connection.prove();
  assert.equal(requests.length, 0);
});

test('a frame over 64 KiB goes by HTTP instead of the socket', async () => {
  hub['/api/chat/general'] = [201, said(1)];
  const connection = live();
  FakeSocket.last.tell({ do: 'joined', room: 'general', last: 0 });
  for (const text of ['x'.repeat(16384), '漢'.repeat(5461), '😀'.repeat(4096), '"'.repeat(16384)]) {
    assert.equal(connection.say({ room: 'general', text, key: 'k' }), true);
    assert.deepEqual(FakeSocket.last.sent.pop(), { do: 'say', room: 'general', text, key: 'k' });
  }
  const room = 65536 - JSON.stringify({ do: 'say', room: 'general', text: '', key: 'k' }).length;
  connection.say({ room: 'general', text: 'x'.repeat(room), key: 'k' });
  assert.equal(FakeSocket.last.sent.length, 1, 'a frame of 64 KiB is no larger than what the hub takes');
  connection.say({ room: 'general', text: 'x'.repeat(room + 1), key: 'k' });
  assert.equal(FakeSocket.last.sent.length, 1);
  await settle();
  assert.equal(posts().length, 1);
  FakeSocket.last.sent.length = requests.length = 0;
  const controls = '\u0001'.repeat(16384); // six bytes each in JSON
  assert.equal(connection.say({ room: 'general', text: controls, key: 'k6', re: 3 }), true);
  await settle();
  assert.deepEqual(FakeSocket.last.sent, []);
  assert.deepEqual(requests, [['POST', '/api/chat/general', { msg: controls, key: 'k6', re: 3 }]]);
});

test('a message waits until the replay of its room is complete', () => {
  const connection = live();
  assert.equal(connection.say({ room: 'general', text: 'Hello', key: 'k' }), false);
  FakeSocket.last.tell({ do: 'joined', room: 'general', last: 0 });
  const files = [{ id: 'f1', name: 'a.txt', size: 1, type: '', done: true }];
  assert.equal(connection.say({ room: 'general', text: 'Hello', key: 'k', re: 4, files }), true);
  assert.deepEqual(FakeSocket.last.sent, [
    { do: 'say', room: 'general', text: 'Hello', key: 'k', re: 4, files: ['f1'] },
  ]);
});

test('without WebSocket it polls and retries the socket every 30 seconds', async () => {
  hub[HEALTH] = { app: 'hearth' };
  FakeSocket.forbidden = true;
  const connection = dialled();
  await pass(500);
  assert.deepEqual(
    heard, [['state', 'opening'], ['state', 'lost'], ['state', 'polling'], ['welcome', { do: 'welcome' }]],
  );
  FakeSocket.forbidden = false;
  await pass(29999);
  assert.equal(FakeSocket.all.length, 0);
  await pass(1);
  assert.deepEqual([FakeSocket.all.length, connection.state], [1, 'polling'], 'it polls until the socket is welcome');
  hub['/api/chat/general'] = { events: [], last: 0 };
  connection.join('general', 0);
  await settle();
  assert.equal(connection.joined('general'), true);
  FakeSocket.last.open();
  assert.deepEqual([connection.state, connection.joined('general')], ['live', false]);
  requests.length = 0;
  await pass(4000);
  assert.deepEqual(requests, []);
});

test('a socket that opens during the health check wins over polling', async () => {
  let answer;
  hub[HEALTH] = () => new Promise((done) => { answer = done; });
  const connection = live();
  FakeSocket.last.drop();
  await pass(500);
  FakeSocket.last.drop();
  await pass(1000);
  FakeSocket.last.open();
  answer({ app: 'hearth' });
  await settle();
  assert.equal(connection.state, 'live');
});

test('polling delivers each event once and signals "joined"', async () => {
  const connection = await polled();
  const asked = [];
  connection.drop('general');
  hub['/api/chat/general'] = (method, address) => {
    asked.push(address);
    return { events: asked.length === 1 ? [said(1), said(2)] : [said(2), said(3)], last: 3 };
  };
  connection.join('general', 0); // and asks at once
  await settle();
  assert.deepEqual(events(), [1, 2, 'joined']);
  assert.equal(connection.joined('general'), true);
  await pass(1500);
  assert.deepEqual(events(), [1, 2, 'joined', 3]);
  assert.deepEqual(asked.map((address) => address.split('?')[1]), ['after=0&limit=500', 'after=2&limit=500']);
});

test('while polling, commands go by HTTP and trigger a poll', async () => {
  const connection = await polled();
  const event = said(1, { key: 'k' });
  hub['/api/chat/general'] = (method) => (method === 'POST' ? [201, event] : { events: [event], last: 1 });
  hub['/api/rooms/general'] = { n: 2 };
  assert.equal(connection.say({ room: 'general', text: 'Hello', key: 'k' }), true);
  const files = [{ id: 'f1', name: 'a.txt', size: 1, type: '', done: true }];
  assert.equal(connection.say({ room: 'general', text: '', key: 'k1', files }), true);
  assert.equal(connection.send({ do: 'edit', room: 'general', of: 1, text: 'new', key: 'k2' }), true);
  assert.equal(connection.send({ do: 'seen', room: 'general', n: 1 }), true);
  assert.equal(connection.send({ do: 'typing', room: 'general' }), false);
  await settle();
  assert.deepEqual(posts(), [
    ['POST', '/api/chat/general', { msg: 'Hello', key: 'k' }],
    ['POST', '/api/chat/general', { msg: '', key: 'k1', files: ['f1'] }],
    ['POST', '/api/rooms/general', { do: 'edit', of: 1, text: 'new', key: 'k2' }],
    ['POST', '/api/rooms/general', { do: 'seen', room: 'general', n: 1 }],
  ]);
  assert.ok(requests.some(([method, address]) => method === 'GET' && address.startsWith('/api/chat/general')));
});

test('an HTTP refusal becomes a "refused" event; a lost answer does not', async () => {
  const connection = await polled();
  const refused = async (answer) => {
    heard.length = 0;
    hub['/api/rooms/general'] = answer;
    connection.send({ do: 'topic', room: 'general', text: 'Tea', key: 'k' });
    await settle();
    return heard.filter(([, detail]) => detail?.do === 'refused').map(([, detail]) => detail);
  };
  assert.deepEqual(await refused([429, { error: { code: 'too_fast', message: 'Slowly.', retry_after: 3 } }]),
    [{ do: 'refused', room: 'general', key: 'k', code: 'too_fast', message: 'Slowly.', retry_after: 3 }]);
  assert.deepEqual(await refused([403, { error: { code: 'forbidden', message: 'No.' } }]),
    [{ do: 'refused', room: 'general', key: 'k', code: 'forbidden', message: 'No.' }]);
  assert.deepEqual(
    await refused([502, null]),
    [{ do: 'refused', room: 'general', key: 'k', code: 'failed', message: 'Something went wrong. Try again.' }],
  );
  assert.deepEqual(await refused(undefined), [], 'an answer that was lost is no refusal: it may have been saved');
});

test('a 404 while polling becomes a "gone" event', async () => {
  await polled();
  hub['/api/chat/general'] = [404, { error: { code: 'no_such_room', message: 'No.' } }];
  await pass(1500);
  assert.deepEqual(heard, [['event', { do: 'gone', room: 'general' }]]);
});

test('401 and 403 while polling end the connection', async () => {
  for (const status of [401, 403]) {
    mock.timers.reset();
    stopClock();
    const connection = await polled();
    hub['/api/chat/general'] = [status, { error: { code: 'no', message: 'Not any more.' } }];
    await pass(1500);
    assert.deepEqual(heard, [['state', 'ended'], ['ended', { reason: 'Not any more.' }]]);
    assert.equal(connection.state, 'ended');
  }
});

test('polling survives a 500 and reconnects when the hub is unreachable', async () => {
  const connection = await polled();
  hub['/api/chat/general'] = [500, { error: { code: 'failed', message: 'No.' } }];
  await pass(1500);
  assert.deepEqual([connection.state, heard], ['polling', []]);
  hub['/api/chat/general'] = undefined;
  const before = FakeSocket.all.length;
  await pass(1500);
  assert.deepEqual([connection.state, FakeSocket.all.length], ['lost', before + 1]);
  requests.length = 0;
  await pass(3000);
  assert.deepEqual(requests, []);
});

test('a failed health check ends polling, too', async () => {
  const connection = await polled();
  hub[HEALTH] = silence;
  connection.prove();
  await pass(2500);
  assert.equal(connection.state, 'lost');
});

test('a dropped room is not polled', async () => {
  const connection = await polled();
  hub['/api/chat/general'] = { events: [], last: 0 };
  assert.equal(connection.drop('general'), true);
  assert.equal(connection.drop('general'), false);
  await pass(3000);
  assert.deepEqual(requests, []);
});
