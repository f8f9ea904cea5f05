/**
 * The list above the composer of what can stand in place of the word being typed: people for `@`, emoji for `:`. What
 * is offered comes from sources, see `completion/sources.js`. The focus stays in the text box all the while.
 */
import { folded } from '../lib/matching.js';
import { typedWord } from '../lib/typed-word.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { avatarIcon } from './avatar-icon.js';
import { completeShortcode, completeTyped } from './completion/emoji-source.js';
import { SIGNS, SOURCES } from './completion/sources.js';
import { Component } from './component.js';
import { icon } from './icon.js';
import './outside-note.js';
import { replaceText } from './replace-text.js';
/** @import { TypedWord } from '../lib/types.d.ts' */
/** @import { CompletionItem, CompletionSource } from './types.d.ts' */

const PAUSE = 150; // ms after the last letter until a source may ask the hub
const MOST = 30; // entries
/** @type {Record<string, number | undefined>} */
const STEPS = { ArrowUp: -1, ArrowDown: 1 };
let isFresh = true; // what was typed while this was loaded was not heard

export class HearthCompletion extends Component {
  /** @type {TypedWord | null} */
  #word = null; // the word that is completed
  /** @type {{ start: number, length: number } | null} */
  #shut = null; // a word for which the list was closed
  /** @type {CompletionSource | undefined} */
  #source;
  /** @type {CompletionItem[]} */
  #items = [];
  #active = 0;
  #turn = 0; // grows with each search
  #timer = 0;
  #stop = new AbortController();

  // Stands in the card of the text box. Its keys are heard before those of the box.
  connectedCallback() {
    super.connectedCallback();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const form = this.closest('form');
    form?.addEventListener('keydown', (event) => this.#key(event), { capture: true, signal });
    form?.addEventListener('input', () => this.#search(), { signal });
    form?.addEventListener('input', (event) => completeTyped(/** @type {InputEvent} */ (event), this), { signal });
    form?.addEventListener('submit', () => this.#close(), { signal });
    form?.addEventListener('focusout', () => this.#close(), { signal });
    for (const type of ['click', 'keyup']) {
      form?.addEventListener(type, () => this.#items.length && this.#search(), { signal }); // the caret may have moved
    }
    this.#box?.setAttribute('aria-autocomplete', 'list');
    this.#search();
    if (isFresh) completeShortcode(this.#box, this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop.abort();
    this.#close();
  }

  view() {
    const { length } = this.#items;
    const told = length === 1 ? 'One suggestion' : `${length} suggestions`;
    return html`<p class="quiet" role="status">${length ? told : ''}</p>${length ? this.#list() : nothing}`;
  }

  drawn() {
    const box = this.#box;
    const active = this.querySelector('[aria-selected="true"]');
    box?.setAttribute('aria-expanded', String(Boolean(active)));
    for (const [name, id] of Object.entries({ controls: active?.parentElement?.id, activedescendant: active?.id })) {
      if (id) box?.setAttribute(`aria-${name}`, id);
      else box?.removeAttribute(`aria-${name}`);
    }
    active?.scrollIntoView({ block: 'nearest' });
  }

  get #box() {
    return this.closest('form')?.querySelector('textarea');
  }

  // On a phone, what is tapped would take the focus, and the keyboard would go.
  #list() {
    return html`<ul class="completion" id="completion" role="listbox" aria-label=${this.#source?.label}
      @mousedown=${(/** @type {Event} */ event) => event.preventDefault()}>${
        repeat(this.#items, ({ id }) => id, (item, at) => this.#option(item, at))}</ul>`;
  }

  /**
   * @param {CompletionItem} item
   * @param {number} at
   */
  #option(item, at) {
    return html`<li role="option" id=${`completion-${at}`} aria-selected=${String(at === this.#active)}
      @click=${() => this.#choose(item)}>${signOf(item)}<bdi>${item.label}</bdi>${item.hint
        ? html`<small>${item.hint}</small>`
        : nothing}</li>`;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, isComposing, keyCode, shiftKey, altKey, ctrlKey, metaKey } = event;
    // In an input method the keys choose among its own words.
    if (!this.#items.length || isComposing || keyCode === 229 || shiftKey || altKey || ctrlKey || metaKey) return;
    const step = STEPS[key];
    if (step) this.#move(step);
    else if (key === 'Enter' || key === 'Tab') this.#choose(this.#items[this.#active]);
    else if (key === 'Escape') this.#leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} step */
  #move(step) {
    const { length } = this.#items;
    this.#active = (this.#active + step + length) % length;
    this.update();
  }

  /** @param {CompletionItem} item */
  #choose(item) {
    const box = this.#box;
    const word = this.#word;
    if (!box || !word) return;
    this.#leave();
    const end = word.start + 1 + word.query.length;
    const space = /^[\s\p{P}]/u.test(box.value.slice(end)) ? '' : ' ';
    this.dispatchEvent(new CustomEvent('complete', { bubbles: true, detail: item }));
    this.#source?.chosen?.(item, this);
    replaceText(box, { start: word.start, end, text: item.insert + space });
  }

  // Closes the list until another word is typed, or this one anew.
  #leave() {
    this.#shut = this.#word && { start: this.#word.start, length: this.#word.query.length };
    this.#close();
  }

  #close() {
    this.#turn += 1;
    clearTimeout(this.#timer);
    if (!this.#items.length) return;
    this.#items = [];
    this.update();
  }

  async #search() {
    const box = this.#box;
    if (!box || document.activeElement !== box) return;
    const caret = box.selectionStart === box.selectionEnd ? box.selectionEnd : 0;
    const word = typedWord(box.value, caret, SIGNS);
    if (word?.start !== this.#shut?.start || (word && this.#shut && word.query.length < this.#shut.length)) {
      this.#shut = null;
    }
    const source = SOURCES.find(({ sign }) => sign === word?.sign);
    if (!word || !source || this.#shut) return this.#close();
    const isSame = word.start === this.#word?.start && word.query === this.#word.query;
    if (isSame && this.#items.length) return undefined;
    [this.#word, this.#source, this.#active] = [word, source, 0];
    clearTimeout(this.#timer);
    const turn = (this.#turn += 1);
    const find = async (/** @type {CompletionSource['find'] | undefined} */ ask) => {
      try {
        const found = await ask?.(word.query, this);
        if (found && turn === this.#turn) this.#show(found, word.query);
      } catch (problem) {
        if (!problem.code) throw problem; // the hub refused or is away: what was found is offered
      }
    };
    await find(source.find);
    if (turn === this.#turn) this.#timer = setTimeout(() => find(source.more), PAUSE);
    return undefined;
  }

  /**
   * @param {CompletionItem[]} found
   * @param {string} query
   */
  #show(found, query) {
    const before = this.#active ? this.#items[this.#active]?.id : '';
    // A name that stands there already, with a space behind it, is complete: Enter sends the message.
    const whole = /\s$/u.test(query) && folded(query.trim());
    const complete = whole && found.some(({ label }) => folded(label) === whole);
    const named = found.find(({ label }) => folded(label) === folded(query.trim()));
    const detail = { ...named, written: query.trim() };
    if (named) this.dispatchEvent(new CustomEvent('named', { bubbles: true, detail }));
    this.#items = complete ? [] : found.slice(0, MOST);
    this.#active = Math.max(0, this.#items.findIndex(({ id }) => id === before));
    this.update();
  }
}

/** @param {CompletionItem} item */
function signOf({ avatar, icon: name, emoji, label }) {
  if (avatar) return avatarIcon(avatar, label, 'small');
  if (name) return icon(name);
  return html`<span class="emoji" aria-hidden="true">${emoji}</span>`;
}

customElements.define('hearth-completion', HearthCompletion);
isFresh = false;
