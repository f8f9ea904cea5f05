/**
 * The message list. Whatever changes, the reader's place stays: at the bottom when it was there, else on the same
 * message.
 */
import { isAttentive } from '../lib/attention.js';
import { store } from '../lib/store.js';
import { element } from './element.js';
import { giveUpFarRows } from './far-rows.js';
import { oncePerFrame } from './frames.js';
import { JumpButtons } from './jump-buttons.js';
import { pressListKey } from './list-keys.js';
import './message-actions.js';
import { unfold } from './message-text.js';
import { raise } from './raise.js';
import { rovingTabStop } from './roving-focus.js';
import { rowAction } from './row-clicks.js';
import { RoomRows } from './room-rows.js';
import { RowNodes, textTop } from './row-nodes.js';
import { isTextButton, pressTextButton } from './text-buttons.js';
/** @import { Room } from '../lib/room.js' */
/** @import { ReadFaces } from './read-faces.js' */
/** @import { Message, OutboxEntry, Row } from '../lib/types.d.ts' */
/** @import { RowContext, RowNode } from './types.d.ts' */

const NEAR = 48; // pixels from the bottom that still count as "at the bottom"
const AHEAD = 900; // pixels from an end at which the next page is asked for

export class HearthMessageList extends HTMLElement {
  list = element('div', { className: 'rows' });
  box = element('div', { className: 'log', role: 'log', tabIndex: 0, aria: { label: 'Messages' } }, this.list);
  #rows = new RowNodes(this.list);
  /** @type {ReadFaces | null} */
  #faces = null; // of who has read, once there are some
  #buttons = new JumpButtons(this.box);
  /** @type {Room | null} */
  #room = null;
  /** @type {Map<string, number>} */
  #unfolded = new Map(); // id of a row -> how many pieces of its long text were asked for
  /** @type {Set<number>} */
  #unmuted = new Set(); // the n of muted messages that were asked for
  #known = new RoomRows(this);
  #drawSoon = oncePerFrame((late) => this.isConnected && this.#draw(late));
  #whole = true; // all rows are drawn
  #target = ''; // the id of the row to scroll to
  /** @type {(() => void)[]} */
  #stop = []; // ends what was begun when the list was connected
  /** @type {'older' | 'newer'} */
  #heading = 'older'; // where the reader goes, by the last page that was asked for
  #quietly = false; // a page of history is not read out
  #top = 0; // where in the page the list begins
  #height = 0; // of the frame, as #resized() last found it
  #length = 0; // of what scrolls in it
  #followed = false; // the newest message was drawn last, or scrolled to

  connectedCallback() {
    if (!this.firstChild) this.#build();
    const sizes = new ResizeObserver(() => this.#resized());
    sizes.observe(this.box);
    sizes.observe(this.list);
    const resized = () => this.#resized(); // also when the window is as large again before a frame is drawn
    window.addEventListener('resize', resized);
    this.#stop = [
      () => sizes.disconnect(),
      () => window.removeEventListener('resize', resized),
      store.watch(['messages', 'history', 'outbox', 'room', 'session'], () => this.#update()),
      store.watch(['mutes'], () => this.#redraw()),
      store.watch(['reads'], () => this.#showReads()),
      store.watch(['rooms'], oncePerFrame(() => this.#updateButtons())),
      store.watch(['people'], () => this.#rename()),
      store.watch(['scroll-to'], ({ detail: n }) => this.#scrollTo(n)),
    ];
    this.#update();
  }

  disconnectedCallback() {
    for (const stop of this.#stop) stop();
  }

  /**
   * Scrolls by whole pages for keys pressed elsewhere.
   * @param {number} direction
   */
  page(direction) {
    this.box.scrollBy(0, direction * this.box.clientHeight * 0.9);
  }

  #build() {
    this.append(this.box, this.#buttons.back, this.#buttons.newest, element('hearth-message-actions'));
    this.box.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.box.addEventListener('keydown', (event) => pressListKey(event, this.box, this.list));
    this.list.addEventListener('click', (event) => this.#click(event));
    this.list.addEventListener('focusin', ({ target }) => rovingTabStop(this.list, target));
    this.#buttons.newest.addEventListener('click', () => raise(this, 'newest'));
    this.#buttons.back.addEventListener('click', () => this.#toDivider());
    window.addEventListener('focus', () => this.#seen());
    document.addEventListener('visibilitychange', () => this.#seen());
  }

  #update() {
    this.#known.forget();
    this.#drawSoon();
  }

  /** @param {number} late */
  #draw(late) {
    const { room } = store;
    const began = performance.now();
    if (room !== this.#room) this.#enter(room);
    if (!room?.ready) {
      this.#put([]);
      this.#buttons.hide();
      return;
    }
    const rows = this.#known.of(room, (message) => store.isMuted(message) && !this.#unmuted.has(message.n));
    const keep = !room.atNewest || this.#target;
    const anchor = keep ? this.#rows.topmost(rows, this.box.getBoundingClientRect().top) : null;
    this.box.setAttribute('aria-busy', String(this.#quietly || room.loading !== ''));
    const reads = Boolean(anchor) && !this.#target;
    const around = [this.#target, this.#target && 'new', anchor?.id];
    const shown = this.#shown(room, rows);
    const piece = this.#rows.nearest(shown, { around, most: reads ? this.#rows.most(this.box) : undefined });
    if (reads && this.#rows.prepare(piece, this.#context(), began, late)) {
      this.#whole = false;
      return this.#drawSoon();
    }
    this.#whole = piece.length === shown.length;
    this.#put(piece);
    if (this.#whole) this.#quietly = false;
    else this.#drawSoon();
    const kept = anchor && this.#rows.get(anchor.id);
    if (this.#target) this.#arrive();
    else if (kept) this.box.scrollTop += textTop(kept) - anchor.top;
    else this.#toBottom();
    this.#followed = room.atNewest;
    this.#length = this.box.scrollHeight;
    if (reads && giveUpFarRows(this.box, { room, rows: this.#rows, heading: this.#heading })) this.#update();
    this.#rows.timed(performance.now() - began);
    this.#moved();
  }

  // Beside what somebody reads, rows that would soon be drawn anew wait for those above them, where these come.
  /**
   * @param {Room} room
   * @param {Row[]} rows
   */
  #shown(room, rows) {
    return this.#target || room.atNewest || room.failed ? rows : this.#rows.settled(rows);
  }

  /** @param {Room | null} room */
  #enter(room) {
    this.#room = room;
    this.#known.forget();
    this.#heading = 'older';
    this.#unfolded.clear();
    this.#unmuted.clear();
    this.#target = '';
    this.#buttons.reset();
    this.#quietly = true;
    this.#put([]);
    this.box.setAttribute('aria-label', room ? `Messages in ${store.roomTitle(room.name)}` : 'Messages');
  }

  /** @param {Row[]} rows */
  #put(rows) {
    this.#rows.put(rows, this.#context(), () => this.box.focus({ preventScroll: true }));
    this.#faces?.show(rows);
  }

  async #showReads() {
    if (!this.#faces && store.reads?.marks.size) {
      const part = await import('./read-faces.js').catch(() => null); // another mark tries again
      if (part) this.#faces ??= new part.ReadFaces(this.#rows);
    }
    this.#update();
  }

  #rename() {
    this.#rows.forgetPrepared();
    if (!this.list.querySelector('a.at')) return;
    import('./mention-chips.js').then((chips) => chips.renameMentions(this.list, this.#context().nameOf), () => null);
  }

  /** @returns {RowContext} */
  #context() {
    const { me, room } = store;
    const nameOf = (/** @type {string} */ who) => (who === me?.who ? me.name : room?.people.get(who)?.name);
    return { me, unfolded: this.#unfolded, muted: (message) => store.isMuted(message), nameOf };
  }

  #toBottom() {
    this.box.scrollTop = this.box.scrollHeight;
  }

  #distance() {
    return this.box.scrollHeight - this.box.clientHeight - this.box.scrollTop;
  }

  /** @param {boolean} on */
  #follow(on) {
    this.#followed = on;
    if (this.#room && this.#room.following !== on) raise(this, 'follow', { room: this.#room, on });
  }

  // The list or its frame changed size: text wrapped anew, the keyboard came up, a line above came or went.
  #resized() {
    const moved = this.offsetTop - this.#top;
    this.#top = this.offsetTop;
    this.#height = this.box.clientHeight;
    this.#length = this.box.scrollHeight;
    if (this.#room?.atNewest) this.#toBottom();
    else if (moved) this.box.scrollTop += moved;
    this.#loadMore();
  }

  // A frame that shrank or rows that grew are told of after the scrolling: until then, the distance from the bottom is
  // not the reader's.
  #scrolled() {
    if (!this.#room?.ready) return;
    const { clientHeight, scrollHeight } = this.box;
    if (clientHeight !== this.#height || scrollHeight !== this.#length) this.#resized();
    const atEnd = this.#room.attached && this.#distance() < NEAR;
    const leaves = this.#room.following && !this.#followed; // for the newest, which is still to be loaded or drawn
    if (!leaves && (this.#whole || !atEnd)) this.#follow(atEnd); // else more may be drawn below
    this.#moved();
  }

  #moved() {
    this.#updateButtons();
    this.#seen();
    this.#loadMore();
  }

  #loadMore() {
    const room = this.#room;
    if (!room?.ready || room.loading || !this.#whole || !this.#known.areCurrent) return;
    const ahead = room.following ? this.box.clientHeight / 2 : AHEAD; // few who read the newest go far back
    const [isUp, isDown] = [!room.start && this.box.scrollTop < ahead, !room.attached && this.#distance() < AHEAD];
    if (!isUp && !isDown) return;
    this.#heading = isUp ? 'older' : 'newer';
    raise(this, this.#heading);
  }

  #seen() {
    if (this.#room?.following && this.#room.ready && isAttentive()) raise(this, 'seen');
  }

  #updateButtons() {
    this.#buttons.update(this.#room, { divider: this.#rows.get('new'), isAtEnd: () => this.#distance() <= NEAR });
  }

  #toDivider() {
    const node = this.#rows.get('new');
    this.#follow(false);
    if (node) node.scrollIntoView({ block: 'center' });
    else if (this.#room) raise(this, 'jump', { n: this.#room.divider + 1 });
    this.box.focus({ preventScroll: true });
  }

  /** @param {number} n */
  #scrollTo(n) {
    if (store.room !== this.#room) this.#enter(store.room); // a hidden page draws late
    this.#unmuted.add(n);
    this.#target = n ? `n${n}` : 'start';
    this.#follow(false);
    this.#update();
  }

  #arrive() {
    const begins = this.#target === 'start';
    const node = this.#rows.get(this.#target) ?? this.#rows.get('new'); // the first unread event may be no message
    this.#target = '';
    if (!node) return;
    node.scrollIntoView({ block: 'center' });
    (begins ? this.list.querySelector('.msg') ?? this.box : node).focus({ preventScroll: true });
    node.classList.add('flash');
    setTimeout(() => node.classList.remove('flash'), 1700);
    this.#scrolled();
  }

  // The mutes have changed: muted messages must go, others come back.
  #redraw() {
    this.#unmuted.clear();
    this.#rows.forgetQuotes();
    this.#update();
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const button = event.target.closest('[data-act]');
    /** @type {RowNode | null | undefined} */
    const node = button?.closest('.msg, .muted');
    if (!button || !node) return;
    const { act } = button.dataset;
    const said = node.row.message ?? node.row.entry;
    if (act === 'unfold') this.#unfold(node, button);
    else if (act === 'unmute' && node.row.kind === 'muted') this.#unmute(node.row.all);
    else if (act === 'person' && said) this.#showPerson(node, said);
    else if (isTextButton(act)) this.#pressInText(event, button);
    else rowAction(this, node, button.dataset);
  }

  /**
   * @param {MouseEvent} event
   * @param {HTMLElement} button
   */
  #pressInText(event, button) {
    event.preventDefault(); // it may stand in a link
    this.#follow(false); // they want to read on from here
    pressTextButton(button);
    this.#scrolled();
  }

  /**
   * @param {RowNode} node
   * @param {HTMLElement} button
   */
  #unfold(node, button) {
    const { id } = node.row;
    const open = (this.#unfolded.get(id) ?? 0) + 1;
    this.#unfolded.set(id, open);
    this.#follow(false); // they want to read on from here
    unfold(node, open, this.#context());
    if (!button.isConnected) node.focus({ preventScroll: true });
    this.#scrolled();
  }

  /** @param {number[]} all */
  #unmute(all) {
    for (const n of all) this.#unmuted.add(n);
    this.box.focus({ preventScroll: true });
    this.#update();
  }

  /**
   * @param {RowNode} node
   * @param {Message | OutboxEntry} said
   */
  #showPerson(node, { who, by }) {
    node.querySelector('.name')?.focus({ preventScroll: true }); // there the focus comes back to
    raise(this, 'show-person', { who, name: by });
  }
}

customElements.define('hearth-message-list', HearthMessageList);
