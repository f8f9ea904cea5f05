/** Marks without typing them: by keys while one writes, and by a bar that a button beside the text box opens. */
import { nextEntry } from '../lib/next-entry.js';
import { html, nothing } from '../vendor/lit.js';
import { Component } from './component.js';
import { icon } from './icon.js';
import { loaded } from './loaded.js';
import { replaceText } from './replace-text.js';
/** @import { MarkName, TextChange } from '../lib/types.d.ts' */

const MAC = /Mac|iP(?:hone|ad)/.test(navigator.platform);
/** @type {Map<string, MarkName>} */
const MARKS = new Map([['B', 'bold'], ['I', 'italic'], ['K', 'link'], ['E', 'code']]);

class HearthFormatButton extends Component {
  #open = false;
  #stop = new AbortController();

  connectedCallback() {
    super.connectedCallback();
    this.#stop = new AbortController();
    this.closest('form')?.addEventListener('keydown', (event) => this.#key(event), { signal: this.#stop.signal });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop.abort();
  }

  // On a phone, what is tapped would take the focus, and the keyboard would go.
  view() {
    const choose = (/** @type {MarkName} */ name) => this.#format(name);
    const bar = this.#open ? html`<hearth-format-bar .choose=${choose}></hearth-format-bar>` : nothing;
    return html`<button type="button" class="knob" aria-label="Format" title="Format"
      aria-expanded=${String(this.#open)} @click=${() => this.#toggle()}
      @mousedown=${(/** @type {Event} */ event) => event.preventDefault()}>${icon('format')}</button>${bar}`;
  }

  get #box() {
    return this.closest('form')?.querySelector('textarea');
  }

  async #toggle() {
    if (!this.#open && !await loaded(() => import('./format-bar.js'))) return;
    this.#open = !this.#open;
    this.update();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const box = this.#box;
    if (!box || event.target !== box || event.isComposing || event.keyCode === 229 || event.altKey) return;
    const { ctrlKey, metaKey, shiftKey } = event;
    const held = (MAC ? metaKey && !ctrlKey : ctrlKey && !metaKey) && !shiftKey;
    const mark = held && MARKS.get(letterOf(event));
    const isLine = event.key === 'Enter' && shiftKey && !ctrlKey && !metaKey && box.selectionStart === box.selectionEnd;
    const entry = isLine ? nextEntry(box.value, box.selectionStart) : null;
    if (!mark && !entry) return;
    event.preventDefault();
    if (entry) put(box, entry);
    if (mark) this.#format(mark);
  }

  /** @param {MarkName} name */
  async #format(name) {
    const module = await loaded(() => import('../lib/text-marks.js'));
    const box = this.#box;
    if (module && box) put(box, module.toggleMark(box.value, box.selectionStart, box.selectionEnd, name));
  }
}

/**
 * @param {HTMLTextAreaElement} box
 * @param {TextChange} change
 */
function put(box, change) {
  replaceText(box, change);
  box.setSelectionRange(...change.selection);
}

/**
 * The Latin letter of a key, also where the keyboard writes another script.
 * @param {KeyboardEvent} event
 */
function letterOf({ key, code }) {
  return /^[a-z]$/i.test(key) ? key.toUpperCase() : code.replace('Key', '');
}

customElements.define('hearth-format-button', HearthFormatButton);
