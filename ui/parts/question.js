/** A question that must be answered before something is lost or given away. */
import { html, live, nothing } from '../vendor/lit.js';
import { Component } from './component.js';
import { closeOnBackdrop } from './dialog.js';
import { onValue } from './listeners.js';
/** @import { Confirm, Question } from '../lib/types.d.ts' */

const HOLD = 700; // ms for which a question must have been seen before it can be answered with yes

/**
 * `typed` must be typed to say yes. A `calm` question loses nothing but gives something away: a click that was meant
 * for what was there before does not count.
 */
export class HearthQuestion extends Component {
  /** @type {Question} */
  #question = { title: '', text: '', yes: '', typed: '' };
  #typed = '';
  /** @type {((yes: boolean) => void) | null} */
  #done = null;
  #held = false;
  #timer = 0;

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('focus', this.#hold);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('focus', this.#hold);
  }

  /**
   * Resolves to whether the answer was yes.
   * @type {Confirm}
   */
  ask(question) {
    this.#question = question;
    this.#typed = '';
    this.#hold();
    return new Promise((done) => {
      this.#done = done;
      queueMicrotask(() => this.find('dialog').showModal());
    });
  }

  view() {
    const { title, text, yes, typed, calm } = this.#question;
    const able = !this.#held && (!typed || this.#typed.trim() === typed.trim());
    return html`<dialog class="card" aria-labelledby="question-title" aria-describedby="question-text"
      @click=${closeOnBackdrop} @close=${() => this.find('dialog').open || this.#done?.(false)}>
      <h2 id="question-title"><bdi>${title}</bdi></h2><p id="question-text" dir="auto">${text}</p>
      ${typed ? this.#typedField(typed) : nothing}
      <div class="card-foot">
        <button type="button" class="button" @click=${() => this.#answer(false)}>Cancel</button>
        <button type="button" class="button ${calm ? 'primary' : 'danger'}" aria-disabled=${String(!able)}
          @click=${() => (able ? this.#answer(true) : this.querySelector('input')?.focus())}>${yes}</button>
      </div>
    </dialog>`;
  }

  /** @param {string} typed */
  #typedField(typed) {
    return html`<label class="labelled sure"><span>To be sure, type <b dir="auto">${typed}</b></span>
        <input class="field" dir="auto" autocomplete="off" autocapitalize="none" spellcheck="false"
          .value=${live(this.#typed)} @input=${onValue((text) => this.#type(text))}></label>`;
  }

  /** @param {boolean} yes */
  #answer(yes) {
    this.#done?.(yes);
    this.#done = null;
    this.find('dialog').close();
  }

  // The time begins when it is seen: also when another window lay over this one until now.
  #hold = () => {
    clearTimeout(this.#timer);
    this.#held = Boolean(this.#question.calm);
    if (this.#held) this.#timer = setTimeout(() => this.#release(), HOLD);
    this.update();
  };

  #release() {
    this.#held = false;
    this.update();
  }

  /** @param {string} text */
  #type(text) {
    this.#typed = text;
    this.update();
  }
}

customElements.define('hearth-question', HearthQuestion);
