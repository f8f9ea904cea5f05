import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import * as api from '../lib/api.js';
import { Polling } from '../lib/polling.js';
import { answerBy, pass, said, settle, stopClock } from './fakes.js';

let cursors;
let told; // what was told, as [room, last] or [room, code]

beforeEach(() => {
  mock.timers.reset();
  stopClock();
  cursors = new Map([['general', 0]]);
  told = [];
});

function polling() {
  return new Polling({
    api,
    cursors: () => [...cursors],
    onPage: (room, { last }) => {
      told.push([room, last]);
      cursors.set(room, last);
    },
    onProblem: ({ code }, room) => told.push([room, code]),
  });
}

test('it polls every 1.5 seconds from the cursor', async () => {
  const requests = answerBy(() => ({ events: [said(1)], last: 1 }));
  const polls = polling();
  polls.start();
  await pass(1499);
  assert.deepEqual(requests, []);
  await pass(1);
  await pass(1500);
  assert.deepEqual(
    requests.map(([, address]) => address),
    ['/api/chat/general?after=0&limit=500', '/api/chat/general?after=1&limit=500'],
  );
  assert.deepEqual(told, [['general', 1], ['general', 1]]);
});

test('rooms are polled one after another', async () => {
  cursors = new Map([['שלום', 3], ['a_b', 0]]);
  const requests = answerBy((method, address) => ({ events: [], last: address.includes('a_b') ? 5 : 4 }));
  const polls = polling();
  polls.start();
  await polls.now();
  assert.deepEqual(
    requests.map(([, address]) => address),
    ['/api/chat/%D7%A9%D7%9C%D7%95%D7%9D?after=3&limit=500', '/api/chat/a_b?after=0&limit=500'],
  );
  assert.deepEqual(told, [['שלום', 4], ['a_b', 5]]);
});

test('requests do not overlap', async () => {
  let answer;
  const requests = answerBy(() => new Promise((done) => { answer = done; }));
  polling().start();
  await pass(1500);
  await pass(1500);
  await pass(1500);
  assert.equal(requests.length, 1);
  answer({ events: [], last: 2 });
  await settle();
  await pass(1500);
  assert.equal(requests.length, 2);
});

test('an answer after the stop is ignored', async () => {
  let answer;
  answerBy(() => new Promise((done) => { answer = done; }));
  const polls = polling();
  polls.start();
  await pass(1500);
  polls.stop();
  answer({ events: [], last: 2 });
  await settle();
  polls.start();
  await pass(1500);
  polls.stop();
  answer([500, { error: { code: 'failed', message: 'No.' } }]);
  await settle();
  assert.deepEqual(told, []);
});

test('a failing room does not stop the others', async () => {
  cursors = new Map([['gone', 0], ['general', 0]]);
  const refusal = [404, { error: { code: 'no_such_room', message: 'No.' } }];
  answerBy((method, address) => (address.includes('gone') ? refusal : { events: [], last: 7 }));
  polling().start();
  await pass(1500);
  assert.deepEqual(told, [['gone', 'no_such_room'], ['general', 7]]);
  await pass(1500);
  assert.equal(told.length, 4, 'and it goes on');
});

test('it polls only between start and stop', async () => {
  const requests = answerBy(() => ({ events: [], last: 0 }));
  const polls = polling();
  await polls.now();
  polls.start();
  await pass(700);
  polls.start();
  await pass(1499);
  assert.equal(requests.length, 0, 'started anew it counts anew');
  await pass(1);
  assert.equal(requests.length, 1);
  polls.stop();
  await polls.now();
  await pass(5000);
  assert.equal(requests.length, 1);
});
