/** The choice of how often one may write in a room. */
import { every } from '../../lib/time.js';
import { html } from '../../vendor/lit.js';

const STEPS = [0, 5, 10, 30, 60, 300, 900, 3600];

/** `choose(seconds)` is told; `off` is what no slow mode is called. */
export function slowModeChoice(seconds, choose, label = 'Slow mode', off = 'Off') {
  const steps = STEPS.includes(seconds) ? STEPS : [...STEPS, seconds].sort((a, b) => a - b);
  return html`<label class="choice"><span>${label}</span>
    <select class="field" @change=${({ target }) => choose(Number(target.value))}>
      ${steps.map((step) => html`<option value=${step} .selected=${step === seconds}>${step ? `One message every ${every(step)}` : off}</option>`)}
    </select></label>`;
}
