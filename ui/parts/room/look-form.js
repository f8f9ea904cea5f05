/** The form for how a room looks: an icon, an emoji or a letter, and a colour. */
import { store } from '../../lib/store.js';
import { html, live } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { emojiField } from '../emoji-field.js';
import { onSubmit, onValue } from '../listeners.js';
import { TINT_NAMES, roomSign } from '../room-sign.js';

const SUGGESTED = ['💬', '📣', '🏠', '🌱', '🍵', '🎉', '🎵', '⚽', '📚', '🔧', '💡', '🐞'];
const LETTER = /^[\p{L}\p{N}](?!\ufe0f?\u20e3)/u; // not what is the sign of a key

class HearthLookForm extends ActionComponent {
  room = '';
  done = () => {};
  #icon = '';
  #letter = ''; // the icon, where it was typed
  #tint = '';

  connectedCallback() {
    super.connectedCallback();
    const { icon = '', tint = '' } = store.roomInfo(this.room);
    this.#set(icon, tint, LETTER.test(icon) ? icon : '');
  }

  view() {
    const { kind } = store.roomInfo(this.room);
    const [icon, tint] = [this.#icon, this.#tint];
    return html`<form class="stack" @submit=${onSubmit(() => this.#save())} novalidate>
      <div class="labelled"><span>Icon</span><span class="pair">
        ${emojiField({ name: 'Icon', emoji: icon, shown: roomSign({ kind, icon, tint }), set: (to) => this.#set(to) })}
        <input class="field" maxlength="16" dir="auto" autocomplete="off" autocapitalize="none"
          spellcheck="false" enterkeyhint="done" placeholder="Or one letter" aria-label="Or one letter"
          .value=${live(this.#letter)} aria-describedby="hearth-look-form-fault"
          aria-invalid=${String(Boolean(this.fault))}
          @input=${onValue((text) => this.#set(text.trim(), tint, text))}></span></div>
      <div class="icons" role="group" aria-label="Icons to choose from">${SUGGESTED.map((sign) => html`<button
        type="button" class="knob" aria-pressed=${String(sign === icon)}
        @click=${() => this.#set(sign === icon ? '' : sign)}>${sign}</button>`)}</div>
      <fieldset class="tints"><legend>Colour</legend>${['', ...TINT_NAMES].map((each) => this.#choice(each))}</fieldset>
      ${this.faultLine('hearth-look-form-fault')}
      <div class="card-foot"><button type="button" class="button" @click=${() => this.done()}>Cancel</button>
        <button class="button primary" aria-disabled=${String(this.busy)}>Save</button></div></form>`;
  }

  /** @param {string} tint */
  #choice(tint) {
    return html`<label title=${tint || 'none'}><input type="radio" name="tint" .checked=${tint === this.#tint}
        @change=${() => this.#set(this.#icon, tint, this.#letter)}><span class="quiet">${tint || 'none'}</span>${
      roomSign({ kind: 'public', icon: 'A', tint })}</label>`;
  }

  /** @param {string} icon */
  #set(icon, tint = this.#tint, letter = '') {
    [this.#icon, this.#letter, this.#tint, this.fault] = [icon, letter, tint, ''];
    this.update();
  }

  async #save() {
    const [name, icon, tint] = [this.room, this.#icon, this.#tint];
    const { icon: before = '', tint: tinted = '' } = store.roomInfo(name);
    const same = icon === before && tint === tinted;
    const saved = same || await this.attempt(() => this.request('change-room', {
      name, command: { do: 'look', icon, tint },
    }));
    if (saved) this.done();
  }
}

customElements.define('hearth-look-form', HearthLookForm);
