/** Loading what a first visit does not need. */
import { raise } from './raise.js';

/**
 * What a module exports, once it is there; null where the hub does not send it, which the reader is told.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T | null>}
 */
export async function loaded(load) {
  try {
    return await load();
  } catch {
    const text = 'That did not come from the hub. Check the connection, then load this page again.';
    raise(document.body, 'notice', { text });
    return null;
  }
}
