/** What the worker for sums of files runs: answers each `{ id, file }` with `{ id, digest }`, '' where it failed. */
import { sha256 } from '../vendor/sha256.js';

const PIECE = 1 << 22; // bytes in memory at a time
/** @type {Set<number>} */
const stopped = new Set();

self.onmessage = async ({ data: { id, file } }) => {
  if (file) self.postMessage({ id, digest: await digestOf(id, file).catch(() => '') });
  else stopped.add(id);
};

/**
 * @param {number} id
 * @param {Blob} file
 */
async function digestOf(id, file) {
  const sum = sha256.create();
  for (let at = 0; at < file.size && !stopped.has(id); at += PIECE) {
    sum.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
  }
  stopped.delete(id);
  return btoa(String.fromCharCode(...sum.digest()));
}
