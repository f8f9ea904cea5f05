/** The hub's code, and the way to replace it. */
import { html } from '../../vendor/lit.js';
import { icon } from '../icon.js';

/**
 * `ending`: with a new code everybody must come in again, which `setEnding(on)` chooses; `copy()`, `showInvitation()`
 * and `renew()` are the buttons.
 * @param {string} code
 * @param {{
 *   ending: boolean, setEnding: (on: boolean) => void, copy: () => void, showInvitation: () => void, renew: () => void,
 * }} on
 */
export function hubCode(code, { ending, setEnding, copy, showInvitation, renew }) {
  const toggled = (/** @type {{ target: HTMLInputElement }} */ { target }) => setEnding(target.checked);
  const groups = code.split('-').map((group) => html`<span>${group}</span>`);
  return html`<section class="part"><h3>The code</h3>
      <div class="big-code"><p dir="ltr" aria-label=${`The code is ${code.split('').join(' ')}`}>${groups}</p>
        <button type="button" class="knob" aria-label="Copy the code" title="Copy"
          @click=${copy}>${icon('copy')}</button></div>
      <p class="hint">Capitals, hyphens and spaces do not matter. The addresses under “Invite” bear it already.</p>
      <label class="check"><input type="checkbox" .checked=${ending}
        @change=${toggled}><span>Everybody but hosts must come in again</span></label>
      <div class="card-foot"><button type="button" class="button"
          @click=${showInvitation}>${icon('invite')}Show the invitation</button>
        <button type="button" class="button" @click=${renew}>New code</button></div></section>`;
}
