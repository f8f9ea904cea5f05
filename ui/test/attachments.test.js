import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Attachments } from '../lib/attachments.js';
import { Outbox } from '../lib/outbox.js';
import { tabStorage } from '../lib/storage.js';
import { Store } from '../lib/store.js';
import { freshStorage, pass, settle, stopClock } from './fakes.js';

let page;
let warned;

beforeEach(() => {
  mock.timers.reset();
  stopClock();
  freshStorage();
  warned = new Set();
  globalThis.addEventListener = (name, act) => warned.add(name) && act;
  globalThis.removeEventListener = (name) => warned.delete(name);
  page = open();
});

const answer = (status, more = {}, content = null) => ({ status, header: (name) => more[name] ?? '', content });

/** A page whose hub takes what it is sent; `hub.answer(request)` says otherwise where it returns something. */
function open() {
  const store = new Store(tabStorage);
  const hub = { asked: [], said: [], whole: new Set(), answer: () => undefined };
  const outbox = new Outbox({ memory: tabStorage, deliver: (entry) => Boolean(hub.said.push(entry)) });
  const send = async ({ method, address, signal }) => {
    const id = address.split('/')[4].split('?')[0];
    hub.asked.push(`${method} ${id}`);
    await settle();
    if (signal?.aborted) throw new Error('ended');
    const told = hub.answer({ method, id, address });
    if (told) return told;
    if (method === 'HEAD') return hub.whole.has(id) ? answer(204, { 'Upload-Complete': '?1' }) : answer(404);
    if (method === 'PUT') hub.whole.add(id);
    if (method === 'DELETE') hub.whole.delete(id);
    return answer(201);
  };
  const prepare = async (file, { keep }) => {
    if (file.unreadable) throw new Error('unreadable');
    const stripped = file.name.endsWith('.jpg') && !keep;
    return { body: stripped ? file.slice(1) : file, preview: null, stripped };
  };
  store.setSession({ me: { who: 'a', name: 'Ana' } });
  store.told = [];
  store.watch(['notice'], ({ detail }) => store.told.push(detail));
  const ways = { send, prepare, digest: async () => '' };
  const attachments = new Attachments({ store, outbox, memory: tabStorage, ways });
  return { store, hub, outbox, attachments };
}

const file = (name, size = 5) => new File([new Uint8Array(size)], name, { lastModified: 1 });
const add = (...files) => page.attachments.add({ files, place: 'tea', room: 'tea' });
const states = () => page.store.attached.map(({ name, state }) => [name, state]);
const ids = () => page.store.attached.map(({ id }) => id);
const rest = async () => {
  for (let i = 0; i < 20; i += 1) await settle();
};
const unsent = () => page.store.attachedTo('tea').map(({ id, name, size, type, state }) => (
  { id, name, size, type, done: state === 'done' }
));
const say = (text, more = {}) => {
  page.outbox.add({ key: `key ${text}`, room: 'tea', text, who: 'a', by: 'Ana', ...more });
};

test('files are sent at once, two at a time', async () => {
  add(file('a.txt'), file('b.txt'), file('c.txt'));
  assert.deepEqual(states().at(-1), ['c.txt', 'waiting']);
  assert.ok(warned.has('beforeunload'));
  await rest();
  assert.deepEqual(states(), [['a.txt', 'done'], ['b.txt', 'done'], ['c.txt', 'done']]);
  assert.deepEqual(page.store.attachedTo('tea').map(({ sent, size }) => [sent, size]), Array(3).fill([5, 5]));
  assert.ok(!warned.has('beforeunload'));
});

test('a message takes up to 20', () => {
  add(...Array.from({ length: 22 }, (_, at) => file(`${at}`)));
  assert.equal(page.store.attachedTo('tea').length, 20);
  assert.match(page.store.told[0], /2 were left out/);
  add(file('more'));
  assert.equal(page.store.attachedTo('tea').length, 20);
});

test('a message waits for its files, and others overtake it', async () => {
  add(file('a.txt'));
  say('with', { files: unsent() });
  assert.deepEqual([page.store.attachedTo('tea'), page.store.attached.length], [[], 1]);
  say('without');
  assert.deepEqual(page.hub.said.map(({ text }) => text), ['without']);
  page.outbox.ack('key without');
  await rest();
  assert.deepEqual(page.hub.said.map(({ text }) => text), ['without', 'with']);
  assert.deepEqual(page.hub.said[1].files.map(({ id, done }) => [id, done]), [[ids()[0], true]]);
  page.outbox.ack('key with');
  await pass(1000);
  assert.deepEqual(page.store.attached, [], 'what was sent is forgotten');
});

test('what fails says why, and goes once it is tried again', async () => {
  page.hub.answer = () => answer(413, {}, { error: { code: 'file_too_large', message: 'At most 1 GB.' } });
  add(file('a.txt'));
  await rest();
  assert.deepEqual(page.store.attached.map(({ state, why }) => [state, why]), [['failed', 'At most 1 GB.']]);
  page.hub.answer = () => undefined;
  page.attachments.again(ids()[0]);
  await rest();
  assert.deepEqual(states(), [['a.txt', 'done']]);
});

test('what cannot be read says so', async () => {
  add(Object.assign(file('folder'), { unreadable: true }));
  await rest();
  assert.match(page.store.attached[0].why, /cannot be read/);
  assert.deepEqual(page.hub.asked, []);
});

/** A file that was changed since it was chosen, as it is told by a network that seems to be lost. */
function changed(chosen) {
  const part = { size: 4, type: '', slice: () => part, arrayBuffer: () => Promise.reject(new Error('changed')) };
  return Object.assign(chosen, { slice: part.slice });
}

test('what was changed on its way is to be chosen again', async () => {
  page.hub.answer = () => { throw new Error('lost'); };
  add(changed(file('a.txt')));
  await rest();
  assert.deepEqual(page.store.attached.map(({ state, why }) => [state, why]), [
    ['lost', 'It was changed or moved meanwhile. Choose it again.'],
  ]);
  page.hub.answer = () => undefined;
  page.attachments.again(ids()[0], file('a.txt', 9));
  await rest();
  assert.deepEqual(page.store.attached.map(({ state, size, why }) => [state, size, why]), [['done', 9, '']]);
});

test('what is to be chosen again is not tried before, and kept as was decided', async () => {
  page.hub.answer = () => { throw new Error('lost'); };
  add(changed(photo('a.jpg')));
  await rest();
  assert.equal(states()[0][1], 'lost');
  page.hub.answer = () => undefined;
  page.attachments.keep('tea', true);
  await rest();
  assert.deepEqual(kept(), [[4, true, 'lost']]);
  page.attachments.again(ids()[0], photo('a.jpg'));
  await rest();
  assert.deepEqual(kept(), [[5, true, 'done']]);
});

test('a file can be taken out, of its message too', async () => {
  add(file('a.txt'), file('b.txt'));
  await rest();
  const [a, b] = ids();
  page.attachments.cancel([a]);
  await rest();
  assert.ok(page.hub.asked.includes(`DELETE ${a}`));
  assert.deepEqual(ids(), [b]);
  page.hub.answer = ({ method }) => (method === 'PUT' ? answer(500) : undefined);
  add(file('c.txt'));
  await rest();
  say('', { files: unsent() });
  page.attachments.cancel([ids()[1]]);
  assert.deepEqual(page.hub.said[0].files.map(({ id }) => id), [b], 'it waits no longer');
});

test('a message of files alone goes with the last of them', async () => {
  add(file('a.txt'));
  say('', { files: unsent() });
  page.attachments.cancel(ids());
  assert.deepEqual(page.outbox.entries(), []);
});

test('the files of a message that is written anew come back', async () => {
  add(file('a.txt'));
  say('with', { files: unsent() });
  const { files } = page.outbox.take('key with');
  page.attachments.takeBack(files, 'tea');
  await pass(1000);
  await rest();
  assert.deepEqual(page.store.attachedTo('tea').map(({ name, state }) => [name, state]), [['a.txt', 'done']]);
});

test('where and when a picture was taken is left out, unless it is asked for', async () => {
  add(file('a.jpg'), file('b.txt'));
  await rest();
  const [before, other] = ids();
  assert.deepEqual(page.store.attached.map(({ size, stripped }) => [size, stripped]), [[4, true], [5, false]]);
  page.attachments.keep('tea', true);
  await rest();
  const [now, same] = ids();
  assert.deepEqual(page.store.attached.map(({ size, kept }) => [size, kept]), [[5, true], [5, false]]);
  assert.ok(now !== before && same === other && page.hub.asked.includes(`DELETE ${before}`));
  page.attachments.keep('tea', false);
  await rest();
  assert.deepEqual(page.store.attached.map(({ size, kept }) => [size, kept]), [[4, false], [5, false]]);
});

const photo = (name) => new File([new Uint8Array(5)], name, { type: 'image/jpeg', lastModified: 1 });
const kept = () => page.store.attached.map(({ size, kept: isKept, state }) => [size, isKept, state]);

test('pictures that wait for their turn, or come later, are kept as the others', async () => {
  page.hub.answer = ({ method }) => (method === 'PUT' ? answer(429, { 'Retry-After': '9' }) : undefined);
  add(photo('a.jpg'), photo('b.jpg'), photo('c.jpg'), file('d.txt'));
  await rest();
  assert.deepEqual(states()[2], ['c.jpg', 'waiting']);
  page.hub.answer = () => undefined;
  page.attachments.keep('tea', true);
  add(photo('e.jpg'), file('f.txt'));
  page.attachments.add({ files: [photo('g.jpg')], place: 'other', room: 'tea' });
  await rest();
  const [yes, no] = [[5, true, 'done'], [5, false, 'done']];
  assert.deepEqual(kept(), [yes, yes, yes, no, yes, no, [4, false, 'done']]);
  page.attachments.keep('tea', false);
  await rest();
  assert.deepEqual(kept().map(([size]) => size), [4, 4, 4, 5, 4, 5, 4]);
});

test('whether it is kept can be asked all the while', async () => {
  add(photo('a.jpg'));
  await rest();
  const asked = [];
  page.store.watch(['attached'], () => {
    asked.push(page.store.attached.some(({ stripped, kept: isKept }) => stripped || isKept));
  });
  for (const keep of [true, false, true]) {
    page.attachments.keep('tea', keep);
    await rest();
  }
  assert.ok(asked.length > 9 && asked.every(Boolean));
});

test('a reload keeps what the hub has, and says what has to be chosen again', async () => {
  add(file('a.txt'));
  await rest();
  page.hub.answer = ({ method }) => (method === 'PUT' ? answer(429, { 'Retry-After': '9' }) : undefined);
  add(file('b.txt'), file('c.txt'));
  await rest();
  const [a, b, c] = ids();
  page = open();
  page.hub.whole = new Set([a, b]); // the last part of b had come
  await rest();
  assert.deepEqual(ids(), [a, b, c]);
  assert.deepEqual(states(), [['a.txt', 'done'], ['b.txt', 'done'], ['c.txt', 'lost']]);
  page.attachments.again(c, file('c.txt'));
  await rest();
  assert.deepEqual([ids(), states()[2]], [[a, b, c], ['c.txt', 'done']]);
});

test('a message waits for its files over a reload, also for another one that is chosen', async () => {
  page.hub.answer = ({ method }) => (method === 'PUT' ? answer(429, { 'Retry-After': '9' }) : undefined);
  add(file('a.txt'));
  say('with', { files: unsent() });
  await rest();
  const [before] = ids();
  page = open();
  await rest();
  assert.deepEqual([ids(), states()], [[before], [['a.txt', 'lost']]]);
  assert.deepEqual(page.hub.said, []);
  page.attachments.again(before, file('another.txt', 9));
  await rest();
  const [now] = ids();
  assert.notEqual(now, before);
  assert.deepEqual(page.hub.said[0].files.map(({ id, name, size }) => [id, name, size]), [[now, 'another.txt', 9]]);
});

test('what the hub has forgotten is sent once more with the message', async () => {
  add(file('a.txt'));
  await rest();
  say('with', { files: unsent() });
  page.hub.whole.clear();
  page.outbox.refuse({ key: 'key with', code: 'no_such_file', message: 'It is gone.' });
  page.outbox.retry('key with');
  await rest();
  assert.equal(page.hub.asked.filter((asked) => asked.startsWith('PUT')).length, 2);
  assert.equal(page.hub.said.length, 2);
});

test('files of somebody else are none of mine', async () => {
  add(file('a.txt'));
  await rest();
  page.store.setSession({ me: null });
  assert.deepEqual(page.store.attached, []);
  page.store.setSession({ me: { who: 'b', name: 'Ben' } });
  assert.deepEqual(page.store.attached, []);
});
