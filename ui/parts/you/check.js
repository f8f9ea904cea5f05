/** A switch in a card, with what it does. */
import { html, nothing } from '../../vendor/lit.js';

/**
 * @param {string} label
 * @param {boolean} on
 * @param {(on: boolean) => void} set
 * @param {string} [note]
 */
export function check(label, on, set, note) {
  const change = (/** @type {{ target: HTMLInputElement }} */ { target }) => set(target.checked);
  return html`<label class="check"><input type="checkbox" role="switch" .checked=${on} @change=${change}>
    <span class="what"><span>${label}</span>${note ? html`<small>${note}</small>` : nothing}</span></label>`;
}
