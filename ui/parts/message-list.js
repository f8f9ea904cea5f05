/**
 * The message list. Nodes are put in and taken out by key, never drawn anew as a whole; whatever changes, the reader's
 * place stays: at the bottom when it was there, else on the same message.
 */
import { isAttentive } from '../lib/attention.js';
import { store } from '../lib/store.js';
import { sameRow } from '../lib/timeline.js';
import { iconNode } from './icon.js';
import { element } from './element.js';
import { draw, unfold } from './message-row.js';
import './message-actions.js';

const NEAR = 48; // pixels from the bottom that still count as "at the bottom"
const AHEAD = 900; // pixels from an end at which the next page is asked for

export class HearthMessageList extends HTMLElement {
  #nodes = new Map();
  #room = null;
  #open = new Map(); // how many pieces of a long message were asked for
  #shown = new Set(); // the n of muted messages that were asked for
  #due = false;
  #goal = ''; // the id of the row that is to be shown
  #found = 0; // the divider that was in sight already
  #unwatch = null;
  #sizes = null;
  #quietly = false;
  #top = 0; // where in the page the list begins

  connectedCallback() {
    if (!this.box) this.#build();
    const watched = [store.watch(['log', 'outbox', 'room', 'phase'], () => this.#soon()), store.watch(['mutes'], () => this.#afresh())];
    this.#unwatch = () => watched.forEach((stop) => stop());
    store.addEventListener('show', this.#show);
    store.addEventListener('rooms', this.#button);
    this.#sizes = new ResizeObserver(() => this.#hold());
    this.#sizes.observe(this.box);
    this.#sizes.observe(this.list);
    this.#soon();
  }

  disconnectedCallback() {
    this.#unwatch();
    this.#sizes.disconnect();
    store.removeEventListener('show', this.#show);
    store.removeEventListener('rooms', this.#button);
  }

  /** Scrolls by whole pages for keys pressed elsewhere. */
  page(direction) {
    this.box.scrollBy(0, direction * this.box.clientHeight * 0.9);
  }

  #build() {
    this.list = element('div', { className: 'rows' });
    this.box = element('div', { className: 'log', role: 'log', tabIndex: 0, aria: { label: 'Messages' } }, this.list);
    this.button = element('button', { type: 'button', className: 'jump', hidden: true });
    this.back = element('button', { type: 'button', className: 'jump back', hidden: true }, iconNode('send'), 'Where you left off');
    this.append(this.box, this.back, this.button, element('hearth-message-actions'));
    this.box.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.box.addEventListener('keydown', (event) => this.#key(event));
    this.list.addEventListener('click', (event) => this.#click(event));
    this.list.addEventListener('focusin', ({ target }) => this.#rove(target.closest('.msg')));
    this.button.addEventListener('click', () => this.#raise('newest'));
    this.back.addEventListener('click', () => this.#toDivider());
    window.addEventListener('focus', () => this.#seen());
    document.addEventListener('visibilitychange', () => this.#seen());
  }

  // A frame is the right moment, but a hidden page has none.
  #soon() {
    if (this.#due) return;
    this.#due = true;
    const act = () => {
      if (!this.#due) return;
      this.#due = false;
      if (this.isConnected) this.#sync();
    };
    requestAnimationFrame(act);
    setTimeout(act, 120);
  }

  #sync() {
    const room = store.room;
    if (room !== this.#room) this.#enter(room);
    if (!room?.ready) {
      this.#put([]);
      this.button.hidden = this.back.hidden = true;
      return;
    }
    const rows = room.rows(store.outgoing(), store.me?.who, store.placeOf(room.name), (message) => store.isMuted(message) && !this.#shown.has(message.n));
    const anchor = room.following && !this.#goal ? null : this.#anchor(rows);
    this.box.setAttribute('aria-busy', String(this.#quietly || room.loading !== ''));
    this.#put(rows);
    this.#quietly = false;
    if (this.#goal) this.#arrive();
    else if (anchor) this.box.scrollTop += textTop(this.#nodes.get(anchor.id)) - anchor.top;
    else this.#toBottom();
    this.#button();
    this.#seen();
    this.#reach();
    for (const row of rows) if ((row.message ?? row.entry)?.re && !row.quote) this.#raise('want', { n: (row.message ?? row.entry).re });
  }

  #enter(room) {
    this.#room = room;
    this.#open.clear();
    this.#shown.clear();
    this.#goal = '';
    this.#found = 0;
    this.#quietly = true; // a page of history is not read out
    this.#put([]);
    this.box.setAttribute('aria-label', room ? `Messages in ${store.titleOf(room.name)}` : 'Messages');
  }

  #put(rows) {
    const context = { me: store.me, open: this.#open, muted: (message) => store.isMuted(message) };
    const wanted = new Set(rows.map(({ id }) => id));
    for (const [id, node] of this.#nodes) {
      if (wanted.has(id)) continue;
      if (node.contains(document.activeElement)) this.box.focus({ preventScroll: true });
      node.remove();
      this.#nodes.delete(id);
    }
    let at = this.list.firstChild;
    for (const row of rows) {
      let node = this.#nodes.get(row.id);
      if (node && !sameRow(node.row, row)) {
        const fresh = draw(row, context);
        if (row.kind !== 'pending' && node.row.message?.text === row.message?.text) fresh.setAttribute('aria-live', 'off'); // it was read out already
        if (at === node) at = fresh;
        this.#replace(node, fresh);
        node = fresh;
        this.#nodes.set(row.id, node);
      } else if (!node) {
        node = draw(row, context);
        this.#nodes.set(row.id, node);
      }
      if (node === at) at = at.nextSibling;
      else this.list.insertBefore(node, at);
    }
  }

  #replace(node, fresh) {
    const focused = node.contains(document.activeElement);
    node.replaceWith(fresh);
    if (focused) fresh.focus({ preventScroll: true });
  }

  // The topmost visible row that stays, and where its text stands. Not the row's own edge: the first one of those held
  // has its author above the text until the earlier ones are there.
  #anchor(rows) {
    const stays = new Set(rows.map(({ id }) => id));
    const top = this.box.getBoundingClientRect().top;
    for (const node of this.list.children) {
      if (node.dataset.n && stays.has(node.row.id) && node.getBoundingClientRect().bottom > top) return { id: node.row.id, top: textTop(node) };
    }
    return null;
  }

  #toBottom() {
    this.box.scrollTop = this.box.scrollHeight;
  }

  #distance() {
    return this.box.scrollHeight - this.box.clientHeight - this.box.scrollTop;
  }

  // The list or its frame changed size: text wrapped anew, the keyboard came up, the composer grew, a line above came or went.
  #hold() {
    const moved = this.offsetTop - this.#top;
    this.#top = this.offsetTop;
    if (this.#room?.following) this.#toBottom();
    else if (moved) this.box.scrollTop += moved;
    this.#reach();
  }

  #scrolled() {
    const room = this.#room;
    if (!room?.ready) return;
    room.following = room.attached && this.#distance() < NEAR;
    this.#button();
    this.#seen();
    this.#reach();
  }

  #reach() {
    const room = this.#room;
    if (!room?.ready || room.loading) return;
    if (!room.start && this.box.scrollTop < AHEAD) this.#raise('older');
    else if (!room.attached && this.#distance() < AHEAD) this.#raise('newer');
  }

  #seen() {
    if (this.#room?.following && this.#room.ready && isAttentive()) this.#raise('seen');
  }

  #button = () => {
    const room = this.#room;
    this.#wayBack();
    const away = Boolean(room?.ready) && !room.following && (!room.attached || this.#distance() > NEAR);
    this.button.hidden = !away;
    if (!away) return;
    const count = store.unreadOf(room.name);
    this.button.classList.toggle('news', count > 0);
    this.button.replaceChildren(iconNode('down'), count ? `${count} new` : 'Newest');
  };

  // Up to where the unread messages begin, until that was in sight.
  #wayBack() {
    const room = this.#room;
    const node = this.#nodes.get('new');
    const above = Boolean(room?.ready && room.divider) && (node ? node.getBoundingClientRect().top < this.box.getBoundingClientRect().top : room.first > room.divider + 1);
    if (node && !above) this.#found = room.divider;
    this.back.hidden = !above || this.#found === room.divider;
  }

  #toDivider() {
    const node = this.#nodes.get('new');
    this.#room.following = false;
    if (node) node.scrollIntoView({ block: 'center' });
    else this.#raise('jump', { n: this.#room.divider + 1 });
    this.box.focus({ preventScroll: true });
  }

  #show = ({ detail: n }) => {
    this.#shown.add(n);
    this.#goal = n ? `n${n}` : 'start';
    if (this.#room) this.#room.following = false;
    this.#soon();
  };

  #arrive() {
    const begins = this.#goal === 'start';
    const node = this.#nodes.get(this.#goal) ?? this.#nodes.get('new'); // the first unread event may be no message
    this.#goal = '';
    if (!node) return;
    node.scrollIntoView({ block: 'center' });
    (begins ? this.list.querySelector('.msg') ?? this.box : node).focus({ preventScroll: true });
    node.classList.add('flash');
    setTimeout(() => node.classList.remove('flash'), 1700);
    this.#scrolled();
  }

  #click(event) {
    const button = event.target.closest('[data-act]');
    if (!button) return;
    const row = button.closest('.msg, .muted');
    const { act, of, text } = button.dataset;
    if (act === 'unfold') {
      const { id } = row.row;
      this.#open.set(id, (this.#open.get(id) ?? 0) + 1);
      this.#room.following = false; // they want to read on from here
      unfold(row, this.#open.get(id));
      if (!button.isConnected) row.focus({ preventScroll: true });
      this.#scrolled();
    } else if (act === 'unmute') {
      for (const n of row.row.all) this.#shown.add(n);
      this.box.focus({ preventScroll: true });
      this.#soon();
    } else if (act === 'person') {
      const { who, by } = row.row.message ?? { who: store.me?.who, by: row.row.entry.by };
      row.querySelector('.name').focus({ preventScroll: true }); // there the focus comes back to
      this.#raise('person', { who, name: by });
    } else if (act === 'jump') this.#raise('jump', { n: Number(of) });
    else if (act === 'react') this.#raise('react', { n: Number(row.dataset.n), text });
    else this.#raise(act, { key: row.dataset.key });
  }

  // Who is muted has changed, or no longer is: what is drawn may not stay.
  #afresh() {
    this.#shown.clear();
    for (const node of this.#nodes.values()) if (node.row.quote) node.row.quote = {};
    this.#soon();
  }

  // Of all the names only that of the message with the focus is a stop of the Tab key.
  #rove(row) {
    for (const name of this.list.querySelectorAll('.name[tabindex="0"]')) name.tabIndex = -1;
    const name = row?.querySelector('.name');
    if (name) name.tabIndex = 0;
  }

  // Arrows walk from message to message; the list itself is one stop of the Tab key. Home and End go to the room's own.
  #key(event) {
    const end = { Home: 'oldest', End: 'newest' }[event.key];
    if (end && !event.shiftKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      this.box.focus({ preventScroll: true });
      this.#raise(end);
    }
    const here = event.target.closest('.msg');
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    const all = [...this.list.querySelectorAll('.msg')];
    const next = here ? all[all.indexOf(here) + step] : all[all.length - 1];
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest' });
  }

  #raise(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`hearth-${name}`, { bubbles: true, detail }));
  }
}

function textTop(row) {
  return (row.querySelector('.text, .removed') ?? row).getBoundingClientRect().top;
}

customElements.define('hearth-message-list', HearthMessageList);
