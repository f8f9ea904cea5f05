/** How close messages stand in this browser: `comfortable` or `compact`. The style sheets read it off the page. */
import { kept } from './storage.js';

export function density() {
  return kept.get('density', '') === 'compact' ? 'compact' : 'comfortable';
}

export function setDensity(value) {
  kept.set('density', value === 'compact' ? value : undefined);
  showDensity();
}

export function showDensity(root = document.documentElement) {
  root.dataset.density = density();
}
