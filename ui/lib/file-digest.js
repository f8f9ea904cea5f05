/**
 * The sum by which the hub finds out whether a file came as it was. Worked out in a worker, piece by piece: a page by
 * plain HTTP has no `crypto.subtle`, and that would need the whole file in memory.
 */
import { newWorker } from './new-worker.js';

/** @type {Worker | null} */
let worker = null;
/** @type {Map<number, (digest: string) => void>} */
const waiting = new Map();
let last = 0;

/**
 * The SHA-256 of a file in base64, or '' where it could not be worked out: then it is sent without.
 * @param {Blob} file
 * @param {AbortSignal} signal
 * @returns {Promise<string>}
 */
export function fileDigest(file, signal) {
  return new Promise((resolve) => {
    const id = last += 1;
    try {
      worker ??= started();
    } catch {
      return resolve('');
    }
    const asked = worker;
    waiting.set(id, resolve);
    signal.addEventListener('abort', () => {
      asked.postMessage({ id });
      answer(id, '');
    });
    asked.postMessage({ id, file });
  });
}

function started() {
  const made = newWorker(new URL('./digest-worker.js', import.meta.url).href);
  made.onmessage = ({ data: { id, digest } }) => answer(id, digest);
  made.onerror = () => {
    for (const id of [...waiting.keys()]) answer(id, '');
    worker = null;
  };
  return made;
}

/**
 * @param {number} id
 * @param {string} digest
 */
function answer(id, digest) {
  waiting.get(id)?.(digest);
  waiting.delete(id);
}
