/** A person's initials in their colour. The name that stands beside it is what is read out. */
import { initials, tint } from '../lib/avatar.js';
import { html } from '../vendor/lit.js';

/**
 * `id` decides the colour: a person's id, or their name where they have none; `size` is a CSS class.
 * @param {string} id
 * @param {string} name
 */
export function avatarIcon(id, name, size = '') {
  return html`<span class=${`avatar ${size} tint-${tint(id)}`} aria-hidden="true">${initials(name)}</span>`;
}
