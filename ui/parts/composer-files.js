/** The files that go with what is written. */
import { store } from '../lib/store.js';
/** @import { Attached } from '../lib/types.d.ts' */
/** @import { HearthComposer } from './composer.js' */

export const SOME_FAILED = 'Some files were not sent. Try them again, or remove them.';

/**
 * Adds files to a draft, or says why not.
 * @param {HearthComposer} composer
 * @param {File[]} files
 * @param {boolean} isEdit
 */
export function attachTo(composer, files, isEdit) {
  const closed = composer.closed(store.roomInfo(store.room?.name ?? ''));
  const text = isEdit ? 'Save your edit first, then add files.' : closed;
  if (text) composer.raise('notice', { text });
  else if (files.length) composer.raise('attach', { files, place: composer.place });
}

/** @param {Attached[]} files */
export function haveFailed(files) {
  return files.some(({ state }) => state === 'failed' || state === 'lost');
}

/** @param {Attached[]} files */
export function unsent(files) {
  return files.map(({ id, name, size, type, state }) => ({ id, name, size, type, done: state === 'done' }));
}
