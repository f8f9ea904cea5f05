/** Icons from the one sprite, as a template or as a node. Never read out: the button around them has a name. */
import { html } from '../vendor/lit.js';

const SPRITE = new URL('../icons.svg', import.meta.url).pathname;
const SVG = 'http://www.w3.org/2000/svg';

/** @param {string} name */
export function icon(name, className = '') {
  return html`<svg class="icon icon-${name} ${className}" viewBox="0 0 24 24" aria-hidden="true"><use
    href="${SPRITE}#${name}"></use></svg>`;
}

/** @param {string} name */
export function iconNode(name, className = '') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', `icon icon-${name} ${className}`);
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}
