/** The choice of how close messages stand. */
import { density, setDensity } from '../../lib/density.js';
import { html } from '../../vendor/lit.js';
import { icon } from '../icon.js';
import { onValue } from '../listeners.js';

const STEPS = { comfortable: 'Comfortable', compact: 'Compact' };

export function densityChoice() {
  const options = Object.entries(STEPS).map(([value, name]) => html`
        <option value=${value} .selected=${value === density()}>${name}</option>`);
  return html`<label class="menu-item density">${icon('rows')}<span class="what"><span>Density</span><small>How close
      messages stand, in this browser</small></span>
      <select class="field" aria-label="Density of messages"
        @change=${onValue(setDensity)}>${options}</select></label>`;
}
