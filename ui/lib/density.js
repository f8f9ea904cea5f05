/** The density of messages in this browser: `comfortable` or `compact`. The style sheets read it off the page. */
import { browserStorage } from './storage.js';

export function density() {
  return browserStorage.get('density', '') === 'compact' ? 'compact' : 'comfortable';
}

/** @param {string} value */
export function setDensity(value) {
  browserStorage.set('density', value === 'compact' ? value : undefined);
  showDensity();
}

export function showDensity(root = document.documentElement) {
  root.dataset.density = density();
}
