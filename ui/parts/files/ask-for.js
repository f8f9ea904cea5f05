/** Asking for something from where no part of the page need be any more. */
import { raise } from '../raise.js';
/** @import { Requests } from '../../lib/types.d.ts' */
/** @import { Answer } from '../types.d.ts' */

/**
 * Asks by a name of `lib/requests.js`; resolves to the answer, or rejects with a Problem.
 * @template {keyof Requests} K
 * @param {K} name
 * @param {Requests[K]} detail
 * @returns {Promise<Answer<K>>}
 */
export function askFor(name, detail) {
  return new Promise((answer) => raise(document.body, 'request', { name, detail, answer }));
}
