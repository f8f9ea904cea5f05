import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { RoomFinder } from '../lib/room-finder.js';
import { pass, settle, stopClock } from './fakes.js';

let asked; // each question, with what answers it
let told;
let finder;

beforeEach(() => {
  mock.timers.reset();
  stopClock();
  [asked, told] = [[], 0];
  finder = new RoomFinder(
    (question) => new Promise((answer, fail) => asked.push({ question, answer, fail })),
    () => { told += 1; },
  );
});

const rooms = (...names) => names.map((name) => ({ name }));
const names = () => finder.rooms.map(({ name }) => name).join(' ');
const answer = async (at, found, next) => {
  asked[at].answer({ rooms: rooms(...found.split(' ').filter(Boolean)), next });
  await settle();
};

test('what is typed fast is asked for once', async () => {
  for (const text of ['t', 'te', 'tea']) finder.look(text);
  await pass(1000);
  assert.deepEqual(asked.map(({ question }) => question), [{ text: 'tea' }]);
  assert.equal(finder.isSettled, false);
  await answer(0, 'tea green-tea');
  assert.deepEqual([names(), finder.text, finder.isSettled, told], ['tea green-tea', 'tea', true, 1]);
});

test('an answer that comes late does not count', async () => {
  finder.look('t');
  await pass(1000);
  finder.look('te');
  await answer(0, 'old');
  assert.equal(names(), '', 'not even while the pause lasts');
  await pass(1000);
  await answer(1, 'tea');
  assert.equal(names(), 'tea');
});

test('pieces follow one another, each once, and a room that moved is there once', async () => {
  finder.look('', 0);
  await pass(1);
  await answer(0, 'a b', 'p1');
  assert.ok(finder.hasMore);
  finder.more();
  finder.more();
  await settle();
  assert.deepEqual(asked[1].question, { text: '', after: 'p1' });
  await answer(1, 'b c');
  assert.deepEqual([names(), finder.hasMore, asked.length], ['a b c', false, 2]);
  await finder.more();
  assert.equal(asked.length, 2);
});

test('a piece of what was looked for before is dropped, and none is asked for while another text waits', async () => {
  finder.look('', 0);
  await pass(1);
  await answer(0, 'a', 'p1');
  finder.more();
  finder.look('x');
  await answer(1, 'b', 'p2');
  assert.equal(names(), 'a');
  finder.more();
  await pass(1000);
  await answer(2, 'x');
  assert.deepEqual([names(), asked.length], ['x', 3]);
});

test('Enter waits for no pause', async () => {
  finder.look('tea');
  const settled = finder.settle();
  await answer(0, 'tea');
  await settled;
  await pass(1000);
  await finder.settle();
  assert.deepEqual([names(), asked.length], ['tea', 1]);
});

test('a hub that does not answer is told, and what was found stays', async () => {
  finder.look('t', 0);
  await pass(1);
  await answer(0, 'tea');
  finder.look('te', 0);
  await pass(1);
  asked[1].fail(new Error('Hearth cannot be reached.'));
  await settle();
  assert.deepEqual([names(), finder.fault, finder.isSettled], ['tea', 'Hearth cannot be reached.', false]);
  finder.look('tea', 0);
  await pass(1);
  await answer(2, 'tea');
  assert.equal(finder.fault, '');
});

test('a card that is opened anew begins anew', async () => {
  finder.look('t', 0);
  await pass(1);
  finder.reset();
  await answer(0, 'tea', 'p1');
  assert.deepEqual([names(), finder.hasMore, finder.isSettled], ['', false, false]);
});

test('what was found is asked for again where it has changed', async () => {
  finder.look('tea');
  await pass(1000);
  await answer(0, 'tea');
  const again = finder.refresh();
  assert.deepEqual(asked.map(({ question }) => question.text), ['tea', 'tea']);
  await answer(1, 'tea teapot');
  await again;
  assert.equal(names(), 'tea teapot');
});
