import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepareFile } from '../lib/prepare-file.js';

const preview = async () => null;
// A JPEG that ends at once, with a comment before that or without.
const [said, plain] = [[0xff, 0xd8, 0xff, 0xfe, 0, 4, 65, 66, 0xff, 0xd9], [0xff, 0xd8, 0xff, 0xd9]];
const picture = (bytes, type = 'image/jpeg') => new File([new Uint8Array(bytes)], 'a.jpg', { type });
const bytesOf = async ({ body }) => [...new Uint8Array(await body.arrayBuffer())];

test('a picture goes without what it says', async () => {
  const prepared = await prepareFile(picture(said), { keep: false, preview });
  assert.deepEqual([await bytesOf(prepared), prepared.stripped, prepared.body.type], [plain, true, 'image/jpeg']);
});

test('unless it is asked for, and where there is nothing to be left out, it goes as it is', async () => {
  for (const [file, keep] of [[picture(said), true], [picture(plain), false], [picture(said, 'text/plain'), false]]) {
    const prepared = await prepareFile(file, { keep, preview });
    assert.deepEqual([prepared.body, prepared.stripped], [file, false]);
  }
});

test('the small picture is made of what is sent', async () => {
  const made = new Blob();
  let size = 0;
  const prepared = await prepareFile(picture(said), { keep: false, preview: async (body) => {
    size = body.size;
    return made;
  } });
  assert.deepEqual([prepared.preview, size], [made, 4]);
});

test('what cannot be read is told', async () => {
  const folder = { size: 4096, type: '', slice: () => ({ arrayBuffer: () => Promise.reject(new Error('no file')) }) };
  await assert.rejects(prepareFile(folder, { keep: false, preview }));
});
