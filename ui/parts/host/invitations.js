/** Invitations, with which newcomers need no host: the form that makes one, the one just made, and those still good. */
import { ago } from '../../lib/time.js';
import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../icon.js';
import { onSubmit } from '../listeners.js';
/** @import { Invitation } from '../../lib/types.d.ts' */
/** @typedef {{ url: string, count: number, picture: Element }} Made */

/**
 * `made`: the one just made, or null; `make(count)`, `withdraw(id)`, `copy(url)` and `done()` are the buttons.
 * @param {Invitation[]} list
 * @param {{
 *   made: Made | null, busy: boolean, make: (count: number) => void, withdraw: (id: string) => void,
 *   copy: (url: string) => void, done: () => void,
 * }} options
 */
export function invitations(list, { made, busy, make, withdraw, copy, done }) {
  const lines = list.map((invitation) => line(invitation, withdraw));
  return html`<section class="part"><h3>Invitations</h3>
      ${made ? shown(made, copy, done) : form(busy, make)}
      ${list.length ? html`<ul class="lines">${lines}</ul>` : nothing}</section>`;
}

/**
 * @param {boolean} busy
 * @param {(count: number) => void} make
 */
function form(busy, make) {
  return html`<form class="row-form short" @submit=${onSubmit(({ count }) => make(Number(count.value)))} novalidate>
        <label class="labelled">For how many people?
          <input class="field" type="number" name="count" min="1" max="100" value="1" inputmode="numeric"></label>
        <button class="button primary" aria-disabled=${String(busy)}>Make an invitation</button></form>`;
}

/**
 * @param {Made} invitation
 * @param {(url: string) => void} copy
 * @param {() => void} done
 */
function shown({ url, picture, count }, copy, done) {
  return html`<div class="once" role="status"><p><b>For ${
        count === 1 ? 'one person' : `${count} people`}.</b> It is shown only now: send the address, or let a phone
        scan the QR code.</p>
      ${picture}
      <div class="copyable"><code>${url}</code><button type="button" class="knob" aria-label="Copy the address"
        title="Copy" @click=${() => copy(url)}>${icon('copy')}</button></div>
      <div class="card-foot"><button type="button" class="button" @click=${done}>Done</button></div></div>`;
}

/**
 * @param {Invitation} invitation
 * @param {(id: string) => void} withdraw
 */
function line({ id, made, left }, withdraw) {
  return html`<li class="item">${icon('invite')}
        <span class="what"><span>For ${left === 1 ? 'one more person' : `${left} more people`}</span><small>made ${
          ago(made)}</small></span>
        <button type="button" class="button small" @click=${() => withdraw(id)}>Withdraw</button></li>`;
}
