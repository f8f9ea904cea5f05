/** Shown in place of a room that cannot be opened. */
import { html } from '../vendor/lit.js';
import { icon } from './icon.js';
/** @import { ProblemParts } from '../lib/types.d.ts' */

/**
 * `leave()` goes to the general room.
 * @param {ProblemParts} problem
 * @param {() => void} leave
 */
export function roomProblem({ code, status, message }, leave) {
  const missing = code === 'no_such_room';
  const forbidden = status === 403;
  const title = missing
    ? 'There is no such room'
    : forbidden ? 'You may not enter this room' : 'This room cannot be opened';
  const back = (/** @type {Event} */ event) => {
    event.preventDefault();
    leave();
  };
  return html`<div class="lone">${icon('mark', 'mark')}
      <h2>${title}</h2>
      <p dir="auto">${missing ? 'Perhaps it was deleted, or it is only for people who were invited.' : message}</p><p><a
        class="button" href="/general" @click=${back}>Go to general</a></p></div>`;
}
