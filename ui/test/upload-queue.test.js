import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UploadQueue } from '../lib/upload-queue.js';
import { settle } from './fakes.js';

function tasks(queue, names) {
  const [begun, end] = [[], {}];
  const stops = names.map((name) => {
    const stop = new AbortController();
    queue.add(() => new Promise((done) => {
      begun.push(name);
      end[name] = done;
    }), stop.signal);
    return stop;
  });
  return { begun, end, stops };
}

test('no more than two run at once, in order', async () => {
  const { begun, end } = tasks(new UploadQueue(2), ['a', 'b', 'c', 'd']);
  assert.deepEqual(begun, ['a', 'b']);
  end.b();
  await settle();
  assert.deepEqual(begun, ['a', 'b', 'c']);
  end.a();
  end.c();
  await settle();
  assert.deepEqual(begun, ['a', 'b', 'c', 'd']);
});

test('what was given up does not begin', async () => {
  const { begun, end, stops } = tasks(new UploadQueue(1), ['a', 'b', 'c']);
  stops[1].abort();
  end.a();
  await settle();
  assert.deepEqual(begun, ['a', 'c']);
});
