/**
 * The thread of one message at the side: what it answers above it, all that answers it below, and a box to answer in.
 * No other kind of message: what is written here is a reply like any other.
 */
import { store } from '../lib/store.js';
import { Thread } from '../lib/thread.js';
import { html, render } from '../vendor/lit.js';
import { element } from './element.js';
import { icon } from './icon.js';
import './message-actions.js';
import { unfold } from './message-text.js';
import { part } from './part.js';
import { raise } from './raise.js';
import { moveFocus, rovingTabStop } from './roving-focus.js';
import { rowAction } from './row-clicks.js';
import { RowNodes } from './row-nodes.js';
import { isTextButton, pressTextButton } from './text-buttons.js';
import './thread-composer.js';
/** @import { Row } from '../lib/types.d.ts' */
/** @import { RowContext, RowNode } from './types.d.ts' */

const NEAR = 48; // pixels from the bottom that still count as "at the bottom"

export class HearthThreadPanel extends HTMLElement {
  #above = element('div', { className: 'rows' });
  #count = element('h3', { className: 'day' });
  #below = element('div', { className: 'rows' });
  #more = element('button', { type: 'button', className: 'button', hidden: true }, 'Show more replies');
  #box = element('div', { className: 'thread-log', role: 'log', tabIndex: 0, aria: { label: 'Replies' } },
    this.#above, this.#count, this.#below, this.#more);
  #head = element('div', { className: 'panel-head' });
  #composer = element('hearth-thread-composer', { message: (n) => this.message(n) });
  #rowsAbove = new RowNodes(this.#above);
  #rowsBelow = new RowNodes(this.#below);
  /** @type {Thread | null} */
  #thread = null;
  #opener = ''; // what was pressed in the message's row, '' for the row itself
  #fault = '';
  /** @type {Map<string, number>} */
  #unfolded = new Map();
  /** @type {Set<number>} */
  #unmuted = new Set();
  #due = false;
  /** @type {(() => void)[]} */
  #stop = [];

  connectedCallback() {
    if (!this.firstChild) this.#build();
    this.#stop = [
      store.watch(['thread'], () => this.#follow()),
      store.watch(['messages', 'history', 'outbox', 'mutes', 'rooms', 'session'], () => this.#update()),
      store.watch(['room-event'], ({ detail }) => this.#thread?.room === detail.room && this.#thread?.take(detail)),
      store.watch(['connection'], () => store.connection === 'live' && this.#load()),
    ];
    this.#follow();
  }

  disconnectedCallback() {
    for (const stop of this.#stop) stop();
  }

  /** @param {number} n */
  message(n) {
    return store.room?.message(n) ?? this.#thread?.message(n);
  }

  #build() {
    const actions = element('hearth-message-actions');
    actions.find = (n) => this.message(n);
    this.#box.append(actions);
    this.append(this.#head, this.#box, this.#composer);
    this.#more.addEventListener('click', () => this.#load(true));
    this.#box.addEventListener('click', (event) => this.#click(event));
    this.#box.addEventListener('focusin', ({ target }) => rovingTabStop(this.#box, target));
    this.addEventListener('keydown', (event) => this.#key(event));
    this.addEventListener('hearth-scroll-page', (event) => {
      event.stopPropagation();
      this.#box.scrollBy(0, /** @type {CustomEvent} */ (event).detail.direction * this.#box.clientHeight * 0.9);
    });
    this.addEventListener('hearth-say', () => this.#toEnd());
  }

  // Another thread is open now, or none.
  #follow() {
    const { thread, room } = store;
    if (this.#thread) this.#leave(this.#thread);
    this.#opener = document.activeElement?.closest('.thread-link') ? '.thread-link' : '';
    this.#thread = thread && room && new Thread(room.name, thread.n);
    this.#composer.thread = this.#thread;
    this.#composer.update();
    if (!this.#thread) return;
    this.#fault = '';
    this.#unfolded.clear();
    this.#unmuted.clear();
    this.#rowsAbove.put([], this.#context(), () => {});
    this.#rowsBelow.put([], this.#context(), () => {});
    this.#draw();
    this.#focus();
    this.#load();
  }

  async #load(further = false) {
    const thread = this.#thread;
    if (!thread) return;
    thread.asks();
    const held = thread.below.length; // and where that was all, what was said since as well
    const range = further ? { after: thread.last } : { limit: thread.more ? Math.max(100, held) : held + 100 };
    try {
      /** @type {Promise<import('../lib/types.d.ts').RepliesPage>} */
      const page = new Promise((answer) => {
        raise(this, 'request', { name: 'replies', detail: { room: thread.room, n: thread.n, ...range }, answer });
      });
      thread.takePage(await page, further);
      this.#fault = '';
    } catch (problem) {
      if (!problem.code) throw problem;
      this.#fault = problem.message;
    }
    if (thread === this.#thread) this.#update();
  }

  #update() {
    if (this.#due || !this.#thread) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      if (this.isConnected && this.#thread) this.#draw();
    });
  }

  #draw() {
    const thread = this.#thread;
    if (!thread) return;
    const atEnd = this.#box.scrollHeight - this.#box.clientHeight - this.#box.scrollTop < NEAR;
    const many = this.#below.childElementCount > 0;
    render(html`<h2 tabindex="-1">Thread</h2><button type="button" class="knob" aria-label="Close thread"
      @click=${() => raise(this, 'close-thread')}>${icon('close')}</button>`, this.#head);
    const lost = () => this.#box.focus({ preventScroll: true });
    const above = [...thread.above, thread.n].flatMap((n) => this.#row(n, true));
    this.#rowsAbove.put(above, this.#context(), lost);
    this.#above.lastElementChild?.classList.add('thread-of');
    const pending = store.outgoing().filter(({ re }) => thread.holds(re));
    const below = thread.below.flatMap((n) => this.#row(n, this.message(n)?.re === thread.n));
    for (const entry of pending) {
      const shown = entry.re === thread.n ? { ...entry, re: undefined } : entry;
      const quote = shown.re ? this.message(shown.re) ?? null : null;
      below.push({ id: `key${entry.key}`, kind: 'pending', entry: shown, more: false, apart: false, quote });
    }
    this.#rowsBelow.put(below, this.#context(), lost);
    this.#box.setAttribute('aria-busy', String(!thread.ready && !this.#fault));
    this.#count.textContent = this.#fault || countText(thread);
    this.#more.hidden = !thread.more;
    this.#composer.update();
    if (atEnd && many) this.#toEnd();
  }

  /**
   * @param {number} n
   * @param {boolean} bare
   * @returns {Row[]}
   */
  #row(n, bare) {
    const message = this.message(n);
    if (!message) return [];
    const { by, who, re, poll } = message;
    if (poll) raise(this, 'need-poll');
    if (who !== store.me?.who && store.isMuted(message) && !this.#unmuted.has(n)) {
      return [{ id: `muted${n}`, kind: 'muted', all: [n], count: 1, by, who }];
    }
    const quote = !bare && re ? this.message(re) ?? null : null;
    const shown = bare ? this.#thread?.bare(message) ?? message : message;
    const removing = store.isRemoving(message.room, n);
    return [{ id: `n${n}`, kind: 'message', n, message: shown, more: false, apart: false, quote, removing }];
  }

  /** @returns {RowContext} */
  #context() {
    const { me, room } = store;
    const nameOf = (/** @type {string} */ who) => (who === me?.who ? me.name : room?.people.get(who)?.name);
    return { me, unfolded: this.#unfolded, muted: (message) => store.isMuted(message), nameOf };
  }

  #toEnd() {
    this.#box.scrollTop = this.#box.scrollHeight;
  }

  // The focus goes back to the message from which the thread was opened, if it was in here.
  /** @param {Thread} thread */
  #leave({ room, n }) {
    const focus = document.activeElement;
    if (focus !== document.body && !this.contains(focus)) return;
    const opener = this.#opener;
    setTimeout(() => { // the messages can have it by now
      if (store.thread || store.room?.name !== room) return;
      const row = part('message-list')?.querySelector(`.msg[data-n="${n}"]`);
      if (!row) return raise(this, 'restore-focus');
      (opener && row.querySelector(opener) || row).focus();
    });
  }

  // Into the box, but not on a phone: the keyboard would cover what was said.
  #focus() {
    const touch = matchMedia('(pointer: coarse)').matches;
    setTimeout(() => ((!touch && this.#composer.box) || this.querySelector('h2'))?.focus()); // it is shown by now
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || event.keyCode === 229 || event.target.closest('dialog')) return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === 'Escape' && !event.defaultPrevented) {
      event.preventDefault();
      raise(this, 'close-thread');
    } else if (step && this.#box.contains(event.target) && moveFocus(this.#box, event.target, step)) {
      event.preventDefault();
    }
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const button = event.target.closest('[data-act]');
    /** @type {RowNode | null | undefined} */
    const node = button?.closest('.msg, .muted');
    if (!button || !node) return;
    const { act, of } = button.dataset;
    const said = node.row.message ?? node.row.entry;
    if (act === 'unfold') this.#unfold(node);
    else if (act === 'unmute') this.#unmute(Number(node.dataset.n));
    else if (act === 'person' && said) raise(this, 'show-person', { who: said.who, name: said.by });
    else if (act === 'jump') this.#goTo(Number(of));
    else if (isTextButton(act)) {
      event.preventDefault(); // it may stand in a link
      pressTextButton(button);
    } else rowAction(this, node, button.dataset);
  }

  /** @param {RowNode} node */
  #unfold(node) {
    const open = (this.#unfolded.get(node.row.id) ?? 0) + 1;
    this.#unfolded.set(node.row.id, open);
    unfold(node, open, this.#context());
  }

  /** @param {number} n */
  #unmute(n) {
    this.#unmuted.add(n);
    this.#draw();
  }

  // To another message of the thread, or of the conversation.
  /** @param {number} n */
  #goTo(n) {
    const row = this.#box.querySelector(`.msg[data-n="${n}"]`);
    if (!row) return raise(this, 'jump', { n });
    row.scrollIntoView({ block: 'center' });
    row.classList.add('flash');
    setTimeout(() => row.classList.remove('flash'), 1700);
    return row.focus({ preventScroll: true });
  }
}

/** @param {Thread} thread */
function countText({ ready, count }) {
  if (!ready) return 'Loading…';
  if (!count) return 'No replies yet';
  return count === 1 ? '1 reply' : `${count.toLocaleString('en')} replies`;
}

customElements.define('hearth-thread-panel', HearthThreadPanel);
