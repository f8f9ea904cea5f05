/**
 * What can be done with a message: a small bar on the row that is pointed at or focused, and a menu card for thumbs
 * (long press, or the "…" of the bar).
 */
import { store } from '../lib/store.js';
import { snippet } from '../lib/markdown.js';
import { html, render } from '../vendor/lit.js';
import { icon } from './icon.js';

export const FACES = ['👍', '❤️', '😄', '🎉', '😮', '😢'];
const LONG = 450;
const AFTER = 1000; // so long after a finger is up a click may still be its

export class HearthMessageActions extends HTMLElement {
  #row = null;
  #over = null;
  #at = [0, 0];
  #faces = false;
  #press = 0;
  #held = false; // the finger that opened the menu is not up yet, or its click is still to come
  #lifted = 0;

  connectedCallback() {
    this.bar = document.createElement('div');
    this.bar.className = 'tools';
    this.bar.setAttribute('role', 'toolbar');
    this.bar.setAttribute('aria-label', 'Message actions');
    this.menu = document.createElement('dialog');
    this.menu.className = 'card menu-card';
    this.menu.setAttribute('aria-label', 'Message actions');
    this.append(this.menu);
    this.menu.addEventListener('click', (event) => this.#held && event.detail && end(event), { capture: true });
    window.addEventListener('pointerdown', () => this.#letGo(), { capture: true });
    this.menu.addEventListener('click', (event) => event.target === this.menu && this.menu.close());

    const list = this.parentElement;
    list.addEventListener('pointerover', ({ pointerType, target }) => {
      if (pointerType === 'mouse' && !this.menu.contains(target)) this.#attach(this.#over = target.closest('.msg'));
    });
    list.addEventListener('pointerleave', () => {
      this.#over = null;
      this.#settle();
    });
    list.addEventListener('focusin', ({ target }) => this.menu.contains(target) || this.#attach(target.closest('.msg')));
    list.addEventListener('focusout', () => setTimeout(() => this.#settle())); // where focus goes is known only then
    list.addEventListener('pointerdown', (event) => this.#down(event));
    for (const name of ['pointerup', 'pointercancel', 'pointermove', 'scroll']) list.addEventListener(name, (event) => this.#up(event), { capture: true, passive: true });
    for (const name of ['touchend', 'contextmenu']) list.addEventListener(name, (event) => this.#held && end(event), { capture: true, passive: false });
    list.addEventListener('scroll', () => this.#place(), { capture: true, passive: true });
    list.addEventListener('keydown', (event) => this.#key(event));
  }

  #settle() {
    if (!this.menu.open) this.#attach(document.activeElement?.closest('.msg') ?? this.#over);
  }

  #message(row = this.#row) {
    return row?.dataset.n ? store.room?.message(Number(row.dataset.n)) : null;
  }

  #attach(row) {
    if (row === this.#row && this.bar.isConnected) return;
    if (row && this.bar.contains(document.activeElement) && this.#row?.isConnected && row !== this.#row) return;
    this.#row?.classList.remove('active');
    this.#faces = false;
    this.#row = row;
    const message = this.#message(row);
    if (!message || message.erased) {
      this.bar.remove();
      return;
    }
    row.classList.add('active');
    row.append(this.bar);
    this.#place();
    this.#draw();
  }

  // Never above what is shown of the list: there it could be neither seen nor pressed.
  #place() {
    if (!this.bar.isConnected) return;
    const hidden = this.parentElement.getBoundingClientRect().top - this.#row.getBoundingClientRect().top;
    this.bar.style.setProperty('--least', `${hidden + 4}px`);
  }

  #draw() {
    const message = this.#message();
    if (!message) return;
    const thumbs = matchMedia('(pointer: coarse), (max-width: 759px)').matches;
    const tool = ({ name, label, act, danger }) => html`<button type="button" class="tool ${danger ? 'danger' : ''}" aria-label=${label} title=${label} @click=${act}>${icon(name)}</button>`;
    const view = this.#faces
      ? FACES.map((face) => html`<button type="button" class="tool emoji" aria-label=${`React with ${face}`} @click=${() => this.#react(face)}>${face}</button>`)
      : thumbs
        ? tool({ name: 'more', label: 'More', act: () => this.#openMenu() })
        : html`${tool({ name: 'react', label: 'React', act: () => this.#openFaces() })}${this.#actions().map(tool)}`;
    render(view, this.bar);
  }

  #actions() {
    const message = this.#message();
    const mine = Boolean(message.who) && message.who === store.me?.who;
    const raise = (name) => () => {
      this.menu.close();
      this.#leaveBar();
      this.#raise(name, { n: message.n, message });
    };
    const { may_write: write, archived } = store.placeOf(store.room.name);
    return [
      write && { name: 'reply', label: 'Reply', act: raise('reply') },
      { name: 'copy', label: 'Copy text', act: raise('copy') },
      write && { name: 'pin', label: message.pinned ? 'Unpin' : 'Pin', act: raise('pin') },
      mine && write && { name: 'edit', label: 'Edit', act: raise('edit') },
      (mine || store.me?.host) && !archived && { name: 'remove', label: 'Remove', act: raise('erase'), danger: true },
    ].filter(Boolean);
  }

  #openFaces() {
    this.#faces = true;
    this.#draw();
    this.bar.querySelector('button')?.focus();
  }

  #react(text) {
    const n = Number(this.#row.dataset.n);
    this.menu.close();
    this.#leaveBar();
    this.#faces = false;
    this.#draw();
    this.#raise('react', { n, text });
  }

  // Not from the row: another one may have been drawn in its place since.
  #raise(name, detail) {
    this.dispatchEvent(new CustomEvent(`hearth-${name}`, { bubbles: true, detail }));
  }

  // The bar may go while something else has the focus, which then comes back to the message.
  #leaveBar() {
    if (this.bar.contains(document.activeElement)) this.#row.focus({ preventScroll: true });
  }

  #openMenu() {
    const message = this.#message();
    if (!message || message.erased) return;
    render(html`
      <p class="said" dir="auto">${message.by}: ${snippet(message.text, 80)}</p>
      <div class="faces">${FACES.map((face) => html`<button type="button" aria-label=${`React with ${face}`} @click=${() => this.#react(face)}>${face}</button>`)}</div>
      ${this.#actions().map(({ name, label, act, danger }) => html`<button type="button" class="menu-item ${danger ? 'danger' : ''}" @click=${act}>${icon(name)}${label}</button>`)}
`, this.menu);
    this.menu.showModal();
  }

  #down(event) {
    const row = event.target.closest?.('.msg');
    if (event.pointerType === 'mouse' || !row || event.target.closest('a, button, pre')) return;
    this.#at = [event.clientX, event.clientY];
    clearTimeout(this.#press);
    this.#press = setTimeout(() => {
      this.#attach(row);
      this.#openMenu();
      this.#held = this.menu.open;
    }, LONG);
  }

  #up(event) {
    if (event.type === 'pointermove' && Math.hypot(event.clientX - this.#at[0], event.clientY - this.#at[1]) < 10) return;
    clearTimeout(this.#press);
    if (this.#held && (event.type === 'pointerup' || event.type === 'pointercancel')) this.#lifted = setTimeout(() => this.#letGo(), AFTER);
  }

  #letGo() {
    clearTimeout(this.#lifted);
    this.#held = false;
  }

  #key(event) {
    const row = event.target.closest('.msg');
    if (!row) return;
    if (event.target === row && (event.key === 'Enter' || event.key === 'ContextMenu')) {
      event.preventDefault();
      this.#attach(row);
      if (this.bar.isConnected) this.#openMenu();
    } else if (event.key === 'Escape' && this.#faces) {
      event.stopPropagation();
      this.#faces = false;
      this.#draw();
      row.focus();
    } else if (this.bar.contains(event.target) && ['ArrowLeft', 'ArrowRight'].includes(event.key)) {
      const all = [...this.bar.querySelectorAll('button')];
      const back = (event.key === 'ArrowLeft') !== (getComputedStyle(this.bar).direction === 'rtl');
      all[(all.indexOf(event.target) + (back ? all.length - 1 : 1)) % all.length].focus();
    }
  }
}

// Nothing comes of this event.
function end(event) {
  if (event.cancelable) event.preventDefault();
  event.stopImmediatePropagation();
}

customElements.define('hearth-message-actions', HearthMessageActions);
