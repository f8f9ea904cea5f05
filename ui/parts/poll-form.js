/** The card in which a poll is made. What was filled in stays until it is sent. */
import { ANSWER, MOST, QUESTION, pollProblem } from '../lib/poll-problem.js';
import { html, live, nothing, repeat } from '../vendor/lit.js';
import { icon } from './icon.js';
import { onSubmit, onValue } from './listeners.js';
import { Sheet } from './sheet.js';
/** @import { PollDraft } from '../lib/types.d.ts' */
/** @import { Actions } from './types.d.ts' */

const EMPTY = { question: '', answers: ['', ''], many: false };

export class HearthPollForm extends Sheet {
  /** @type {PollDraft} */
  #draft = structuredClone(EMPTY);
  /** @type {Actions['make-poll']['say']} */
  #say = () => {};
  /** @type {number | 'question' | null} */
  #wrong = null; // the field that the fault is about

  /**
   * Opens with what is given, else with what was filled in before; `say` is called with what was made.
   * @param {PollDraft | null} draft
   * @param {Actions['make-poll']['say']} say
   */
  begin(draft, say) {
    this.#say = say;
    if (draft && (draft.question || draft.answers.length)) {
      this.#draft = { ...draft, answers: [...draft.answers] };
      while (this.#draft.answers.length < 2) this.#draft.answers.push('');
    }
    this.#wrong = null;
    this.open();
    if (this.#draft.answers.length > MOST) this.#check();
  }

  card() {
    const { question, answers, many } = this.#draft;
    return html`${this.top('Make a poll')}<div class="sheet-body">
      <form class="stack" novalidate @submit=${onSubmit(() => this.#send())}>
        <label class="labelled">Question
          <input class="field" dir="auto" autocomplete="off" maxlength=${QUESTION} data-first .value=${live(question)}
            aria-invalid=${this.#isWrong('question')} aria-describedby="hearth-poll-form-fault"
            @input=${onValue((text) => this.#type({ question: text }))}></label>
        <fieldset class="poll-answers"><legend>Answers</legend>
          ${repeat(answers, (_, at) => at, (answer, at) => this.#answer(answer, at))}
          ${answers.length < MOST
            ? html`<button type="button" class="button" @click=${() => this.#add()}>${
              icon('plus')}Add an answer</button>`
            : nothing}</fieldset>
        <label class="check"><input type="checkbox" .checked=${live(many)}
          @change=${(/** @type {{ target: HTMLInputElement }} */ { target }) => this.#type({ many: target.checked })}>
          Several answers can be chosen</label>
        <p class="hint">Votes are seen by everybody in the room. A poll cannot be changed once it is sent.</p>
        ${this.faultLine()}
        <div class="card-foot"><button class="button primary">Send poll</button></div>
      </form></div>`;
  }

  /**
   * @param {string} answer
   * @param {number} at
   */
  #answer(answer, at) {
    const label = `Answer ${at + 1}`;
    return html`<div class="row-form"><input class="field" dir="auto" autocomplete="off" maxlength=${ANSWER}
        aria-label=${label} placeholder=${label} .value=${live(answer)}
        aria-invalid=${this.#isWrong(at)} aria-describedby="hearth-poll-form-fault"
        @input=${onValue((text) => this.#fill(at, text))}>
      ${this.#draft.answers.length > 2
        ? html`<button type="button" class="knob" aria-label=${`Remove answer ${at + 1}`}
            @click=${() => this.#drop(at)}>${icon('close')}</button>`
        : nothing}</div>`;
  }

  /** @param {Partial<PollDraft>} change */
  #type(change) {
    Object.assign(this.#draft, change);
    [this.fault, this.#wrong] = ['', null];
    this.update();
  }

  /**
   * @param {number} at
   * @param {string} text
   */
  #fill(at, text) {
    this.#type({ answers: this.#draft.answers.map((answer, place) => (place === at ? text : answer)) });
  }

  #add() {
    this.#type({ answers: [...this.#draft.answers, ''] });
    setTimeout(() => [...this.querySelectorAll('.poll-answers input')].pop()?.focus());
  }

  /** @param {number} at */
  #drop(at) {
    this.#type({ answers: this.#draft.answers.filter((_, place) => place !== at) });
    setTimeout(() => [...this.querySelectorAll('.poll-answers input')][Math.max(0, at - 1)]?.focus());
  }

  #send() {
    if (!this.#check()) {
      this.update();
      setTimeout(() => this.querySelector('[aria-invalid=true]')?.focus());
      return;
    }
    const { question, answers, many } = this.#draft;
    const poll = { answers: answers.map((answer) => answer.trim()).filter(Boolean), ...(many ? { many } : {}) };
    this.#say({ text: question.trim(), poll });
    this.#draft = structuredClone(EMPTY);
    this.close();
  }

  // Whether it can be sent; what is wrong is marked.
  #check() {
    const problem = pollProblem(this.#draft);
    [this.fault, this.#wrong] = [problem?.text ?? '', problem?.at ?? null];
    return !problem;
  }

  /** @param {number | 'question'} field */
  #isWrong(field) {
    return String(this.#wrong === field);
  }
}

customElements.define('hearth-poll-form', HearthPollForm);
