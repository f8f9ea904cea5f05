/** The card of what keys and fingers do. */
import { GESTURES, KEY_GROUPS } from '../lib/keys.js';
import { html } from '../vendor/lit.js';
import { Sheet } from './sheet.js';
/** @import { KeyEntry } from '../lib/keys.js' */

const MAC = /^Mac|^iP/.test(navigator.platform);

/** @type {Record<string, string>} */
const NAMES = {
  Mod: MAC ? '⌘' : 'Ctrl', Escape: 'Esc', PageUp: 'Page up', PageDown: 'Page down', ContextMenu: 'Menu key',
};
/** @type {Record<string, [sign: string, words: string]>} */
const ARROWS = {
  ArrowUp: ['↑', 'Arrow up'], ArrowDown: ['↓', 'Arrow down'],
  ArrowLeft: ['←', 'Arrow left'], ArrowRight: ['→', 'Arrow right'],
};

export class HearthHelpCard extends Sheet {
  card() {
    return html`${this.top('Keys')}<div class="sheet-body keys">
      ${KEY_GROUPS.map(({ title, keys }) => html`<h3>${title}</h3><dl>${keys.map(entry)}</dl>`)}
      <h3>With fingers</h3><dl>${GESTURES.map(gestureEntry)}</dl></div>`;
  }
}

/** @param {KeyEntry} keys */
function entry({ does, press }) {
  const ways = press.map((keys, at) => html`${at ? ' or ' : ''}${keys.map((key, held) => html`${
    held ? ' + ' : ''}<kbd>${name(key)}</kbd>`)}`);
  return html`<div><dt>${does}</dt><dd>${ways}</dd></div>`;
}

/** @param {string[]} gesture */
function gestureEntry([gesture, does]) {
  return html`<div><dt>${does}</dt><dd>${gesture}</dd></div>`;
}

// An arrow is read out in words.
/** @param {string} key */
function name(key) {
  const arrow = ARROWS[key];
  if (!arrow) return NAMES[key] ?? key;
  return html`<span aria-hidden="true">${arrow[0]}</span><span class="quiet">${arrow[1]}</span>`;
}

customElements.define('hearth-help-card', HearthHelpCard);
