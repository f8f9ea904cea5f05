/** Loading what a first visit does not need. */
import { raise } from './raise.js';

/** @type {Promise<void> | null} */
let sheet = null;

/** Resolves once the style of all this is there, rejects where it does not come. */
function style() {
  sheet ??= new Promise((done, failed) => {
    const link = Object.assign(document.createElement('link'), {
      rel: 'stylesheet', href: String(new URL('../css/later.css', import.meta.url)), onload: () => done(),
      onerror: () => {
        link.remove();
        sheet = null;
        failed();
      },
    });
    document.querySelector('link[rel="stylesheet"]')?.after(link); // before the one for older browsers
  });
  return sheet;
}

/**
 * What a module exports, once it and its style are there; null where the hub does not send both, which the reader is
 * told.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T | null>}
 */
export async function loaded(load) {
  try {
    await style(); // first, or what is drawn as its module comes would have none
    return await load();
  } catch {
    const text = 'That did not come from the hub. Check the connection, then load this page again.';
    raise(document.body, 'notice', { text });
    return null;
  }
}
