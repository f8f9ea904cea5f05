/**
 * The picker of emoji: a card beside the button that opens it, from below on a phone. Only the rows in sight are drawn;
 * the focus of the grid is on the whole of it, and keys move which cell is the active one.
 */
import { emojiTone, recentEmoji, usedEmoji } from '../lib/emoji-preferences.js';
import { EmojiGrid } from '../lib/emoji-grid.js';
import { toned } from '../lib/emoji-tone.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { Component } from './component.js';
import { isOutside } from './dialog.js';
import { emojiIndex } from './emoji-index.js';
import './emoji-tones.js';
import { icon } from './icon.js';
import { onValue } from './listeners.js';
import { placeBeside } from './place-beside.js';
/** @import { EmojiIndex } from '../lib/emoji.js' */
/** @import { Emoji, EmojiCell, EmojiSection } from '../lib/types.d.ts' */

/** @type {string[]} */
const NO_TONES = [];
const AROUND = 3; // rows drawn above and below those in sight
const RECENT = '🕘';
const SIGNS = /** @type {Record<string, string>} */ ({
  'smileys-emotion': '😀', 'people-body': '👋', 'animals-nature': '🐻', 'food-drink': '🍔', 'travel-places': '🚗',
  activities: '⚽', objects: '💡', symbols: '🔣', flags: '🏁',
});

export class HearthEmojiPicker extends Component {
  static topics = ['preferences'];
  #showing = false;
  #failed = false;
  /** @type {(text: string) => void} */
  #taken = () => {};
  /** @type {EmojiIndex | null} */
  #index = null;
  #grid = new EmojiGrid([], 1);
  #query = '';
  #at = -1; // the active cell
  #window = { first: 0, last: 0 }; // the rows that are drawn
  #section = 0; // in sight
  #cellSize = 0; // px

  /**
   * `taken(text)` is called with the emoji that is chosen, once the picker is closed.
   * @param {Element} anchor
   * @param {(text: string) => void} taken
   */
  open(anchor, taken) {
    this.#taken = taken;
    [this.#showing, this.#query, this.#at, this.#section] = [true, '', -1, 0];
    this.update();
    queueMicrotask(() => {
      const dialog = this.find('dialog');
      if (!dialog.open) dialog.showModal();
      placeBeside(dialog, anchor);
      this.#cellSize = parseInt(getComputedStyle(dialog).getPropertyValue('--target'), 10);
      this.#load();
      if (matchMedia('(pointer: coarse)').matches) this.querySelector('h2')?.focus(); // no keyboard that jumps up
      else this.find('input').focus();
    });
  }

  async #load() {
    this.#failed = false;
    this.update();
    try {
      this.#index = await emojiIndex(this);
    } catch (problem) {
      if (!problem.code) throw problem;
      this.#failed = true;
    }
    this.#fill();
  }

  // What there is to choose from: everything in sections, or what was found.
  #fill() {
    const index = this.#index;
    const { cell, scroller } = this.#sizes();
    if (!index || !scroller || !cell) return this.update();
    const cellOf = (/** @type {Emoji} */ emoji) => ({ emoji });
    /** @type {EmojiSection[]} */
    const sections = this.#query.trim()
      ? [{ title: '', cells: index.search(this.#query).map(cellOf) }]
      : [
        { title: 'Recently used', cells: recentEmoji().map((text) => ({ text, emoji: index.of(text) })) },
        ...index.groups.map(({ name, emoji }) => ({ title: name, cells: emoji.map(cellOf) })),
      ];
    this.#grid = new EmojiGrid(sections, Math.max(1, Math.floor(scroller.clientWidth / cell)));
    this.#at = this.#query.trim() && this.#grid.cells.length ? 0 : -1;
    scroller.scrollTop = 0;
    return this.#look();
  }

  #sizes() {
    const cell = this.#cellSize;
    const scroller = /** @type {HTMLElement | null} */ (this.querySelector('.emoji-grid'));
    return { cell, scroller, page: scroller ? Math.max(1, Math.floor(scroller.clientHeight / cell) - 1) : 1 };
  }

  // Draws the rows that are in sight.
  #look() {
    const { cell, scroller } = this.#sizes();
    if (!scroller) return;
    const { scrollTop: top, clientHeight: inSight } = scroller;
    const [first, count] = [Math.floor(top / cell), Math.ceil(inSight / cell)];
    this.#window = { first: Math.max(0, first - AROUND), last: first + count + AROUND };
    this.#section = this.#grid.rows[first]?.section ?? 0;
    this.update();
  }

  drawn() {
    const cell = this.#cellSize;
    const space = this.querySelector('.emoji-space');
    space?.style.setProperty('block-size', `${this.#grid.rows.length * cell}px`);
    this.querySelector('.emoji-rows')?.style.setProperty('transform', `translateY(${this.#window.first * cell}px)`);
  }

  view() {
    return html`<dialog class="card emoji-card" aria-labelledby="emoji-title" @close=${() => this.#closed()}
      @pointerdown=${(/** @type {PointerEvent} */ event) => isOutside(event) && this.find('dialog').close()}>
      ${this.#showing ? this.#card() : nothing}
    </dialog>`;
  }

  #card() {
    const none = this.#index && this.#query.trim() && !this.#grid.cells.length;
    return html`<h2 class="quiet" id="emoji-title" tabindex="-1">Emoji</h2>
      <div class="emoji-head">
        <input type="search" class="field" aria-label="Search emoji" placeholder="Search emoji" autocomplete="off"
          aria-controls="emoji-grid" @input=${onValue((text) => this.#search(text))} @keydown=${this.#searchKey}>
        <button type="button" class="knob" aria-label="Close"
          @click=${() => this.find('dialog').close()}>${icon('close')}</button>
      </div>
      ${this.#tabs()}
      <p class="emoji-told" role="status">${none ? html`No emoji for <bdi>${this.#query.trim()}</bdi>.` : nothing}${
        this.#index || this.#failed ? nothing : 'Emoji are on their way.'}</p>
      ${this.#failed
        ? html`<p class="emoji-told">The emoji did not come. <button type="button" class="plainlink"
          @click=${() => this.#load()}>Try again</button></p>`
        : nothing}
      <div class="emoji-grid" id="emoji-grid" role="grid" tabindex="0" aria-label="Emoji"
        aria-rowcount=${this.#grid.rows.length} aria-activedescendant=${this.#at < 0 ? nothing : `emoji-${this.#at}`}
        @scroll=${() => this.#look()} @keydown=${this.#gridKey} @focus=${() => this.#at < 0 && this.#move(0)}
        @click=${(/** @type {Event} */ event) => this.#take(cellAt(event))}
        @pointerover=${(/** @type {PointerEvent} */ event) => this.#point(event)}>
        <div class="emoji-space" role="presentation"><div class="emoji-rows"
          role="presentation">${this.#rows()}</div></div>
      </div>
      ${this.#foot()}`;
  }

  #tabs() {
    if (this.#query.trim() || !this.#index) return nothing;
    const names = ['Recently used', ...this.#index.groups.map(({ name }) => name)];
    const signs = [RECENT, ...this.#index.groups.map(({ key }) => SIGNS[key])];
    return html`<nav class="emoji-tabs" aria-label="Categories">${names.map((name, section) => {
      const row = this.#grid.start(section);
      return row < 0 ? nothing : html`<button type="button" title=${name} aria-label=${name}
        aria-current=${section === this.#section ? 'true' : nothing}
        @click=${() => this.#scroll(row, 'start')}>${signs[section]}</button>`;
    })}</nav>`;
  }

  #rows() {
    const { first, last } = this.#window;
    const rows = this.#grid.rows.slice(first, last).map((row, i) => ({ ...row, number: first + i + 1 }));
    return repeat(rows, ({ number }) => number, ({ title, first: from, last: to, number }) => (title
      ? html`<div class="emoji-row" role="row" aria-rowindex=${number}><span class="emoji-title"
        role="rowheader">${title}</span></div>`
      : html`<div class="emoji-row" role="row" aria-rowindex=${number}>${
        this.#grid.cells.slice(from, to).map((cell, i) => this.#cell(cell, from + i))}</div>`));
  }

  /**
   * @param {EmojiCell} cell
   * @param {number} at
   */
  #cell(cell, at) {
    const active = at === this.#at;
    const text = written(cell);
    return html`<span role="gridcell" id=${`emoji-${at}`} class=${active ? 'active' : ''} data-at=${at}
      aria-label=${cell.emoji?.label ?? text} aria-selected=${active ? 'true' : 'false'}>${text}</span>`;
  }

  #foot() {
    const cell = this.#grid.cells[this.#at];
    return html`<div class="emoji-foot">
      <p aria-hidden="true">${cell
        ? html`<span class="emoji-large">${written(cell)}</span><span>${cell.emoji?.label}<small dir="ltr">${
          cell.emoji ? `:${cell.emoji.codes[0]}:` : ''}</small></span>`
        : nothing}</p>
      <hearth-emoji-tones .names=${this.#index?.tones ?? NO_TONES}></hearth-emoji-tones>
    </div>`;
  }

  /** @param {string} text */
  #search(text) {
    this.#query = text;
    this.#fill();
  }

  /** @param {number} at */
  #move(at) {
    if (!this.#grid.cells[at]) return;
    this.#at = at;
    this.#scroll(this.#grid.rowOf(at), 'nearest');
  }

  /**
   * @param {number} row
   * @param {'start' | 'nearest'} where
   */
  #scroll(row, where) {
    const { cell, scroller } = this.#sizes();
    if (!scroller) return;
    const [top, bottom] = [row * cell, (row + 1) * cell - scroller.clientHeight];
    if (where === 'start' || scroller.scrollTop > top) scroller.scrollTop = top;
    else if (scroller.scrollTop < bottom) scroller.scrollTop = bottom;
    this.#look();
  }

  /** @param {KeyboardEvent} event */
  #searchKey = (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'ArrowDown') {
      this.querySelector('.emoji-grid')?.focus();
    } else if (event.key === 'Enter') {
      this.#take(this.#at);
    } else if (event.key === 'Escape' && this.#query) {
      this.find('input').value = '';
      this.#search('');
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  /** @param {KeyboardEvent} event */
  #gridKey = (event) => {
    const { key, ctrlKey, metaKey, altKey } = event;
    const ctrl = ctrlKey || metaKey;
    if (key === 'Enter' || key === ' ') {
      this.#take(this.#at);
    } else if (key === 'Backspace' || (key.length === 1 && !ctrl && !altKey)) {
      this.find('input').focus(); // which gets the letter
      return;
    } else {
      const backwards = getComputedStyle(this).direction === 'rtl';
      const to = this.#grid.step(key, Math.max(0, this.#at), { page: this.#sizes().page, backwards, ctrl });
      if (to === undefined) return;
      if (to < 0) this.find('input').focus();
      else this.#move(to);
    }
    event.preventDefault();
  };

  /** @param {PointerEvent} event */
  #point(event) {
    const at = cellAt(event);
    if (event.pointerType !== 'mouse' || at < 0 || at === this.#at) return;
    this.#at = at;
    this.update();
  }

  /** @param {number} at */
  #take(at) {
    const cell = this.#grid.cells[at];
    if (!cell) return;
    const text = written(cell);
    this.raise('prefer', { patch: usedEmoji(text) });
    this.find('dialog').close();
    this.#taken(text);
  }

  #closed() {
    this.#showing = false;
    this.#taken = () => {};
    this.update();
    setTimeout(() => document.activeElement === document.body && this.raise('restore-focus'));
  }
}

/** @param {EmojiCell} cell */
function written({ emoji, text }) {
  return text ?? (emoji?.toned ? toned(emoji.text, emojiTone()) : emoji?.text ?? '');
}

/** @param {Event} event */
function cellAt({ target }) {
  return Number(/** @type {Element} */ (target).closest('[data-at]')?.getAttribute('data-at') ?? -1);
}

customElements.define('hearth-emoji-picker', HearthEmojiPicker);
