/** The choice of how often one may write in a room. */
import { every } from '../../lib/time.js';
import { html } from '../../vendor/lit.js';
import { icon } from '../icon.js';
import { onValue } from '../listeners.js';

const STEPS = [0, 5, 10, 30, 60, 300, 900, 3600]; // seconds

/**
 * As an item of the card about a room.
 * @param {number} seconds
 * @param {(seconds: number) => void} choose
 */
export function slowModeItem(seconds, choose) {
  return html`<label class="menu-item density">${icon('clock')}<span class="what">Slow mode</span>
    ${slowModeSelect(seconds, choose, 'Off')}</label>`;
}

/**
 * `choose(seconds)` is called with a choice; `off` is the name of none.
 * @param {number} seconds
 * @param {(seconds: number) => void} choose
 * @param {string} off
 */
export function slowModeSelect(seconds, choose, off) {
  const steps = STEPS.includes(seconds) ? STEPS : [...STEPS, seconds].sort((a, b) => a - b);
  const nameOf = (/** @type {number} */ step) => (step ? `One message every ${every(step)}` : off);
  return html`<select class="field" @change=${onValue((value) => choose(Number(value)))}>
      ${steps.map((step) => html`<option value=${step} .selected=${step === seconds}>${nameOf(step)}</option>`)}
    </select>`;
}
