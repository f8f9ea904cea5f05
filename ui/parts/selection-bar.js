/** Several messages at once: they are selected in the list, and a bar in place of the composer has what can be done. */
import * as selection from '../lib/selected-messages.js';
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { Component } from './component.js';
import { icon } from './icon.js';
/** @import { Message } from '../lib/types.d.ts' */

const KEYS = ['Enter', ' ', 'ContextMenu'];

export class HearthSelectionBar extends Component {
  static topics = ['room', 'messages', 'history', 'session'];
  #selected = new selection.SelectedMessages();
  #room = ''; // of the messages; '' while nothing is selected
  #last = 0; // the n of the message that was selected last
  #stop = new AbortController();
  #rows = new MutationObserver((changes) => {
    // What is put into a row, such as the boxes themselves, is no row.
    if (changes.some(({ target }) => !(/** @type {Element} */ (target).closest('.msg')))) this.#mark();
  });

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#end();
  }

  /** @param {Message} message */
  begin(message) {
    const list = this.#list;
    if (!list || this.#room) return;
    this.#room = message.room;
    this.#stop = new AbortController();
    const how = { capture: true, signal: this.#stop.signal };
    list.box.addEventListener('click', (event) => this.#press(event), how);
    list.box.addEventListener('keydown', (event) => KEYS.includes(event.key) && this.#press(event), how);
    list.box.addEventListener('pointerdown', (event) => event.stopPropagation(), how); // no long press
    list.box.addEventListener('mousedown', (event) => event.shiftKey && event.preventDefault(), how); // selects no text
    document.addEventListener('keydown', (event) => this.#escape(event), { signal: this.#stop.signal });
    list.box.classList.add('selecting');
    this.#rows.observe(list.list, { childList: true, subtree: true });
    this.#selected.add([message]);
    this.#changed(message.n);
    this.#focusList();
    document.activeElement?.scrollIntoView({ block: 'nearest' }); // on a phone, rows are higher now
  }

  update() {
    if (this.#room && store.room?.name !== this.#room) this.#end();
    const find = (/** @type {number} */ n) => store.room?.message(n);
    if (this.#room && this.#selected.refresh(find, isGone)) this.#mark();
    super.update();
  }

  view() {
    if (!this.#room) return nothing;
    const { size, messages } = this.#selected;
    const removable = store.roomInfo(this.#room).archived ? [] : selection.removableBy(messages, store.me);
    return html`<div class="composer selection" role="group" aria-label="Selected messages">
      <button type="button" class="knob" aria-label="Cancel" title="Cancel"
        @click=${() => this.#leave()}>${icon('close')}</button>
      <p role="status"><b><bdi>${size} selected</bdi></b><span
        class="quiet">. Space selects a message, Escape ends.</span></p>
      ${this.#button('Copy', 'copy', size, () => this.#copy())}
      ${this.#button('Forward', 'forward', size, () => this.#forward())}
      ${removable.length ? this.#button('Remove', 'remove', size, () => this.#remove()) : nothing}
    </div>`;
  }

  /**
   * @param {string} label
   * @param {string} name of the icon
   * @param {number} size of what is selected
   * @param {() => void} act
   */
  #button(label, name, size, act) {
    return html`<button type="button" class="knob wide ${name}" ?disabled=${!size}
      aria-label=${label} title=${label} @click=${act}>${icon(name)}<span class="word">${label}</span></button>`;
  }

  get #list() {
    return this.parentElement?.querySelector('hearth-message-list');
  }

  /** The rows in the list that can be selected, with their messages. */
  #choices() {
    const choices = [];
    /** @type {NodeListOf<HTMLElement> | undefined} */
    const rows = this.#list?.list.querySelectorAll('.msg[data-n]');
    for (const row of rows ?? []) {
      const message = store.room?.message(Number(row.dataset.n));
      if (message && !isGone(message)) choices.push({ row, message });
    }
    return choices;
  }

  // Whatever is pressed in a message selects it.
  /** @param {MouseEvent | KeyboardEvent} event */
  #press(event) {
    const row = event.target.closest('.msg');
    if (!row) return;
    event.preventDefault();
    event.stopPropagation();
    const n = Number(row.dataset.n);
    const choices = this.#choices();
    const at = choices.findIndex(({ message }) => message.n === n);
    if (at < 0) return;
    const from = event.shiftKey ? choices.findIndex(({ message }) => message.n === this.#last) : -1;
    const [first, last] = from < 0 ? [at, at] : [Math.min(from, at), Math.max(from, at)];
    const pressed = choices.slice(first, last + 1).map(({ message }) => message);
    if (from < 0 && this.#selected.has(n)) this.#selected.remove(n);
    else if (!this.#selected.add(pressed)) {
      this.raise('notice', { text: `No more than ${selection.MOST_SELECTED} messages can be selected.` });
    }
    row.focus({ preventScroll: true });
    this.#changed(n);
  }

  /** @param {KeyboardEvent} event */
  #escape(event) {
    if (event.key !== 'Escape' || event.target.closest('dialog')) return;
    event.preventDefault();
    this.#leave();
  }

  /** @param {number} n */
  #changed(n) {
    this.#last = n;
    this.#mark();
    super.update();
  }

  #mark() {
    for (const { row, message } of this.#room ? this.#choices() : []) {
      const selected = this.#selected.has(message.n);
      row.classList.toggle('selected', selected);
      const box = pickOf(row);
      box.checked = selected;
      if (!box.isConnected) row.prepend(box);
    }
  }

  #copy() {
    this.raise('copy', { text: selection.messagesAsText(this.#selected.messages) });
    this.#leave();
  }

  #forward() {
    const { messages } = this.#selected;
    this.#leave();
    this.raise('forward', { messages });
  }

  async #remove() {
    const { messages } = this.#selected;
    const removable = selection.removableBy(messages, store.me);
    const kept = messages.length - removable.length;
    if (!await this.request('confirm', selection.removalQuestion(removable, kept))) return;
    this.raise('erase-all', { messages: removable });
    this.#leave();
  }

  #leave() {
    this.#focusList();
    this.#end();
  }

  // To the message that was pressed last, so that its row can be left with the arrows.
  #focusList() {
    const row = this.#choices().find(({ message }) => message.n === this.#last)?.row;
    (row ?? this.#list?.box)?.focus({ preventScroll: true });
  }

  #end() {
    this.#stop.abort();
    this.#rows.disconnect();
    this.#selected.clear();
    this.#room = '';
    const list = this.#list;
    list?.box.classList.remove('selecting');
    list?.querySelectorAll('.pick').forEach((box) => box.remove());
    list?.querySelectorAll('.selected').forEach((row) => row.classList.remove('selected'));
    super.update();
  }
}

/**
 * The box that says whether a row is selected. The row has the focus, and keys.
 * @param {HTMLElement} row
 */
function pickOf(row) {
  /** @type {HTMLInputElement | null} */
  const there = row.querySelector('.pick');
  if (there) return there;
  const box = document.createElement('input');
  Object.assign(box, { type: 'checkbox', className: 'task pick', tabIndex: -1 });
  box.setAttribute('aria-label', 'Select');
  return box;
}

/** @param {Message} message */
function isGone({ room, n, erased }) {
  return erased || store.isRemoving(room, n);
}

customElements.define('hearth-selection-bar', HearthSelectionBar);
