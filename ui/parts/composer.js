/** Where messages are written. The text in it is a draft, kept per room until it is sent, whatever happens. */
import { browserStorage } from '../lib/storage.js';
import { store } from '../lib/store.js';
import { snippet } from '../lib/markdown.js';
import { countdown, every } from '../lib/time.js';
import { html, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';
import { Component } from './component.js';

const TYPING = 3000; // tell the others at most this often

class HearthComposer extends Component {
  static topics = ['room', 'rooms', 'phase', 'typing', 'log', 'waits'];
  #room = '';
  #re = null; // the message replied to
  #edit = null; // the message edited
  #saving = false;
  #typed = 0;
  #fade = 0;
  #clock = 0;
  #width = 0;
  #sizes = new ResizeObserver(() => requestAnimationFrame(() => this.#resized())); // in its own frame: it changes what is observed

  connectedCallback() {
    super.connectedCallback();
    this.#sizes.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#sizes.disconnect();
  }

  get box() {
    return this.querySelector('textarea');
  }

  focus() {
    this.box?.focus();
  }

  reply(message) {
    this.#leaveEdit();
    this.#re = message;
    this.#keep();
    this.update();
    this.focus();
  }

  edit(message) {
    if (!this.#edit) this.#keep();
    this.#edit = message;
    this.#re = null;
    this.#write(message.text);
    this.update();
    this.focus();
  }

  /** The edit was taken (or not: then the text stays here to be tried again). */
  edited(taken) {
    this.#saving = false;
    if (taken) this.#leaveEdit();
    this.update();
  }

  update() {
    super.update();
    queueMicrotask(() => this.#turn());
  }

  view() {
    const { room } = store;
    if (!room) return nothing;
    const place = store.placeOf(room.name);
    const shut = why(place);
    if (shut) {
      this.#room = ''; // the draft waits until one may write again
      return html`<p class="composer shut-line" role="status">${icon(place.archived ? 'archive' : place.closed ? 'closed' : 'horn')}<span>${shut}</span></p>`;
    }
    return html`<form class="composer" aria-label="New message" @submit=${(event) => this.#submit(event)}>
      <div class="above" id="composer-above"><span aria-hidden="true">${this.#typing()}</span>${this.#excess()}${this.#limits(place)}</div>
      <div class="sheet-card">
        ${this.#about()}
        <div class="entry">
          <textarea id="message" rows="1" aria-label="Message" placeholder=${isUnbegun(room, place) ? `Begin the public room ${place.title}` : `Write to ${place.title}`} dir="auto" enterkeyhint="send" autocapitalize="sentences"
            aria-describedby="composer-above" @input=${() => this.#input()} @keydown=${(event) => this.#key(event)} @blur=${() => this.#keep()}></textarea>
          <button class="send" aria-label=${this.#edit ? 'Save' : 'Send'} title=${this.#edit ? 'Save' : 'Send'} aria-disabled=${String(!this.#canSend())}
            @pointerdown=${(event) => event.preventDefault()}>${icon('send')}</button>
        </div>
      </div>
    </form>`;
  }

  #about() {
    const message = this.#edit ?? this.#re;
    if (!message) return nothing;
    return html`<div class="about">${icon(this.#edit ? 'edit' : 'reply')}
      <span>${this.#edit ? 'Editing your message' : html`Reply to <bdi>${message.by}</bdi>: <bdi>${snippet(message.text ?? '', 100)}</bdi>`}</span>
      <button type="button" class="knob" aria-label=${this.#edit ? 'Cancel editing' : 'Cancel reply'} @click=${() => this.#cancel()}>${icon('close')}</button>
    </div>`;
  }

  #typing() {
    const names = store.room.typing(Date.now());
    clearTimeout(this.#fade);
    if (!names.length) return '';
    this.#fade = setTimeout(() => this.update(), 1000);
    if (names.length > 3) return 'Several people are writing…';
    const list = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}` : names[0];
    return `${list} ${names.length > 1 ? 'are' : 'is'} writing…`;
  }

  // Slow mode, a mute, a closed room in which hosts still write: one sentence, with what is left of the wait.
  #limits(place) {
    const now = Date.now();
    const [muted, slow] = [store.mutedUntil - now, this.#slow()];
    clearTimeout(this.#clock);
    if (muted > 0 || slow > 0) this.#clock = setTimeout(() => this.update(), 1000);
    if (muted > 0) return html`<span class="limit warn" role="status">A host has muted you. You can write again in <span aria-hidden="true">${countdown(muted)}</span></span>`;
    if (slow > 0) return html`<span class="limit">Slow mode: you can write again in <span class="count">${countdown(slow)}</span></span>`;
    if (place.closed) return html`<span class="limit">This room is closed. Only hosts write here.</span>`;
    return place.slow ? html`<span class="limit">Slow mode: one message every ${every(place.slow)}</span>` : nothing;
  }

  // How long, in ms, slow mode still takes nothing new from me.
  #slow() {
    const { room } = store;
    return store.placeOf(room.name).slow && !store.me?.host ? room.slowUntil - Date.now() : 0;
  }

  #excess() {
    const over = this.#over();
    return over > 0 ? html`<span class="fault" role="alert">Too long by ${over.toLocaleString('en')} ${over === 1 ? 'character' : 'characters'}.</span>` : nothing;
  }

  // How many characters at the end are more than a message holds: the hub counts bytes, people do not.
  #over() {
    const most = store.limits.message_bytes;
    const text = this.box?.value.trim() ?? '';
    return most && text.length * 3 > most ? text.length - new TextEncoder().encodeInto(text, new Uint8Array(most)).read : 0;
  }

  #canSend() {
    return Boolean(this.box?.value.trim()) && this.#over() <= 0 && !this.#saving && (this.#edit || this.#slow() <= 0);
  }

  // After a change of room: its draft instead of the other one's.
  #turn() {
    const name = store.room?.name ?? '';
    if (!this.box || name === this.#room) return;
    this.#room = name;
    this.#edit = null;
    const { text = '', re = null } = browserStorage.get(`draft:${name}`, {});
    this.#re = re;
    this.#write(text);
    this.update();
  }

  #input() {
    this.#fit();
    if (!this.#edit) {
      this.#keep();
      if (this.box.value && Date.now() - this.#typed > TYPING) {
        this.#typed = Date.now();
        this.raise('typing');
      }
    }
    this.update();
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return; // Enter ends a word in an input method, not the message
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.#submit(event);
    } else if (event.key === 'Escape' && (this.#edit || this.#re)) {
      event.preventDefault();
      this.#cancel();
    } else if (event.key === 'ArrowUp' && !this.box.value && !this.#edit) {
      const last = store.room.lastOf(store.me?.who);
      if (!last) return;
      event.preventDefault();
      this.edit(last);
    } else if ((event.key === 'PageUp' || event.key === 'PageDown') && this.box.scrollHeight <= this.box.clientHeight) {
      event.preventDefault();
      this.raise('page', { direction: event.key === 'PageUp' ? -1 : 1 });
    }
  }

  #submit(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (!this.#canSend()) return;
    if (this.#edit) {
      if (text === this.#edit.text) return this.#cancel();
      this.#saving = true;
      this.raise('save', { n: this.#edit.n, text });
    } else {
      this.raise('say', { text, re: this.#re?.n });
      this.#re = null;
      this.#typed = 0;
      this.#write('');
      this.#keep();
    }
    this.update();
    this.focus();
  }

  #cancel() {
    this.#re = null;
    if (this.#edit) this.#leaveEdit();
    else this.#keep();
    this.update();
    this.focus();
  }

  #leaveEdit() {
    if (!this.#edit) return;
    this.#edit = null;
    this.#saving = false;
    const { text = '', re = null } = browserStorage.get(`draft:${this.#room}`, {});
    this.#re = re;
    this.#write(text);
  }

  #keep() {
    if (this.#edit || !this.#room) return;
    const text = this.box?.value ?? '';
    const re = this.#re && { n: this.#re.n, by: this.#re.by, who: this.#re.who, text: snippet(this.#re.text ?? '') };
    browserStorage.set(`draft:${this.#room}`, text || re ? { text, re } : undefined);
  }

  #write(text) {
    this.box.value = text;
    this.#fit();
  }

  // The phone was turned, the window or a column beside this one resized: the text has other lines now.
  #resized() {
    const { offsetWidth: width } = this;
    if (width === this.#width) return;
    this.#width = width;
    if (this.box) this.#fit();
  }

  #fit() {
    const { box } = this;
    const frame = box.parentElement;
    frame.style.setProperty('height', `${frame.offsetHeight}px`); // or the messages would grow and shrink with the measuring, and lose their place
    box.style.setProperty('height', 'auto');
    box.style.setProperty('height', `${box.scrollHeight}px`);
    frame.style.removeProperty('height');
  }
}

// Whether a room is made only by the first message, so that nobody takes it for one that they were told of.
function isUnbegun(room, { kind, name }) {
  return kind === 'public' && name !== 'general' && room.ready && !room.last;
}

// Why nothing can be written here, or ''.
function why({ kind, may_write: write, archived, closed }) {
  if (write) return '';
  if (archived) return 'This room is archived. It can be read, and nothing more is said.';
  if (closed) return 'A host has closed this room. It can be read, and nothing more is said.';
  return kind === 'announcements' ? 'Only hosts, and whom they choose, write here.' : 'You can read here, but not write.';
}

customElements.define('hearth-composer', HearthComposer);
