/** What can be completed, by the sign with which a word begins. */
import { EMOJI } from './emoji-source.js';
import { PEOPLE } from './people-source.js';
import { ROOMS } from './rooms-source.js';
/** @import { CompletionSource } from '../types.d.ts' */

/** @type {CompletionSource[]} */
export const SOURCES = [PEOPLE, ROOMS, EMOJI];

const signsOf = (/** @type {CompletionSource[]} */ list) => list.map(({ sign }) => sign).join('');

/** For `typedWord`. */
export const SIGNS = { signs: signsOf(SOURCES), spaced: signsOf(SOURCES.filter(({ spaced }) => spaced)) };
