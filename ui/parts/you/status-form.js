/** What one says of oneself: a line, an emoji, until when; and who may see when one was here. */
import { store } from '../../lib/store.js';
import { SPANS, endOf, untilText } from '../../lib/status-times.js';
import { day } from '../../lib/time.js';
import { html, nothing } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { emojiField } from '../emoji-field.js';
import { onSubmit, onValue } from '../listeners.js';
import { check } from './check.js';
/** @import { Status } from '../../lib/types.d.ts' */

const IDEAS = [['🍜', 'Out for lunch'], ['📅', 'In a meeting'], ['🎧', 'Focusing'], ['🏠', 'At home'], ['🌴', 'On holiday']];

const capital = (/** @type {string} */ text) => text[0].toUpperCase() + text.slice(1);

class HearthStatusForm extends ActionComponent {
  static topics = ['status', 'preferences'];
  done = () => {};
  #emoji = store.status?.emoji ?? '';
  #span = 'open';
  #busy = Boolean(store.status?.busy);

  view() {
    const { status, preferences } = store;
    return html`<form class="stack" @submit=${onSubmit((fields) => this.#save(fields))} novalidate>
        <div class="labelled"><label for="status-text">Status</label><span class="pair">
          ${emojiField({ emoji: this.#emoji, set: (emoji) => this.#setEmoji(emoji) })}
          <input class="field" id="status-text" name="text" dir="auto" maxlength="100" data-first autocomplete="off"
            placeholder="What others should know" enterkeyhint="done" .defaultValue=${status?.text ?? ''}></span></div>
        <div class="ideas" role="group" aria-label="Suggestions">${IDEAS.map(([sign, text]) => html`
          <button type="button" class="button small" @click=${() => this.#fill(sign, text)}>${sign} ${text}</button>`)}
        </div>
        ${this.#end(status)}
        ${check('Do not disturb', this.#busy, (on) => this.#setBusy(on), 'Nothing calls you, and others see it')}
        ${this.faultLine()}
        <div class="card-foot">${status
          ? html`<button type="button" class="button" @click=${() => this.#set(null)}>Clear</button>`
          : nothing}<button class="button primary" aria-disabled=${String(this.busy)}>Save</button></div>
      </form>
      <section class="part">${check('Show when you were here last', preferences.last_here !== false,
        (on) => this.raise('prefer', { patch: { last_here: on ? null : false } }),
        'To those with whom you write directly. If it is off, you do not see it of them either')}</section>`;
  }

  /** @param {Status | null} status */
  #end(status) {
    const today = day(new Date());
    return html`<label class="choice"><span>Ends</span>
        <select class="field" name="span" @change=${onValue((value) => this.#setSpan(value))}>
        ${status?.until ? html`<option value="kept">${capital(untilText(status, new Date()))}</option>` : nothing}
        ${Object.entries(SPANS).map(([value, label]) => html`<option value=${value}>${label}</option>`)}</select>
      </label>
      ${this.#span === 'date' ? html`<label class="labelled">Last day<input class="field" type="date" name="day"
        required min=${today} .defaultValue=${today}></label>` : nothing}`;
  }

  /** @param {string} span */
  #setSpan(span) {
    this.#span = span;
    this.update();
  }

  /** @param {boolean} on */
  #setBusy(on) {
    this.#busy = on;
    this.update();
  }

  /** @param {string} emoji */
  #setEmoji(emoji) {
    this.#emoji = emoji;
    this.update();
  }

  /**
   * @param {string} sign
   * @param {string} words
   */
  #fill(sign, words) {
    this.#setEmoji(sign);
    const field = this.find('input');
    field.value = words;
    field.focus();
  }

  /** @param {Record<string, HTMLInputElement>} fields */
  #save({ text, span, day: last }) {
    const until = span.value === 'kept' ? store.status?.until : endOf(span.value, new Date(), last?.value ?? '');
    const status = { text: text.value.trim(), emoji: this.#emoji, until: until || 0, busy: this.#busy };
    return this.#set(status.text || status.emoji || status.busy ? status : null);
  }

  /** @param {Status | null} status */
  async #set(status) {
    if (await this.attempt(() => this.request('set-status', { status }))) this.done();
  }
}

customElements.define('hearth-status-form', HearthStatusForm);
