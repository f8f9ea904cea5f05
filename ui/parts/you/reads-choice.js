/** The choice whether others see how far one has read, and one sees it of them. */
import { store } from '../../lib/store.js';
import { html } from '../../vendor/lit.js';
import { icon } from '../icon.js';

/**
 * `choose(patch)` sets preferences.
 * @param {(patch: { reads: boolean | null }) => void} choose
 */
export function readsChoice(choose) {
  const change = (/** @type {Event & { target: HTMLInputElement }} */ { target }) => (
    choose({ reads: target.checked ? null : false }));
  return html`<label class="menu-item">${icon('eye')}<span class="what"><span>Show others how far I have
      read</span><small>If off, you do not see theirs either.</small></span>
      <input type="checkbox" class="switch" role="switch" .checked=${store.preferences.reads !== false}
        @change=${change}></label>`;
}
