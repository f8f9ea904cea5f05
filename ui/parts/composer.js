/** Where messages are written. The text in it is a draft, kept per room until it is sent, whatever happens. */
import { draftOf, keepDraft } from '../lib/drafts.js';
import { snippet } from '../lib/markdown.js';
import { standing } from '../lib/mentions.js';
import { pollCommand } from '../lib/poll-text.js';
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { Component } from './component.js';
import { closedText, excess, excessNote, limitNote, outsideNote, typingText } from './composer-notes.js';
import { fitHeight, onWidthChange } from './fit-height.js';
import './format-button.js';
import { oncePerFrame } from './frames.js';
import { icon } from './icon.js';
import { onSubmit } from './listeners.js';
import { caretOf } from './replace-text.js';
/** @import { Room } from '../lib/room.js' */
/** @import { Meant, Message, OutboxEntry, PollDraft, Replied, RoomInfo } from '../lib/types.d.ts' */
/** @import { CompletionItem } from './types.d.ts' */

const TYPING = 3000; // ms at least between two `typing` commands

export class HearthComposer extends Component {
  static topics = ['room', 'session', 'typing', 'send-limits'];
  static frequentTopics = ['rooms', 'messages'];
  #room = ''; // whose draft is shown
  /** @type {Replied | null} */
  #re = null; // the message replied to
  /** @type {Message | null} */
  #edited = null; // the message being edited
  /** @type {Meant} */
  #to = {}; // the names that were chosen
  /** @type {Map<string, string>} */
  #outside = new Map(); // names as they are written -> an id, of people who are not in this room
  #saving = false;
  #typed = 0; // when `typing` was sent last
  #typingTimer = 0;
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

  /** @param {Message} message */
  reply(message) {
    this.#leaveEdit();
    this.#re = message;
    this.#keepDraft();
    this.update();
    this.focus();
  }

  /** @param {Message} message */
  edit(message) {
    if (!this.#edited) this.#keepDraft();
    this.#edited = message;
    this.#re = null;
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
    this.#re = re ? store.room?.quote(re) ?? { n: re, by: 'an earlier message' } : this.#re;
    this.#write(draft ? `${text}\n${draft}` : text);
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
    queueMicrotask(() => this.#followRoom());
  }

  view() {
    const { room } = store;
    if (!room) return nothing;
    const info = store.roomInfo(room.name);
    const closed = closedText(info);
    if (closed) {
      this.#room = ''; // the draft waits until one may write again
      const sign = icon(info.archived ? 'archive' : info.closed ? 'closed' : 'horn');
      return html`<p class="composer shut-line" role="status">${sign}<span>${closed}</span></p>`;
    }
    const begun = info.kind !== 'public' || info.name === 'general' || !room.ready || room.last;
    const verb = this.#edited ? 'Save' : 'Send';
    return html`<form class="composer" aria-label="New message" @submit=${onSubmit(() => this.#submit())}>
      <div class="above" id="composer-above"><span
        aria-hidden="true">${this.#typing(room)}</span>${excessNote(this.#excess())}${this.#limits(info)}</div>
      <div class="sheet-card">
        ${this.#about()}${outsideNote(this.#absent(), info)}
        <hearth-completion @complete=${this.#complete} @named=${this.#named}></hearth-completion>
        <div class="entry">
          <textarea id="message" rows="1" aria-label="Message" dir="auto" enterkeyhint="send" autocapitalize="sentences"
            placeholder=${begun ? `Write to ${info.title}` : `Begin the public room ${info.title}`}
            aria-describedby="composer-above" @input=${() => this.#input()} @keydown=${this.#key}
            @blur=${() => this.#keepDraft()}></textarea>
          <button type="button" class="knob before" aria-label="Make a poll" title="Make a poll"
            ?hidden=${Boolean(this.#edited)} @click=${() => this.#makePoll(null)}>${icon('poll')}</button>
          <button type="button" class="knob" aria-label="Emoji" title="Emoji" aria-haspopup="dialog"
            @pointerdown=${(/** @type {Event} */ event) => event.preventDefault()}
            @click=${this.#pickEmoji}>${icon('react')}</button>
          <hearth-format-button></hearth-format-button>
          <button class="send" aria-label=${verb} title=${verb} aria-disabled=${String(!this.#canSend())}
            @pointerdown=${(/** @type {Event} */ event) => event.preventDefault()}>${icon('send')}</button>
        </div>
      </div>
    </form>`;
  }

  #about() {
    const message = this.#edited ?? this.#re;
    if (!message) return nothing;
    const words = this.#edited
      ? 'Editing your message'
      : html`Reply to <bdi>${message.by}</bdi>: <bdi>${snippet(message.text ?? '', 100)}</bdi>`;
    return html`<div class="about">${icon(this.#edited ? 'edit' : 'reply')}
      <span>${words}</span>
      <button type="button" class="knob" aria-label=${this.#edited ? 'Cancel editing' : 'Cancel reply'}
        @click=${() => this.#cancel()}>${icon('close')}</button>
    </div>`;
  }

  /** @param {Room} room */
  #typing(room) {
    const names = room.typing(Date.now());
    clearTimeout(this.#typingTimer);
    if (names.length) this.#typingTimer = setTimeout(() => this.update(), 1000);
    return typingText(names);
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

  #canSend() {
    const sendable = Boolean(this.box?.value.trim()) && this.#excess() <= 0 && !this.#saving;
    return sendable && (this.#edited || this.#slow() <= 0);
  }

  // After a change of room: its draft instead of the other one's.
  #followRoom() {
    const name = store.room?.name ?? '';
    if (!this.box || name === this.#room) return;
    this.#room = name;
    this.#outside.clear();
    this.#edited = null;
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
  #complete = ({ detail }) => {
    const { mention } = detail;
    if (mention) this.#to = { ...this.#to, [mention.name]: mention.who };
    this.#named({ detail: { ...detail, written: mention?.name ?? '' } });
  };

  /** @param {{ detail: CompletionItem & { written: string } }} event */
  #named = ({ detail: { mention, outside, written } }) => {
    if (!mention || !outside) return;
    this.#outside.set(written, mention.who);
    this.update();
  };

  // The names in the text of those who will not see it.
  #absent() {
    if (!this.#outside.size) return [];
    return Object.keys(standing(this.box?.value ?? '', Object.fromEntries(this.#outside)) ?? {});
  }

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    const { box } = this;
    // In an input method, Enter ends a word and not the message.
    if (!box || event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === 'Escape' && (this.#edited || this.#re)) {
      event.preventDefault();
      this.#cancel();
    } else if (event.key === 'ArrowUp' && !box.value && !this.#edited) {
      const last = store.me && store.room?.lastOf(store.me.who);
      if (!last) return;
      event.preventDefault();
      this.edit(last);
    } else if (['PageUp', 'PageDown'].includes(event.key) && box.scrollHeight <= box.clientHeight) {
      event.preventDefault();
      this.raise('scroll-page', { direction: event.key === 'PageUp' ? -1 : 1 });
    }
  };

  #pickEmoji = (/** @type {Event & { currentTarget: Element }} */ { currentTarget: anchor }) => {
    if (this.box) this.raise('pick-emoji', { anchor, taken: caretOf(this.box) });
  };

  #submit() {
    const text = this.box?.value.trim();
    if (!text || !this.#canSend()) return;
    const poll = this.#edited ? null : pollCommand(text);
    if (poll) {
      this.#makePoll(poll);
      return;
    }
    if (this.#edited) {
      if (text === this.#edited.text) return this.#cancel();
      this.#saving = true;
      this.raise('save', { n: this.#edited.n, text, to: standing(text, this.#to) });
    } else {
      this.raise('say', { text, re: this.#re?.n, to: standing(text, this.#to) });
      this.#re = null;
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
  #makePoll(draft) {
    const sent = () => {
      if (pollCommand(this.box?.value ?? '')) this.#write('');
      this.#keepDraft();
      this.update();
    };
    this.raise('make-poll', { draft, sent });
  }

  #cancel() {
    this.#re = null;
    if (this.#edited) this.#leaveEdit();
    else this.#keepDraft();
    this.update();
    this.focus();
  }

  #leaveEdit() {
    if (!this.#edited) return;
    this.#edited = null;
    this.#saving = false;
    this.#loadDraft();
  }

  #loadDraft() {
    const { text, re, to } = draftOf(this.#room);
    this.#re = re;
    this.#to = to;
    this.#write(text);
  }

  #keepDraft() {
    if (this.#edited || !this.#room) return;
    keepDraft(this.#room, { text: this.box?.value ?? '', re: this.#re, to: this.#to });
  }

  /** @param {string} text */
  #write(text) {
    if (!this.box) return; // one may not write here any more
    this.box.value = text;
    fitHeight(this.box);
  }
}

customElements.define('hearth-composer', HearthComposer);
