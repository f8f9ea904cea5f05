import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Upload, UploadFailure } from '../lib/upload.js';
import { pass, settle, stopClock } from './fakes.js';

const LARGE = 3 << 19;

beforeEach(() => {
  mock.timers.reset();
  stopClock();
});

const blob = (size) => new Blob([new Uint8Array(size).fill(7)]);
const answer = (status, headers = {}, error = null) => ({
  status, header: (name) => headers[name] ?? '', content: error && { error },
});

/** A hub that keeps one file; `next` are answers and losses that come before its own. */
class Hub {
  asked = [];
  next = [];
  offset = -1; // of the file, which is not there yet
  length = 0;
  complete = false;
  lost = false;

  send = async ({ method, address, headers, body, onProgress, signal }) => {
    const { 'Upload-Offset': from, 'Upload-Complete': complete, 'Repr-Digest': digest } = headers;
    this.asked.push([method, body?.size ?? 0, from && Number(from), complete, digest].filter((x) => x !== undefined));
    this.address = address;
    const first = this.next.shift();
    if (this.lost || signal.aborted) throw new Error('lost');
    if (first?.loses !== undefined) {
      onProgress(first.loses);
      this.offset = Math.max(this.offset, 0) + first.loses;
      throw new Error('lost');
    }
    if (first) return first;
    if (method === 'HEAD') {
      if (this.offset < 0) return answer(404);
      return answer(204, { 'Upload-Offset': String(this.offset), 'Upload-Complete': this.complete ? '?1' : '?0' });
    }
    if (method === 'PUT') this.offset = 0;
    else if (Number(from) !== this.offset) return answer(409, {}, { code: 'offset_wrong', offset: this.offset });
    onProgress(body.size);
    this.offset += body.size;
    this.complete = complete === '?1';
    return answer(this.complete ? 201 : 204, { 'Upload-Offset': String(this.offset) });
  };
}

function begin(hub, size, more = {}) {
  const stop = new AbortController();
  const told = [];
  const upload = new Upload({
    address: '/api/files/general/f1', body: blob(size), name: 'a b.png', type: 'image/png', send: hub.send,
    digest: async () => 'c3Vt', told: (state) => told.push(state), signal: stop.signal, ...more,
  });
  const ended = { state: 'running' };
  upload.run().then(() => { ended.state = 'done'; }, (error) => Object.assign(ended, { state: 'failed', error }));
  return { upload, told, ended, stop };
}

const until = async (condition) => {
  for (let i = 0; i < 100 && !condition(); i += 1) await settle();
};

test('a small file goes in one request, with its sum', async () => {
  const hub = new Hub();
  const { ended, told } = begin(hub, 1000);
  await until(() => ended.state !== 'running');
  assert.equal(ended.state, 'done');
  assert.deepEqual(hub.asked, [['PUT', 1000, '?1', 'sha-256=:c3Vt:']]);
  assert.equal(hub.address, '/api/files/general/f1?name=a+b.png&announce=no');
  assert.deepEqual(told.at(-1), { sent: 1000, offline: false });
});

test('an empty file is a file', async () => {
  const hub = new Hub();
  const { ended } = begin(hub, 0);
  await until(() => ended.state !== 'running');
  assert.deepEqual([ended.state, hub.asked], ['done', [['PUT', 0, '?1', 'sha-256=:c3Vt:']]]);
});

test('a large file is announced before its bytes go out', async () => {
  const hub = new Hub();
  const { ended } = begin(hub, LARGE);
  await until(() => ended.state !== 'running');
  assert.deepEqual(hub.asked, [['PUT', 0, '?0'], ['PATCH', LARGE, 0, '?1', 'sha-256=:c3Vt:']]);
  assert.equal(hub.address, '/api/files/general/f1?announce=no');
});

test('the end of a large file waits for its sum', async () => {
  const hub = new Hub();
  let summed;
  const { ended } = begin(hub, LARGE, { digest: () => new Promise((done) => { summed = done; }) });
  await until(() => hub.asked.length === 3);
  const all = LARGE - 65536;
  assert.deepEqual(hub.asked, [['PUT', 0, '?0'], ['PATCH', all, 0, '?0']]);
  summed('');
  await until(() => ended.state !== 'running');
  assert.deepEqual([ended.state, hub.asked[2]], ['done', ['PATCH', 65536, all, '?1']]);
});

test('after a loss it asks, waits longer each time, and goes on from what came', async () => {
  const hub = new Hub();
  hub.next = [undefined, { loses: 500000 }, ...Array.from({ length: 3 }, () => ({ loses: 0 }))];
  const { ended, told } = begin(hub, LARGE);
  await until(() => told.at(-1)?.offline);
  for (const [wait, count] of [[1000, 3], [2000, 4], [4000, 5]]) {
    await pass(wait - 1);
    assert.equal(hub.asked.length, count - 1);
    await pass(1);
    await until(() => hub.asked.length === count);
    await settle();
  }
  await pass(8000);
  await until(() => ended.state !== 'running');
  assert.deepEqual(hub.asked.slice(-2), [['HEAD', 0], ['PATCH', LARGE - 500000, 500000, '?1', 'sha-256=:c3Vt:']]);
  assert.equal(ended.state, 'done');
});

for (const [status, code] of [[400, 'gone'], [408, 'too_slow'], [503, 'busy'], [409, 'conflict']]) {
  test(`${status} ${code} is a loss like another`, async () => {
    const hub = new Hub();
    hub.next = [answer(status, {}, { code, message: 'No.' })];
    const { ended } = begin(hub, 10);
    await until(() => hub.asked.length === 1);
    await pass(1000);
    await until(() => ended.state !== 'running');
    assert.deepEqual([ended.state, hub.asked.length], ['done', 3]);
  });
}

test('it goes on at once when the network is back', async () => {
  const hub = new Hub();
  hub.next = [{ loses: 0 }];
  const { ended, upload, told } = begin(hub, 10);
  await until(() => told.at(-1)?.offline);
  upload.wake();
  await until(() => ended.state !== 'running');
  assert.equal(ended.state, 'done');
});

test('what the hub had before is not sent again', async () => {
  const hub = new Hub();
  hub.offset = 600000;
  const { ended } = begin(hub, LARGE, { begun: true });
  await until(() => ended.state !== 'running');
  assert.deepEqual(hub.asked.map(([method, size]) => [method, size]), [['HEAD', 0], ['PATCH', LARGE - 600000]]);
  const whole = Object.assign(new Hub(), { offset: LARGE, complete: true });
  const again = begin(whole, LARGE, { begun: true });
  await until(() => again.ended.state !== 'running');
  assert.deepEqual([again.ended.state, whole.asked], ['done', [['HEAD', 0]]]);
});

test('another offset than it thought is taken over', async () => {
  const hub = new Hub();
  hub.next = [undefined, answer(409, {}, { code: 'offset_wrong', offset: 0 })];
  const { ended } = begin(hub, LARGE);
  await until(() => ended.state !== 'running');
  assert.deepEqual([ended.state, hub.asked.length], ['done', 3]);
});

for (const [status, code] of [
  [413, 'file_too_large'], [507, 'files_full'], [507, 'disk_full'], [403, 'muted'], [404, 'no_such_room'],
]) {
  test(`the hub refuses with ${status} ${code}`, async () => {
    const hub = new Hub();
    hub.next = [answer(status, {}, { code, message: 'No.' })];
    const { ended, upload } = begin(hub, LARGE);
    await until(() => ended.state !== 'running');
    assert.deepEqual([ended.state, ended.error.message, ended.error.code], ['failed', 'No.', code]);
    assert.ok(ended.error instanceof UploadFailure);
    assert.equal(hub.asked.length, 1);
    assert.ok(!upload.isBegun, 'the hub has nothing of it');
  });
}

test('too many at once wait as long as the hub says', async () => {
  const hub = new Hub();
  hub.next = [answer(429, { 'Retry-After': '5' }, { code: 'too_many_uploads', message: 'Wait.' })];
  const { ended } = begin(hub, 10);
  await until(() => hub.asked.length === 1);
  await pass(4999);
  assert.equal(hub.asked.length, 1);
  await pass(1);
  await until(() => ended.state !== 'running');
  assert.equal(ended.state, 'done');
});

test('an upload that the hub has forgotten begins anew', async () => {
  const hub = new Hub();
  const some = answer(204, { 'Upload-Offset': '9', 'Upload-Complete': '?0' });
  hub.next = [some, answer(404, {}, { code: 'no_such_file' })];
  const { ended } = begin(hub, LARGE, { begun: true });
  await until(() => ended.state !== 'running');
  assert.deepEqual(hub.asked.map(([method]) => method), ['HEAD', 'PATCH', 'PUT', 'PATCH']);
  assert.equal(ended.state, 'done');
});

test('a file that came damaged is sent once more, and not for ever', async () => {
  const damaged = answer(422, {}, { code: 'digest_wrong', message: 'Damaged.' });
  const hub = new Hub();
  hub.next = [damaged];
  const once = begin(hub, 10);
  await until(() => once.ended.state !== 'running');
  assert.equal(once.ended.state, 'done');
  const bad = Object.assign(new Hub(), { next: [damaged, damaged, damaged] });
  const ever = begin(bad, 10);
  await until(() => ever.ended.state !== 'running');
  assert.deepEqual([ever.ended.state, ever.ended.error.message], ['failed', 'Damaged.']);
});

test('a hub that fails each time is given up', async () => {
  const hub = new Hub();
  hub.next = Array.from({ length: 20 }, () => answer(500, {}, { code: 'failed', message: 'Something went wrong.' }));
  const { ended } = begin(hub, 10);
  for (let i = 0; i < 20 && ended.state === 'running'; i += 1) await pass(30000);
  assert.deepEqual([ended.state, hub.asked.length], ['failed', 9]);
});

test('a file that changed meanwhile says so', async () => {
  const hub = new Hub();
  hub.lost = true;
  const gone = { size: 10, slice: () => ({ size: 1, arrayBuffer: () => Promise.reject(new Error('gone')) }) };
  const { ended } = begin(hub, 10, { body: gone });
  await until(() => ended.state !== 'running');
  assert.equal(ended.error.code, 'unreadable');
});

test('it can be ended, also while it waits', async () => {
  const hub = new Hub();
  hub.lost = true;
  const { ended, stop, told } = begin(hub, 10);
  await until(() => told.at(-1)?.offline);
  stop.abort();
  await until(() => ended.state !== 'running');
  assert.ok(ended.state === 'failed' && !(ended.error instanceof UploadFailure));
});

test('a pause of the hub is waited for, however long it is', async () => {
  const hub = new Hub();
  const paused = answer(503, { 'Retry-After': '10' }, { code: 'paused', message: 'Paused.' });
  hub.next = Array.from({ length: 40 }, () => paused);
  const { ended } = begin(hub, 10);
  for (let i = 0; i < 40; i += 1) {
    await until(() => hub.asked.length === i + 1);
    await pass(10000);
  }
  await until(() => ended.state !== 'running');
  assert.equal(ended.state, 'done');
});
