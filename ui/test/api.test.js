import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import * as api from '../lib/api.js';
import { answerBy, pass, silence, stopClock } from './fakes.js';

beforeEach(() => {
  mock.timers.reset();
  stopClock();
});

const problemOf = (promise) => promise.then(
  () => null, ({ code, message, status, retryAfter, recovery }) => ({ code, message, status, retryAfter, recovery }),
);
const none = { retryAfter: 0, recovery: null };

test('room and person names are escaped in URLs', async () => {
  const requests = answerBy(() => ({ people: [], events: [], last: 0 }));
  await api.page('a/b?c', { after: 3, limit: 60 });
  await api.people('Ana & Ben');
  await api.change('שלום', { do: 'topic', text: 'Tea' });
  assert.deepEqual(requests, [
    ['GET', '/api/chat/a%2Fb%3Fc?after=3&limit=60', undefined],
    ['GET', '/api/people?like=Ana%20%26%20Ben', undefined],
    ['POST', '/api/rooms/%D7%A9%D7%9C%D7%95%D7%9D', { do: 'topic', text: 'Tea' }],
  ]);
});

test('a 204 answer is null', async () => {
  answerBy(() => [204, null]);
  assert.equal(await api.forget(), null);
});

test('a refusal becomes a Problem with the code, message and details of the hub', async () => {
  answerBy(() => [429, { error: { code: 'too_fast', message: 'Slowly.', retry_after: 3 } }]);
  assert.deepEqual(
    await problemOf(api.rooms()), { ...none, code: 'too_fast', message: 'Slowly.', status: 429, retryAfter: 3 },
  );
  answerBy(() => [409, { error: { code: 'taken', message: 'Taken.', elsewhere: ['http://b/'], ask: true } }]);
  assert.deepEqual((await problemOf(api.enter({ name: 'Ana' }))).recovery, { elsewhere: ['http://b/'], ask: true });
});

test('an error from a proxy becomes a Problem with a general message', async () => {
  globalThis.fetch = async () => new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'Retry-After': '7' } });
  assert.deepEqual(await problemOf(api.rooms()), {
    ...none, code: 'failed', message: 'Something went wrong. Try again.', status: 502, retryAfter: 7,
  });
  globalThis.fetch = async () => new Response('welcome to the hotel', { status: 200 });
  assert.equal((await problemOf(api.rooms())).code, 'failed', 'nor is every answer one of the hub');
});

test('an unreachable hub and a timeout give the Problem "unreachable"', async () => {
  const away = { ...none, code: 'unreachable', message: 'Hearth cannot be reached.', status: 0 };
  answerBy(() => undefined);
  assert.deepEqual(await problemOf(api.rooms()), away);
  answerBy(silence);
  let problem;
  problemOf(api.rooms()).then((found) => { problem = found; });
  await pass(11999);
  assert.equal(problem, undefined);
  await pass(1);
  assert.deepEqual(problem, away);
});

test('the first question that start.js has asked is not asked again', async () => {
  globalThis.location = { pathname: '/%D7%A9' };
  const requests = answerBy(() => ({ me: 'by ourselves' }));
  const begun = (answer) => { globalThis.hearthStart = { answer, stop: new AbortController() }; };
  begun(Promise.resolve(Response.json({ me: 'by start.js' })));
  assert.deepEqual([await api.start(), requests], [{ me: 'by start.js' }, []]);
  assert.deepEqual(await api.start(), { me: 'by ourselves' });
  assert.deepEqual(requests, [['GET', '/api/start?room=%D7%A9', undefined]], 'it was taken once');
  begun(Promise.reject(new TypeError('fetch failed')));
  assert.equal((await problemOf(api.start())).code, 'unreachable');
  assert.deepEqual(await api.start(), { me: 'by ourselves' }, 'after a failure too');
});

test('the first question that start.js has asked is given up in time', async () => {
  const stop = new AbortController();
  const answer = new Promise((_, reject) => stop.signal.addEventListener('abort', () => reject(stop.signal.reason)));
  globalThis.hearthStart = { answer, stop };
  let problem;
  problemOf(api.start()).then((found) => { problem = found; });
  await pass(11999);
  assert.equal(problem, undefined);
  await pass(1);
  assert.equal(problem.code, 'unreachable');
});

test('the beginning of a file comes as text, without half a letter', async () => {
  const asked = [];
  globalThis.fetch = async (address, { headers }) => {
    asked.push([address, headers]);
    return new Response(new TextEncoder().encode('naïve').slice(0, 3), { status: 206 });
  };
  assert.equal(await api.fileText('a/b', 'x-1', 3), 'na');
  assert.deepEqual(asked, [['/api/files/a%2Fb/x-1', { Range: 'bytes=0-2' }]]);
  answerBy(() => [410, { error: { code: 'file_gone', message: 'Gone.' } }]);
  assert.equal((await problemOf(api.fileText('a', 'x', 3))).status, 410);
});

test('the files of a room come by the page', async () => {
  const requests = answerBy(() => ({ files: [], more: false }));
  await api.files('a/b', { before: 9, limit: 60 });
  assert.deepEqual(requests, [['GET', '/api/files/a%2Fb?before=9&limit=60', undefined]]);
});
