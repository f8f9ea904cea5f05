import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Reads } from '../lib/reads.js';
import { Room } from '../lib/room.js';
import { Store } from '../lib/store.js';
import { freshStorage, pass, stopClock } from './fakes.js';

stopClock();
let store;
let reads;
let sent; // the commands
let asked; // the rooms that the hub was asked for over HTTP
let answer; // what it says
let joined; // whether it tells us of the room on view
let live; // whether commands can be sent

const ANA = { who: 'a', name: 'Ana', n: 3 };
const BEN = { who: 'b', name: 'Ben', n: 5 };

beforeEach(async () => {
  freshStorage();
  store = new Store();
  [sent, asked, answer, joined, live] = [[], [], { small: true, reads: [ANA] }, false, true];
  reads = new Reads({
    store,
    isJoined: () => joined,
    send: (command) => {
      if (live) sent.push(command);
      return live;
    },
    api: {
      reads: async (room) => {
        asked.push(room);
        const told = await answer;
        if (told instanceof Error) throw told;
        return told;
      },
    },
  });
  store.setRoom(new Room('general'));
});

const marks = () => [...store.reads?.marks.values() ?? []];
const tell = (more) => reads.take({ do: 'reads', room: 'general', ...more });

/** The room is joined, and the hub answers. */
async function join(all = [ANA]) {
  joined = true;
  reads.take({ do: 'joined', room: 'general', last: 5 });
  await pass(200);
  tell({ all: true, reads: all });
}

/** No socket can be had. */
async function poll() {
  live = false;
  store.setConnection('polling');
  reads.poll(true);
  joined = true;
  reads.take({ do: 'joined', room: 'general', last: 5 });
  await pass(200);
}

test('the hub is asked once for a room that is joined', async () => {
  await pass(1000);
  assert.deepEqual([sent, store.reads], [[], null]);
  reads.take({ do: 'joined', room: 'general', last: 5 });
  reads.take({ do: 'joined', room: 'tea', last: 5 });
  await join();
  assert.deepEqual(sent, [{ do: 'reads', room: 'general' }]);
  assert.deepEqual([asked, store.reads.room, store.reads.small, marks()], [[], 'general', true, [ANA]]);
});

test('what the hub tells is taken in', async () => {
  tell({ reads: [BEN] });
  assert.equal(store.reads, null, 'before the answer it is not all');
  await join();
  tell({ reads: [{ ...ANA, n: 4 }, BEN] });
  reads.take({ do: 'reads', room: 'tea', all: true, reads: [{ who: 'c', name: 'Cleo', n: 1 }] });
  assert.deepEqual(marks(), [{ ...ANA, n: 4 }, BEN]);
  tell({ reads: [{ who: 'a', name: '', n: 0 }] });
  assert.deepEqual(marks(), [BEN]);
});

test('who is removed from the room is not shown any more', async () => {
  await join();
  reads.take({ do: 'remove', room: 'general', n: 6, whom: 'a', name: 'Ana' });
  assert.deepEqual(marks(), []);
});

test('a room that has become large has no marks, and is asked for once it is small again', async () => {
  await join();
  tell({});
  assert.deepEqual([store.reads.small, marks()], [false, []]);
  tell({ reads: [BEN] });
  await pass(200);
  assert.deepEqual([sent.length, store.reads.small], [2, false]);
  tell({ all: true, reads: [BEN] });
  assert.deepEqual([store.reads.small, marks()], [true, [BEN]]);
});

test('where many are here the hub is not asked', async () => {
  store.room.takeHere({ do: 'here', room: 'general', count: 21 });
  reads.take({ do: 'joined', room: 'general', last: 5 });
  await pass(200);
  assert.deepEqual([sent, store.reads.small], [[], false]);
});

test('switched off nothing is known nor asked; switched on again it is asked until it is answered', async () => {
  await join();
  store.setPreferences({ reads: false });
  assert.equal(store.reads, null);
  tell({ reads: [BEN] });
  await join();
  assert.deepEqual([sent.length, store.reads], [1, null]);
  store.setPreferences({});
  await pass(200);
  assert.deepEqual([sent.length, store.reads], [2, null], 'the hub does not know it yet');
  store.setPreferences({});
  await pass(200);
  tell({ all: true, reads: [BEN] });
  assert.deepEqual([sent.length, marks()], [3, [BEN]]);
});

test('another room on view forgets those of the one before', async () => {
  await join();
  store.setRoom(new Room('tea'));
  assert.equal(store.reads, null);
  await pass(200);
  assert.deepEqual(sent.map(({ room }) => room), ['general', 'tea'], 'it was joined before');
  tell({ all: true, reads: [ANA] });
  store.setRoom(null);
  assert.equal(store.reads, null);
});

test('what cannot be asked is asked when the room is joined again', async () => {
  live = false;
  store.setConnection('lost');
  reads.take({ do: 'joined', room: 'general', last: 5 });
  await pass(200);
  assert.deepEqual([sent, asked, store.reads], [[], [], null]);
  live = true;
  await join();
  assert.deepEqual(marks(), [ANA]);
});

test('while polling a small room is asked for every few seconds, a large one is not', async () => {
  await poll();
  assert.deepEqual(marks(), [ANA]);
  await pass(9000);
  assert.equal(asked.length, 4);
  answer = { small: false, reads: [] };
  await pass(3000);
  await pass(9000);
  assert.deepEqual([asked.length, store.reads.small], [5, false]);
  reads.poll(false);
  await pass(9000);
  assert.equal(asked.length, 5);
});

test('an answer that does not come changes nothing', async () => {
  answer = new Error('gone');
  await poll();
  assert.equal(store.reads, null);
});

test('an answer that comes too late is not for the room on view, nor for who has switched it off', async () => {
  let say;
  answer = new Promise((done) => { say = done; });
  await poll();
  store.setPreferences({ reads: false });
  say({ small: true, reads: [ANA] });
  await pass(0);
  assert.equal(store.reads, null);
  store.setPreferences({});
  answer = new Promise((done) => { say = done; });
  await pass(200);
  joined = false;
  store.setRoom(new Room('tea'));
  say({ small: true, reads: [ANA] });
  await pass(0);
  assert.equal(store.reads, null);
});
