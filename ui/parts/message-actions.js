/**
 * What can be done with a message: a small bar on the row that is pointed at or focused, and a menu for touch screens
 * (long press, or the "…" of the bar).
 */
import { emojiTone } from '../lib/emoji-preferences.js';
import { toned } from '../lib/emoji-tone.js';
import { saidText } from '../lib/said-text.js';
import { store } from '../lib/store.js';
import { html, render } from '../vendor/lit.js';
import { closeOnBackdrop } from './dialog.js';
import { element } from './element.js';
import { icon } from './icon.js';
import { LongPress } from './long-press.js';
import { raise } from './raise.js';
/** @import { Message } from '../lib/types.d.ts' */

const LABEL = 'Message actions';
const REST = 250; // ms without scrolling after which the bar follows the mouse
const RISE = 40; // pixels that the bar reaches above its row at most
const EMOJI = ['👍', '❤️', '😄', '🎉', '😮', '😢'];

export class HearthMessageActions extends HTMLElement {
  bar = element('div', { className: 'tools', role: 'toolbar', aria: { label: LABEL } });
  menu = element('dialog', { className: 'card menu-card', aria: { label: LABEL } });
  /**
   * The message of this number, as the list shows it.
   * @type {(n: number) => Message | undefined}
   */
  find = (n) => store.room?.message(n);
  /** @type {HTMLElement | null} */
  #row = null; // the row with the bar
  /** @type {HTMLElement[]} */
  #active = []; // that row and its chunk, out of which the bar reaches
  /** @type {HTMLElement | null} */
  #over = null; // the row under the mouse
  #choosing = false; // the bar shows the emoji
  #resting = 0; // the timer that waits for the end of scrolling

  connectedCallback() {
    this.append(this.menu);
    const list = this.#list;
    new LongPress(list, (row) => this.#press(row)).guard(this.menu);
    this.menu.addEventListener('click', closeOnBackdrop);
    list.addEventListener('pointerover', ({ target, pointerType, movementX, movementY }) => {
      if (pointerType === 'touch' || this.menu.contains(target)) return;
      this.#over = target.closest('.msg');
      if (movementX || movementY) this.#leaveBar(); // the mouse moved, and not what is below it
      if (!this.#resting) this.#attach(this.#over);
    });
    list.addEventListener('pointerleave', () => {
      this.#over = null;
      this.#settle();
    });
    list.addEventListener('focusin', ({ target }) => {
      if (!this.menu.contains(target)) this.#attach(target.closest('.msg'));
    });
    list.addEventListener('focusout', () => setTimeout(() => this.#settle())); // then it is known where the focus goes
    list.addEventListener('scroll', () => this.#scrolled(), { capture: true, passive: true });
    list.addEventListener('keydown', (event) => this.#key(event));
  }

  // The message list, in which this stands.
  get #list() {
    return /** @type {HTMLElement} */ (this.parentElement);
  }

  // The bar follows the mouse again once what is below it has come to rest.
  #scrolled() {
    this.#place();
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      this.#resting = 0;
      if (!this.menu.open) this.#attach(this.#over ?? this.#focused);
    }, REST);
  }

  #settle() {
    if (!this.menu.open) this.#attach(this.#focused ?? this.#over);
  }

  /** @returns {HTMLElement | null} */
  get #focused() {
    const row = document.activeElement?.closest('.msg') ?? null;
    return this.#list.contains(row) ? row : null;
  }

  #message(row = this.#row) {
    return row?.dataset.n ? this.find(Number(row.dataset.n)) : null;
  }

  /** @param {HTMLElement | null} row */
  #attach(row) {
    if (row === this.#row && this.bar.isConnected) return;
    const used = this.bar.contains(document.activeElement) && this.#row?.isConnected;
    if (row && used && row !== this.#row) return;
    for (const box of this.#active) box.classList.remove('active');
    this.#active = [];
    this.#choosing = false;
    this.#row = row;
    if (row) this.#active = [row, ...(row.parentElement ? [row.parentElement] : [])];
    for (const box of this.#active) box.classList.add('active');
    const message = this.#message(row);
    if (!row || !message || isGone(message)) {
      this.bar.remove();
      return;
    }
    row.append(this.bar);
    this.#place();
    this.#draw();
  }

  // Never above what is shown of the list: there it could be neither seen nor pressed.
  #place() {
    if (!this.#row || !this.bar.isConnected) return;
    const hidden = this.#list.getBoundingClientRect().top - this.#row.getBoundingClientRect().top;
    const least = `${Math.max(hidden, -RISE) + 4}px`;
    if (this.bar.style.getPropertyValue('--least') !== least) this.bar.style.setProperty('--least', least);
  }

  #draw() {
    const message = this.#message();
    if (!message) return;
    const small = matchMedia('(pointer: coarse), (max-width: 759px)').matches;
    const more = { name: 'more', label: 'More', act: () => this.#openMenu() };
    const react = { name: 'react', label: 'React', act: () => this.#choose() };
    const tools = small ? [more] : [react, ...this.#actions(message).filter(({ menu }) => !menu), more];
    render(this.#choosing ? this.#emoji('tool emoji') : tools.map(tool), this.bar);
  }

  /** @param {string} className */
  #emoji(className) {
    const tone = emojiTone();
    const quick = [toned(EMOJI[0], tone), ...EMOJI.slice(1)];
    return html`${quick.map((emoji) => html`<button type="button" class=${className} aria-label=${`React with ${emoji}`}
      @click=${() => this.#react(emoji)}>${emoji}</button>`)}<button type="button" class=${className}
      aria-label="React with another emoji" title="Another emoji" aria-haspopup="dialog"
      @click=${this.#pickEmoji}>${icon('plus')}</button>`;
  }

  /** @param {Message} message */
  #actions(message) {
    const { n, room } = message;
    const { label: copy, text } = copied(message);
    const { me } = store;
    const mine = Boolean(message.who) && message.who === me?.who;
    const { may_write: write, archived } = store.roomInfo(room);
    /**
     * @param {'reply' | 'open-thread' | 'select' | 'show-reactions' | 'copy' | 'copy-link' | 'pin' | 'show-readers'
     *   | 'edit' | 'erase'} name
     */
    const act = (name) => () => {
      this.menu.close();
      this.#leaveBar();
      raise(this, name, { n, message, text });
    };
    return [
      write && { name: 'reply', label: 'Reply', act: act('reply') },
      { name: 'thread', label: 'Open thread', act: act('open-thread'), menu: true },
      message.reactions[0] && { name: 'people', label: 'Who reacted', act: act('show-reactions'), menu: true },
      { name: 'copy', label: copy, act: act('copy') },
      { name: 'forward', label: 'Forward…', act: () => this.#forward(message), menu: true },
      { name: 'check', label: 'Select', act: act('select'), menu: true },
      { name: 'link', label: 'Copy link', act: act('copy-link'), menu: true },
      write && { name: 'pin', label: message.pinned ? 'Unpin' : 'Pin', act: act('pin') },
      store.preferences.reads !== false && !store.reads?.small // else faces say it
        && { name: 'eye', label: 'Who has read', act: act('show-readers'), menu: true },
      mine && write && !message.poll && !message.fwd && { name: 'edit', label: 'Edit', act: act('edit') },
      (mine || me?.host) && !archived && { name: 'remove', label: 'Remove', act: act('erase'), danger: true },
    ].filter((action) => !!action);
  }

  /** @param {Message} message */
  #forward(message) {
    this.menu.close();
    raise(this, 'forward', { messages: [message] });
  }

  #choose() {
    this.#choosing = true;
    this.#draw();
    this.bar.querySelector('button')?.focus();
  }

  #pickEmoji = (/** @type {Event & { currentTarget: Element }} */ { currentTarget: anchor }) => {
    const message = this.#message();
    const place = this.menu.contains(anchor) && this.#row ? this.#row : anchor;
    raise(this, 'pick-emoji', { anchor: place, taken: (text) => this.#react(text, message) });
    this.menu.close();
    this.#leaveBar();
  };

  /** @param {string} text */
  #react(text, message = this.#message()) {
    this.menu.close();
    this.#leaveBar();
    this.#choosing = false;
    this.#draw();
    // Not from the row: another one may have been drawn in its place since.
    if (message) raise(this, 'react', { n: message.n, room: message.room, text });
  }

  // The bar may go while something else has the focus, which then comes back to the message.
  #leaveBar() {
    if (this.bar.contains(document.activeElement)) this.#row?.focus({ preventScroll: true });
  }

  #openMenu() {
    const message = this.#message();
    if (!message || isGone(message)) return;
    render(html`
      <p class="said" dir="auto">${message.by}: ${saidText(message, 80)}</p>
      <div class="faces">${this.#emoji('')}</div>
      ${this.#actions(message).map(menuEntry)}
`, this.menu);
    this.menu.showModal();
  }

  /** @param {HTMLElement} row */
  #press(row) {
    this.#attach(row);
    this.#openMenu();
    return this.menu.open;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const row = event.target.closest('.msg');
    if (!row) return;
    if (event.target === row && (event.key === 'Enter' || event.key === 'ContextMenu')) {
      event.preventDefault();
      this.#attach(row);
      if (this.bar.isConnected) this.#openMenu();
    } else if (event.key === 'Escape' && this.#choosing) {
      event.stopPropagation();
      this.#choosing = false;
      this.#draw();
      row.focus();
    } else if (this.bar.contains(event.target) && ['ArrowLeft', 'ArrowRight'].includes(event.key)) {
      /** @type {HTMLElement[]} */
      const all = [...this.bar.querySelectorAll('button')];
      const back = (event.key === 'ArrowLeft') !== (getComputedStyle(this.bar).direction === 'rtl');
      all[(all.indexOf(event.target) + (back ? all.length - 1 : 1)) % all.length].focus();
    }
  }
}

// Of a message without words, the names of its files.
/** @param {Message} message */
function copied({ text, files = [] }) {
  if (text || !files.length) return { label: 'Copy text', text };
  const label = files.length === 1 ? 'Copy file name' : 'Copy file names';
  return { label, text: files.map(({ name }) => name).join('\n') };
}

/** @param {Message} message */
function isGone({ room, n, erased }) {
  return erased || store.isRemoving(room, n);
}

/** @param {{ name: string, label: string, act: () => void, danger?: boolean }} action */
function tool({ name, label, act, danger }) {
  return html`<button type="button" class="tool ${danger ? 'danger' : ''}" aria-label=${label} title=${label}
    @click=${act}>${icon(name)}</button>`;
}

/** @param {{ name: string, label: string, act: () => void, danger?: boolean }} action */
function menuEntry({ name, label, act, danger }) {
  return html`<button type="button" class="menu-item ${danger ? 'danger' : ''}"
    @click=${act}>${icon(name)}${label}</button>`;
}

customElements.define('hearth-message-actions', HearthMessageActions);
