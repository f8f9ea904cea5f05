/** A question that must be answered before something is lost or given away. */
import { html, live, nothing } from '../vendor/lit.js';
import { Component } from './component.js';
import { closeOnBackdrop } from './dialog.js';

const EARLY = 700; // so long at least somebody has to have seen a question

/**
 * Asks one question; `ask()` gives true when the answer was yes. What is `typed` must be typed to say it. A `calm` one
 * loses nothing, but gives something away: a click that was meant for what was there before does not count.
 */
class HearthQuestion extends Component {
  #question = { title: '', text: '', yes: '', typed: '' };
  #said = '';
  #done = null;
  #early = false;
  #timer = 0;

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('focus', this.#hold);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('focus', this.#hold);
  }

  ask(question) {
    this.#question = question;
    this.#said = '';
    this.#hold();
    return new Promise((done) => {
      this.#done = done;
      queueMicrotask(() => this.querySelector('dialog').showModal());
    });
  }

  view() {
    const { title, text, yes, typed, calm } = this.#question;
    const able = !this.#early && (!typed || this.#said.trim() === typed.trim());
    const answer = (said) => () => {
      if (said && !able) return this.querySelector('input')?.focus();
      this.#done?.(said);
      this.#done = null;
      this.querySelector('dialog').close();
      return undefined;
    };
    return html`<dialog class="card" aria-labelledby="question-title" aria-describedby="question-text" @click=${closeOnBackdrop} @close=${({ target }) => target.open || this.#done?.(false)}>
      <h2 id="question-title"><bdi>${title}</bdi></h2><p id="question-text" dir="auto">${text}</p>
      ${typed ? html`<label class="labelled sure"><span>To be sure, type <b dir="auto">${typed}</b></span>
        <input class="field" dir="auto" autocomplete="off" autocapitalize="none" spellcheck="false" .value=${live(this.#said)} @input=${({ target }) => this.#type(target.value)}></label>` : nothing}
      <div class="card-foot">
        <button type="button" class="button" @click=${answer(false)}>Cancel</button>
        <button type="button" class="button ${calm ? 'primary' : 'danger'}" aria-disabled=${String(!able)} @click=${answer(true)}>${yes}</button>
      </div>
    </dialog>`;
  }

  // From when it is seen: also when another window lay over this one until now.
  #hold = () => {
    clearTimeout(this.#timer);
    this.#early = Boolean(this.#question.calm);
    if (this.#early) this.#timer = setTimeout(() => this.#late(), EARLY);
    this.update();
  };

  #late() {
    this.#early = false;
    this.update();
  }

  #type(text) {
    this.#said = text;
    this.update();
  }
}

customElements.define('hearth-question', HearthQuestion);
