/** One entry of a card's list. */
import { html, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';

/**
 * It leads to another face of the card, or with `immediate` does something at once.
 * @param {{
 *   name: string, label: string, note?: string, act: () => void, danger?: boolean, immediate?: boolean, badge?: number,
 * }} item
 */
export function menuItem({ name, label, note = '', act, danger = false, immediate = false, badge = 0 }) {
  return html`<button type="button" class="menu-item ${danger ? 'danger' : ''}" @click=${act}>${icon(name)}
    <span class="what"><span>${label}</span>${note ? html`<small><bdi>${note}</bdi></small>` : nothing}</span>
    ${badge ? html`<span class="badge">${badge}</span>` : nothing}${
      danger || immediate ? nothing : icon('go', 'go')}</button>`;
}
