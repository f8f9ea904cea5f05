/** The side: all rooms with what is unread in them, a way to any other room, and who I am. */
import { initials, tint } from '../lib/colour.js';
import { pathOf, roomName, whyNot } from '../lib/names.js';
import { store } from '../lib/store.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { icon } from './icon.js';
import { Part } from './part.js';

const WORDS = { live: 'Connected', polling: 'Connected, a little late', lost: 'Reconnecting', gone: 'Not connected', opening: 'Connecting' };

class HearthRooms extends Part {
  static topics = ['rooms', 'room', 'log', 'phase', 'link'];
  #fault = '';

  view() {
    return html`
      <div class="brand">${icon('mark', 'mark')}<span>Hearth</span>
        <button type="button" class="knob shut" aria-label="Close rooms" @click=${() => this.raise('drawer', { name: '' })}>${icon('close')}</button>
      </div>
      <div class="rooms"><ul>${repeat(this.#names(), (name) => name, (name) => this.#room(name))}</ul></div>
      ${this.#enter()}
      ${this.#self()}`;
  }

  #names() {
    const names = new Set(store.rooms.keys());
    if (store.room) names.add(store.room.name);
    names.delete('general');
    return ['general', ...[...names].sort((a, b) => a.localeCompare(b))];
  }

  #room(name) {
    const current = name === store.room?.name;
    const count = store.unreadOf(name);
    const open = (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      this.raise('open', { room: name });
    };
    return html`<li><a class="room ${count && !current ? 'unread' : ''}" href=${pathOf(name)} aria-current=${current ? 'page' : nothing} @click=${open}>
      <span dir="auto" title=${name}>${name}</span>
      ${count ? html`<span class="badge" aria-label=${`${count} unread`}>${count > 99 ? '99+' : count}</span>` : nothing}
    </a></li>`;
  }

  #enter() {
    const go = (event) => {
      event.preventDefault();
      const box = event.target.elements.room;
      const name = roomName(box.value);
      this.#fault = whyNot(name);
      if (!this.#fault) {
        box.value = '';
        this.raise('open', { room: name });
      }
      this.update();
    };
    return html`<form class="enter" @submit=${go}>
      <input class="field" name="room" aria-label="Open a room" placeholder="Open a room" autocomplete="off" autocapitalize="none" spellcheck="false" enterkeyhint="go"
        maxlength="80" dir="auto" aria-invalid=${String(Boolean(this.#fault))} aria-describedby="room-fault" @input=${() => this.#fault && this.#calm()}>
      <button class="knob" aria-label="Open">${icon('plus')}</button>
      <p class="fault" id="room-fault" role="alert" ?hidden=${!this.#fault}>${this.#fault}</p>
    </form>`;
  }

  #calm() {
    this.#fault = '';
    this.update();
  }

  #self() {
    const { me, link } = store;
    if (!me) return nothing;
    return html`<div class="self">
      <span class="avatar tint-${tint(me.who ?? me.name)}" aria-hidden="true">${initials(me.name)}</span>
      <div><p class="name" dir="auto" title=${me.name}>${me.name}</p>
      <p class="state"><span class="dot ${link === 'live' || link === 'polling' ? 'live' : ''}"></span>${WORDS[link] ?? ''}</p></div>
      <button type="button" class="knob" aria-label="Leave this device" title="Leave this device" @click=${() => this.raise('ask-leave')}>${icon('leave')}</button>
    </div>`;
  }
}

customElements.define('hearth-rooms', HearthRooms);
