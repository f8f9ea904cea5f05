import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Reads } from '../lib/reads.js';
import { Room } from '../lib/room.js';
import { Store } from '../lib/store.js';
import { freshStorage, pass, stopClock } from './fakes.js';

stopClock();
let store;
let reads;
let asked; // the rooms that the hub was asked for
let answer; // what it says
let joined; // whether it tells us of the room on view

const ANA = { who: 'a', name: 'Ana', n: 3 };
const BEN = { who: 'b', name: 'Ben', n: 5 };

beforeEach(async () => {
  freshStorage();
  store = new Store();
  [asked, answer, joined] = [[], { small: true, reads: [ANA] }, false];
  reads = new Reads({
    store,
    isJoined: () => joined,
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

async function join() {
  joined = true;
  reads.take({ do: 'joined', room: 'general', last: 5 });
  await pass(200);
}

test('a room that is joined is asked for once', async () => {
  await pass(1000);
  assert.deepEqual([asked, store.reads], [[], null]);
  reads.take({ do: 'joined', room: 'general', last: 5 });
  reads.take({ do: 'joined', room: 'tea', last: 5 });
  await join();
  assert.deepEqual([asked, store.reads.room, store.reads.small, marks()], [['general'], 'general', true, [ANA]]);
});

test('what the hub tells is taken in', async () => {
  reads.take({ do: 'reads', room: 'general', reads: [BEN] });
  assert.equal(store.reads, null, 'before the answer it is not all');
  await join();
  reads.take({ do: 'reads', room: 'general', reads: [{ ...ANA, n: 4 }, BEN] });
  reads.take({ do: 'reads', room: 'tea', reads: [{ who: 'c', name: 'Cleo', n: 1 }] });
  assert.deepEqual(marks(), [{ ...ANA, n: 4 }, BEN]);
  reads.take({ do: 'reads', room: 'general', reads: [{ who: 'a', name: '', n: 0 }] });
  assert.deepEqual(marks(), [BEN]);
});

test('who is removed from the room is not shown any more', async () => {
  await join();
  reads.take({ do: 'remove', room: 'general', n: 6, whom: 'a', name: 'Ana' });
  assert.deepEqual(marks(), []);
});

test('a room that has become large has no marks, and is asked for once it is small again', async () => {
  await join();
  reads.take({ do: 'reads', room: 'general' });
  assert.deepEqual([store.reads.small, marks()], [false, []]);
  reads.take({ do: 'reads', room: 'general', reads: [BEN] });
  await pass(200);
  assert.deepEqual([asked.length, store.reads.small, marks()], [2, true, [ANA]]);
});

test('where many are here the hub is not asked', async () => {
  store.room.takeHere({ do: 'here', room: 'general', count: 21 });
  await join();
  assert.deepEqual([asked, store.reads.small], [[], false]);
});

test('switched off nothing is known nor asked; switched on again it is asked at once', async () => {
  await join();
  store.setPreferences({ reads: false });
  assert.equal(store.reads, null);
  reads.take({ do: 'reads', room: 'general', reads: [BEN] });
  await join();
  assert.deepEqual([asked.length, store.reads], [1, null]);
  answer = new Error('not yet');
  store.setPreferences({});
  await pass(200);
  assert.deepEqual([asked.length, store.reads], [2, null]);
  answer = { small: true, reads: [BEN] };
  store.setPreferences({});
  await pass(200);
  assert.deepEqual(marks(), [BEN]);
});

test('an answer that comes too late is not for the room on view, nor for who has switched it off', async () => {
  let say;
  answer = new Promise((done) => { say = done; });
  await join();
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

test('another room on view forgets those of the one before', async () => {
  await join();
  store.setRoom(new Room('tea'));
  assert.equal(store.reads, null);
  await pass(200);
  assert.deepEqual(asked, ['general', 'tea'], 'it was joined before');
  store.setRoom(null);
  assert.equal(store.reads, null);
});

test('a hub that cannot be asked is asked when the room is joined again', async () => {
  answer = new Error('gone');
  await join();
  assert.equal(store.reads, null);
  answer = { small: true, reads: [ANA] };
  await join();
  assert.deepEqual(marks(), [ANA]);
});

test('while polling a small room is asked for every few seconds, a large one is not', async () => {
  await join();
  reads.poll(true);
  await pass(9000);
  assert.equal(asked.length, 4);
  answer = { small: false, reads: [] };
  await pass(3000);
  await pass(9000);
  assert.equal(asked.length, 5);
  reads.poll(false);
  answer = { small: true, reads: [] };
  await join();
  await pass(9000);
  assert.equal(asked.length, 6);
});
