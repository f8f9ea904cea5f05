/**
 * Where messages are written: in a room, and with what `thread-composer.js` changes, in a thread. The text in it is a
 * draft, kept per place until it is sent, whatever happens.
 */
import { draftOf, keepDraft, quoteOf } from '../lib/drafts.js';
import { standing } from '../lib/mentions.js';
import { pollCommand } from '../lib/poll-text.js';
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { Component } from './component.js';
import { SOME_FAILED, attachTo, haveFailed, unsent } from './composer-files.js';
import { entryKnobs, voiceKnob } from './composer-knobs.js';
import { aboutNote, closedText, excess, excessNote, limitNote } from './composer-notes.js';
import { fitHeight, onWidthChange } from './fit-height.js';
import './format-button.js';
import { oncePerFrame } from './frames.js';
import { icon } from './icon.js';
import { onSubmit } from './listeners.js';
import './typing-note.js';
/** @import { Meant, Message, OutboxEntry, PollDraft, Replied, RoomInfo } from '../lib/types.d.ts' */
/** @import { Actions, CompletionItem } from './types.d.ts' */

const TYPING = 3000; // ms at least between two `typing` commands

export class HearthComposer extends Component {
  static topics = ['room', 'session', 'send-limits', 'attached'];
  static frequentTopics = ['rooms', 'messages'];
  #place = ''; // whose draft is shown
  /** @type {HTMLTextAreaElement | null} */
  #filled = null; // with that draft
  /** @type {Replied | null} */
  re = null; // the message replied to
  /** @type {Message | null} */
  #edited = null; // the message being edited
  /** @type {Meant} */
  #to = {}; // the names that were chosen
  #saving = false;
  #typed = 0; // when `typing` was sent last
  #limitTimer = 0;
  #soon = oncePerFrame(() => this.update());
  #widths = onWidthChange(this, () => this.box && fitHeight(this.box));

  connectedCallback() {
    super.connectedCallback();
    this.#widths.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#widths.disconnect();
  }

  get box() {
    return this.querySelector('textarea');
  }

  focus() {
    this.box?.focus();
  }

  /** The name of the draft; '' where nothing is written. */
  get place() {
    return store.room?.name ?? '';
  }

  /** Of mine, the last message that can be edited, or null. */
  get lastOwn() {
    return (store.me && store.room?.lastOf(store.me.who)) ?? null;
  }

  /**
   * What the form, its text box and its button are called, and what stands in the empty box.
   * @param {RoomInfo} info
   */
  labels({ kind, name, title }) {
    const { room } = store;
    const begun = kind !== 'public' || name === 'general' || !room?.ready || room.last;
    const hint = begun ? `Write to ${title}` : `Begin the public room ${title}`;
    return { form: 'New message', box: 'Message', button: 'Send', hint };
  }

  /**
   * Why nothing can be written, or ''.
   * @param {RoomInfo} info
   * @returns {string}
   */
  closed(info) {
    return closedText(info);
  }

  /**
   * A message that may be answered.
   * @param {number} n
   */
  message(n) {
    return store.room?.quote(n);
  }

  /** @param {Actions['say']} said */
  say(said) {
    this.raise('say', said);
  }

  /** @param {Message | null} message */
  reply(message) {
    this.#leaveEdit();
    this.re = message && quoteOf(message);
    this.#keepDraft();
    this.update();
    this.focus();
  }

  /** @param {Message} message */
  edit(message) {
    if (!this.#edited) this.#keepDraft();
    this.#edited = message;
    this.re = null;
    this.#to = { ...message.to };
    this.#write(message.text);
    this.update();
    this.focus();
  }

  /**
   * Brings back what was not sent, above what is being written.
   * @param {OutboxEntry} entry
   */
  takeBack({ text, re }) {
    this.#leaveEdit();
    const draft = this.box?.value ?? '';
    this.re = re ? quoteOf(this.message(re) ?? { n: re, by: 'an earlier message' }) : this.re;
    this.#write([text, draft].filter(Boolean).join('\n'));
    this.#keepDraft();
    this.update();
    this.focus();
  }

  /**
   * The edit was taken, or not: then the text stays, to be tried again.
   * @param {boolean} taken
   */
  edited(taken) {
    this.#saving = false;
    if (taken) this.#leaveEdit();
    this.update();
  }

  update() {
    super.update();
    queueMicrotask(() => this.#follow());
  }

  drawn() {
    this.find('hearth-outside-note')?.update?.(); // once it is there
  }

  view() {
    if (!this.place) return nothing;
    const info = store.roomInfo(store.room?.name ?? '');
    const closed = this.closed(info);
    if (closed) {
      const sign = icon(info.archived ? 'archive' : info.closed ? 'closed' : 'horn');
      return html`<p class="composer shut-line" role="status">${sign}<span>${closed}</span></p>`;
    }
    const { form, box, button, hint } = this.labels(info);
    const verb = this.#edited ? 'Save' : button;
    return html`<form class="composer" aria-label=${form} @submit=${onSubmit(() => this.#submit())}>
      <div class="above" id=${`${this.localName}-above`}><hearth-typing-note
        aria-hidden="true"></hearth-typing-note>${excessNote(this.#excess())}${this.#limits(info)}</div>
      <div class="sheet-card">
        ${aboutNote(this.#edited, this.re, () => this.#cancel())}<hearth-outside-note></hearth-outside-note>
        <hearth-completion @complete=${this.#complete}></hearth-completion>
        <hearth-file-tray ?hidden=${Boolean(this.#edited)}></hearth-file-tray><hearth-voice-strip></hearth-voice-strip>
        <div class="entry ${this.#isFilled ? 'filled' : ''}">
          <textarea rows="1" aria-label=${box} dir="auto" enterkeyhint="send" autocapitalize="sentences"
            placeholder=${hint} aria-describedby=${`${this.localName}-above`} @input=${() => this.#input()}
            @keydown=${this.#key} @blur=${() => this.#keepDraft()}></textarea>
          ${entryKnobs(this, Boolean(this.#edited))}
          <hearth-format-button></hearth-format-button>${voiceKnob(this, Boolean(this.#edited))}
          <button class="send" aria-label=${verb} title=${verb} aria-disabled=${String(!this.#canSend())}
            @pointerdown=${(/** @type {Event} */ event) => event.preventDefault()}>${icon('send')}</button>
        </div>
      </div>
    </form>`;
  }

  /** @param {RoomInfo} info */
  #limits(info) {
    const [muted, slow] = [store.mutedUntil - Date.now(), this.#slow()];
    clearTimeout(this.#limitTimer);
    if (muted > 0 || slow > 0) this.#limitTimer = setTimeout(() => this.update(), 1000);
    return limitNote({ muted, slow, info });
  }

  // How long slow mode takes nothing new from me, in ms.
  #slow() {
    const { room, me } = store;
    return room && store.roomInfo(room.name).slow && !me?.host ? room.slowUntil - Date.now() : 0;
  }

  #excess() {
    return excess(this.box?.value.trim() ?? '', store.limits.message_bytes);
  }

  get #files() {
    return this.#edited ? [] : store.attachedTo(this.place);
  }

  /** @param {File[]} files */
  attach(files) {
    attachTo(this, files, Boolean(this.#edited));
  }

  get #isFilled() {
    return Boolean(this.box?.value.trim() || this.#files.length);
  }

  #canSend() {
    return this.#isFilled && this.#excess() <= 0 && !this.#saving && (this.#edited || this.#slow() <= 0);
  }

  // In another place, or in a box that was away, its draft is shown.
  #follow() {
    const { box, place } = this;
    if (!box || (place === this.#place && box === this.#filled)) return;
    [this.#place, this.#filled] = [place, box];
    [this.#edited, this.#saving] = [null, false];
    this.#loadDraft();
    this.update();
  }

  #input() {
    const { box } = this;
    if (!box) return;
    fitHeight(box);
    if (/[@#:]/.test(box.value)) import('./completion.js').catch(() => null); // a help that is not missed
    if (!this.#edited) {
      this.#keepDraft();
      if (box.value && Date.now() - this.#typed > TYPING) {
        this.#typed = Date.now();
        this.raise('typing');
      }
    }
    this.#soon();
  }

  /** @param {CustomEvent<CompletionItem>} event */
  #complete = ({ detail: { mention } }) => {
    if (mention) this.#to = { ...this.#to, [mention.name]: mention.who };
  };

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    const { box } = this;
    // In an input method, Enter ends a word and not the message.
    if (!box || event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === 'Escape' && (this.#edited || this.re)) {
      event.preventDefault();
      this.#cancel();
    } else if (event.key === 'ArrowUp' && !box.value && !this.#edited) {
      const last = this.lastOwn;
      if (!last) return;
      event.preventDefault();
      this.edit(last);
    } else if (['PageUp', 'PageDown'].includes(event.key) && box.scrollHeight <= box.clientHeight) {
      event.preventDefault();
      this.raise('scroll-page', { direction: event.key === 'PageUp' ? -1 : 1 });
    }
  };

  #submit() {
    const text = this.box?.value.trim() ?? '';
    if (!this.#canSend()) return;
    const poll = this.#edited ? null : pollCommand(text);
    if (poll) {
      if (text === '/poll') this.#write(''); // it has done what it was for; with more behind it, that stays
      this.makePoll(poll);
      return;
    }
    const files = this.#files;
    if (haveFailed(files)) return this.raise('notice', { text: SOME_FAILED });
    if (this.#edited) {
      if (text === this.#edited.text) return this.#cancel();
      this.#saving = true;
      this.raise('save', { n: this.#edited.n, text, to: standing(text, this.#to) });
    } else {
      this.say({ text, re: this.re?.n, to: standing(text, this.#to), ...(files.length && { files: unsent(files) }) });
      this.re = null;
      this.#to = {};
      this.#typed = 0;
      this.#write('');
      this.#keepDraft();
    }
    this.update();
    this.focus();
  }

  /**
   * What was typed stays until the poll is sent.
   * @param {PollDraft | null} draft
   */
  makePoll(draft) {
    const say = (/** @type {Actions['say']} */ said) => {
      this.say(said);
      if (pollCommand(this.box?.value ?? '')) this.#write('');
      this.#keepDraft();
      this.update();
    };
    this.raise('make-poll', { draft, say });
  }

  #cancel() {
    this.re = null;
    if (this.#edited) this.#leaveEdit();
    else this.#keepDraft();
    this.update();
    this.focus();
  }

  #leaveEdit() {
    if (!this.#edited) return;
    [this.#edited, this.#saving] = [null, false];
    this.#loadDraft();
  }

  #loadDraft() {
    const { text, re, to } = draftOf(this.#place);
    this.re = re;
    this.#to = to;
    this.#write(text);
  }

  #keepDraft() {
    const text = this.box?.value ?? draftOf(this.#place).text;
    if (!this.#edited && this.#place) keepDraft(this.#place, { text, re: this.re, to: this.#to });
  }

  /** @param {string} text */
  #write(text) {
    if (!this.box) return; // one may not write here any more
    this.box.value = text;
    fitHeight(this.box);
  }
}

customElements.define('hearth-composer', HearthComposer);
