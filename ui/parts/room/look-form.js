/** The form for how a room looks: an icon, typed or chosen, and a colour. */
import { store } from '../../lib/store.js';
import { html } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { onSubmit, onValue } from '../listeners.js';
import { TINT_NAMES, roomSign } from '../room-sign.js';

const SUGGESTED = ['💬', '📣', '🏠', '🌱', '🍵', '🎉', '🎵', '⚽', '📚', '🔧', '💡', '🐞'];

class HearthLookForm extends ActionComponent {
  room = '';
  done = () => {};
  #icon = '';
  #tint = '';

  connectedCallback() {
    super.connectedCallback();
    const { icon = '', tint = '' } = store.roomInfo(this.room);
    [this.#icon, this.#tint] = [icon, tint];
  }

  view() {
    const { kind } = store.roomInfo(this.room);
    return html`<form class="stack" @submit=${onSubmit(() => this.#save())} novalidate>
      <label class="labelled">Icon
        <span class="pair"><span class="preview">${roomSign({ kind, icon: this.#icon.trim(), tint: this.#tint })}</span>
          <input class="field" name="icon" maxlength="16" dir="auto" autocomplete="off" autocapitalize="none"
            spellcheck="false" enterkeyhint="done" placeholder="One emoji or letter" data-first .value=${this.#icon}
            aria-describedby="hearth-look-form-fault" aria-invalid=${String(Boolean(this.fault))}
            @input=${onValue((text) => this.#set(text, this.#tint))}></span></label>
      <div class="icons" role="group" aria-label="Icons to choose from">${SUGGESTED.map((icon) => html`<button
        type="button" class="knob" aria-pressed=${String(icon === this.#icon)}
        @click=${() => this.#set(icon === this.#icon ? '' : icon, this.#tint)}>${icon}</button>`)}</div>
      <fieldset class="tints"><legend>Colour</legend>${['', ...TINT_NAMES].map((tint) => this.#choice(tint))}</fieldset>
      ${this.faultLine('hearth-look-form-fault')}
      <div class="card-foot"><button type="button" class="button" @click=${() => this.done()}>Cancel</button>
        <button class="button primary" aria-disabled=${String(this.busy)}>Save</button></div></form>`;
  }

  /** @param {string} tint */
  #choice(tint) {
    return html`<label title=${tint || 'none'}><input type="radio" name="tint" .checked=${tint === this.#tint}
        @change=${() => this.#set(this.#icon, tint)}><span class="quiet">${tint || 'none'}</span>${
      roomSign({ kind: 'public', icon: 'A', tint })}</label>`;
  }

  /**
   * @param {string} icon
   * @param {string} tint
   */
  #set(icon, tint) {
    [this.#icon, this.#tint, this.fault] = [icon, tint, ''];
    this.update();
  }

  async #save() {
    const [name, icon, tint] = [this.room, this.#icon.trim(), this.#tint];
    const { icon: before = '', tint: tinted = '' } = store.roomInfo(name);
    const same = icon === before && tint === tinted;
    const saved = same || await this.attempt(() => this.request('change-room', {
      name, command: { do: 'look', icon, tint },
    }));
    if (saved) this.done();
  }
}

customElements.define('hearth-look-form', HearthLookForm);
