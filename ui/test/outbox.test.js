import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Outbox } from '../lib/outbox.js';
import { tabStorage } from '../lib/storage.js';
import { freshStorage, stopClock } from './fakes.js';

let storage;
let delivered; // the keys that went out, in order
let open; // the rooms to which there is a way

beforeEach(() => {
  mock.timers.reset();
  stopClock();
  storage = freshStorage();
  delivered = [];
  open = new Set(['general', 'tea']);
});

const entry = (key, more = {}) => ({ key, room: 'general', text: `text of ${key}`, who: 'a', by: 'Ana', ...more });

function outbox() {
  const box = new Outbox({
    memory: tabStorage,
    deliver: ({ key, room }) => {
      if (open.has(room)) delivered.push(key);
      return open.has(room);
    },
  });
  box.events = [];
  for (const name of ['late', 'stuck']) box.addEventListener(name, () => box.events.push(name));
  return box;
}

const states = (box, room = 'general') => box.of(room).map(({ key, state, why }) => [key, state, why]);
const pass = (ms) => mock.timers.tick(ms);

test('one message is in flight at a time, in order', () => {
  const box = outbox();
  for (const key of ['k1', 'k2', 'k3']) box.add(entry(key));
  assert.deepEqual(delivered, ['k1']);
  box.ack('k1');
  assert.deepEqual(delivered, ['k1', 'k2']);
  box.ack('k2');
  box.ack('k3');
  assert.deepEqual([delivered, box.of('general')], [['k1', 'k2', 'k3'], []]);
});

test('every change raises an event', () => {
  const box = outbox();
  const told = [];
  box.addEventListener('change', () => told.push(states(box)));
  box.add(entry('k1'));
  box.refuse({ key: 'k1', message: 'No.' });
  box.remove('k1');
  const sending = ['k1', 'sending', '']; // at first it waits, then it is on its way
  assert.deepEqual(told, [[sending], [sending], [['k1', 'failed', 'No.']], []]);
});

test('duplicate and unknown acknowledgements change nothing', () => {
  const box = outbox();
  let changes = 0;
  for (const key of ['k1', 'k2']) box.add(entry(key));
  box.ack('k1');
  box.addEventListener('change', () => { changes += 1; });
  box.ack('k1');
  box.refuse({ key: 'k1', code: 'too_fast', retry_after: 1 });
  box.refuse({ key: 'other', message: 'No.' });
  assert.deepEqual([delivered, changes], [['k1', 'k2'], 0]);
});

test('acknowledging a later message leaves the one in flight alone', () => {
  const box = outbox();
  for (const key of ['k1', 'k2', 'k3']) box.add(entry(key));
  box.ack('k2'); // as after a reload, when an earlier try went through
  assert.deepEqual(delivered, ['k1']);
  box.ack('k1');
  assert.deepEqual(delivered, ['k1', 'k3']);
});

test('a room that cannot be reached does not block the others', () => {
  open.delete('general');
  const box = outbox();
  box.add(entry('k1'));
  box.add(entry('k2', { room: 'tea' }));
  assert.deepEqual(delivered, ['k2']);
  open.add('general');
  box.ack('k2');
  assert.deepEqual(delivered, ['k2', 'k1']);
});

test('after a lost connection the message is retried with the same key', () => {
  const box = outbox();
  box.add(entry('k1'));
  box.pause();
  assert.deepEqual(delivered, ['k1']);
  box.flush();
  assert.deepEqual(delivered, ['k1', 'k1']);
  box.ack('k1');
  pass(20000);
  assert.deepEqual([delivered, box.events], [['k1', 'k1'], []]);
});

test('an unanswered message raises "late", then "stuck", then is retried', () => {
  const box = outbox();
  box.add(entry('k1'));
  pass(4999);
  assert.deepEqual([box.events, box.of('general')[0].late], [[], undefined]);
  pass(1);
  assert.deepEqual([box.events, box.of('general')[0].late], [['late'], true]);
  pass(2999);
  box.flush();
  assert.deepEqual([box.events, delivered], [['late'], ['k1']]);
  pass(1);
  assert.deepEqual(box.events, ['late', 'stuck']);
  box.flush();
  assert.deepEqual(delivered, ['k1', 'k1']);
  pass(60000);
  assert.deepEqual(box.events, ['late', 'stuck', 'stuck'], 'late is told once');
});

test('an answered or refused message is never late', () => {
  const box = outbox();
  box.add(entry('k1'));
  pass(4000);
  box.ack('k1');
  box.add(entry('k2'));
  pass(1000);
  assert.deepEqual(box.events, []);
  box.refuse({ key: 'k2', message: 'No.' });
  pass(4000);
  assert.deepEqual(box.events, [], 'nor is what was refused');
});

test('a permanent refusal fails the message and sends the next one', () => {
  const box = outbox();
  for (const key of ['k1', 'k2']) box.add(entry(key));
  box.refuse({ key: 'k1', code: 'too_large', message: 'That is too long.' });
  assert.deepEqual(states(box), [['k1', 'failed', 'That is too long.'], ['k2', 'sending', '']]);
  assert.deepEqual(delivered, ['k1', 'k2']);
  box.ack('k2');
  assert.deepEqual(delivered, ['k1', 'k2'], 'what failed does not go by itself');
});

test('a failed message is retried on request with the same key', () => {
  const box = outbox();
  box.add(entry('k1'));
  box.refuse({ key: 'k1', code: 'disk_full', message: 'The disk is full.' });
  pass(4000);
  box.retry('k1');
  assert.deepEqual(states(box), [['k1', 'sending', '']]);
  assert.deepEqual(delivered, ['k1', 'k1']);
  pass(4999);
  assert.deepEqual(box.events, [], 'and is timed anew');
  pass(1);
  assert.deepEqual(box.events, ['late']);
});

test('a failed message can be discarded', () => {
  const box = outbox();
  box.add(entry('k1'));
  box.refuse({ key: 'k1', message: 'No.' });
  box.remove('k1');
  assert.deepEqual([box.of('general'), storage.size], [[], 0]);
});

test('a refusal with retry_after delays the retry', () => {
  const box = outbox();
  for (const key of ['k1', 'k2']) box.add(entry(key));
  box.refuse({ key: 'k1', code: 'too_fast', message: 'Slowly.', retry_after: 2.5 });
  box.flush();
  pass(2499);
  assert.deepEqual([delivered, states(box)[0]], [['k1'], ['k1', 'sending', '']]);
  pass(1);
  assert.deepEqual(delivered, ['k1', 'k1'], 'it, and not the next one');
});

test('the delay is between 0.1 and 60 seconds', () => {
  const box = outbox();
  box.add(entry('k1'));
  box.refuse({ key: 'k1', code: 'too_fast', message: 'Slowly.', retry_after: 0 });
  pass(99);
  assert.deepEqual(delivered, ['k1']);
  pass(1);
  assert.deepEqual(delivered, ['k1', 'k1']);
  box.refuse({ key: 'k1', code: 'slow', message: 'Slowly.', retry_after: 86400 });
  pass(59999);
  assert.equal(delivered.length, 2);
  pass(1);
  assert.equal(delivered.length, 3);
  assert.deepEqual(box.events.filter((name) => name === 'stuck'), [], 'waiting is not being stuck');
});

test('a second refusal restarts the delay, and a lost connection cancels it', () => {
  const box = outbox();
  box.add(entry('k1'));
  box.refuse({ key: 'k1', code: 'too_fast', message: 'Slowly.', retry_after: 1 });
  box.refuse({ key: 'k1', code: 'too_fast', message: 'Slowly.', retry_after: 3 });
  pass(2999);
  assert.deepEqual(delivered, ['k1']);
  box.pause();
  box.flush();
  assert.deepEqual(delivered, ['k1', 'k1']);
  pass(2000);
  assert.deepEqual(delivered, ['k1', 'k1']);
});

test('a mute fails the message at once', () => {
  const box = outbox();
  box.add(entry('k1'));
  box.refuse({ key: 'k1', code: 'muted', message: 'You are muted.', retry_after: 30 });
  assert.deepEqual(states(box), [['k1', 'failed', 'You are muted.']]);
});

test('unconfirmed messages survive a reload', () => {
  const before = outbox();
  before.add(entry('k1', { text: 'é漢😀'.repeat(2000), re: 7 }));
  before.add(entry('k2', { room: 'tea' }));
  before.refuse({ key: 'k1', message: 'No.' });
  delivered = [];
  const box = outbox();
  assert.deepEqual(states(box), [['k1', 'failed', 'No.']]);
  assert.deepEqual([box.of('general')[0].text, box.of('general')[0].re], ['é漢😀'.repeat(2000), 7]);
  assert.deepEqual(box.rooms(), ['tea']);
  box.flush();
  assert.deepEqual(delivered, ['k2']);
});

test('timers restart after a reload', () => {
  outbox().add(entry('k1'));
  pass(6000);
  const box = outbox();
  assert.equal(box.of('general')[0].late, undefined);
  pass(5000);
  assert.deepEqual(box.events, ['late']);
});

test('invalid stored entries are dropped', () => {
  for (const held of ['[{"key":"k"},{"room":"general","text":"x"},{"key":"k","room":"general"}]', '{', 'null']) {
    storage.set('hearth:outbox', held);
    assert.deepEqual(outbox().of('general'), []);
  }
});

test('the outbox works without storage', () => {
  const forbidden = () => { throw new DOMException('Not here.', 'SecurityError'); };
  globalThis.sessionStorage = { getItem: forbidden, setItem: forbidden, removeItem: forbidden };
  const box = outbox();
  box.add(entry('k1'));
  assert.deepEqual(delivered, ['k1']);
  box.ack('k1');
  assert.deepEqual(box.of('general'), []);
});

test('messages of another person are dropped', () => {
  const box = outbox();
  box.add(entry('k1'));
  box.add(entry('k2', { who: 'b' }));
  box.keepOnly('b');
  assert.deepEqual(states(box).map(([key]) => key), ['k2']);
});

test('rooms lists each room with unsent messages once', () => {
  const box = outbox();
  for (const [key, room] of [
    ['k1', 'tea'], ['k2', 'general'], ['k3', 'tea'], ['k4', 'old'],
  ]) box.add(entry(key, { room }));
  box.refuse({ key: 'k4', message: 'No.' });
  assert.deepEqual(box.rooms(), ['tea', 'general']);
});

test('a message that was never on its way can be taken back', () => {
  const box = outbox();
  open.clear();
  box.add(entry('k1', { re: 7 }));
  assert.equal(box.take('k2'), undefined);
  const { text, re } = box.take('k1');
  assert.deepEqual([text, re, box.of('general'), storage.size], ['text of k1', 7, [], 0]);
});

test('one that is on its way cannot, until the hub refuses it', () => {
  const box = outbox();
  for (const key of ['k1', 'k2', 'k3']) box.add(entry(key));
  box.pause(); // the connection is lost: whether k1 was saved is not known
  assert.equal(box.take('k1'), undefined);
  assert.equal(box.take('k2').key, 'k2', 'it waited behind');
  box.flush();
  box.refuse({ key: 'k1', code: 'too_large', message: 'That is too long.' });
  assert.deepEqual(delivered, ['k1', 'k1', 'k3']);
  assert.equal(box.take('k1').state, 'failed');
  assert.deepEqual(states(box), [['k3', 'sending', '']]);
});

test('one that waits for slow mode can be taken back, and the next one goes', () => {
  const box = outbox();
  for (const key of ['k1', 'k2']) box.add(entry(key));
  box.refuse({ key: 'k1', code: 'slow', message: 'Slowly.', retry_after: 30 });
  assert.equal(box.take('k1').key, 'k1');
  assert.deepEqual(delivered, ['k1', 'k2']);
  pass(60000);
  assert.deepEqual(states(box), [['k2', 'sending', '']]);
});

test('what was on its way before a reload is still not taken back', () => {
  outbox().add(entry('k1'));
  assert.equal(outbox().take('k1'), undefined);
});

test('a message goes once its files are there; what is missing then is sent anew', () => {
  const box = outbox();
  const file = (id, done) => ({ id, name: id, size: 1, type: '', done });
  box.add(entry('k1', { text: '', files: [file('a', true), file('b', false)] }));
  box.add(entry('k2'));
  assert.deepEqual(delivered, ['k2']);
  box.ack('k2');
  pass(6000);
  assert.deepEqual(box.events, [], 'it is not late');
  box.changeFile('b', (each) => ({ ...each, done: true }));
  assert.deepEqual(delivered, ['k2', 'k1']);
  box.changeFile('b', () => null);
  assert.equal(box.entries()[0].files.length, 2, 'what is on its way stays as it is');
  box.refuse({ key: 'k1', code: 'no_such_file', message: 'Gone.' });
  assert.deepEqual(box.entries()[0].files.map(({ done }) => done), [false, false]);
  assert.deepEqual(outbox().entries().map(({ key }) => key), ['k1'], 'a reload keeps it without words');
});

test('a file for which no message waits changes nothing', () => {
  const box = outbox();
  box.add(entry('k1', { files: [{ id: 'a', name: 'a', size: 1, type: '', done: false }] }));
  const before = box.entries();
  let changes = 0;
  box.addEventListener('change', () => { changes += 1; });
  box.changeFile('b', () => null);
  assert.deepEqual([changes, box.entries() === before], [0, true]);
  box.changeFile('a', (each) => ({ ...each, done: true }));
  assert.ok(changes > 0);
});

test('a message without words goes with its last file', () => {
  const box = outbox();
  box.add(entry('k1', { text: '', files: [{ id: 'a', name: 'a', size: 1, type: '', done: false }] }));
  box.changeFile('a', () => null);
  assert.deepEqual(box.entries(), []);
});
