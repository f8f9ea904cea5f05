/** Coming in: a name, and where the hub asks for it a code or a password; or a login for people with an account. */
import { limitName } from '../../lib/name-field.js';
import { roomFromPath } from '../../lib/room-name.js';
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { Component } from '../component.js';
import { icon } from '../icon.js';
import { onSubmit } from '../listeners.js';
import { passwordField } from '../password-field.js';
import { buttonText, fieldOf, leadText, missing, wantsPassword } from './join-texts.js';
import { recoveryChoices } from './recovery-choices.js';
/** @import { ProblemParts } from '../../lib/types.d.ts' */
/** @import { Actions } from '../types.d.ts' */
/** @import { Face } from './join-texts.js' */

/** @param {Parameters<typeof limitName>[0]} event */
const limit = (event) => limitName(event, store.limits.name_characters);

class HearthJoinForm extends Component {
  static topics = ['session'];
  /** @type {Face} */
  #face = 'join';
  /** @type {ProblemParts | null} */
  #fault = null;
  #busy = false;
  /** @type {{ name?: string, code?: string }} */
  #given = {}; // what was sent last

  connectedCallback() {
    if (store.lastPerson.hasAccount()) this.#face = 'login';
    super.connectedCallback();
    window.addEventListener('focus', this.#recheck);
    document.addEventListener('visibilitychange', this.#recheck);
    setTimeout(() => this.#field('name')?.focus());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('focus', this.#recheck);
    document.removeEventListener('visibilitychange', this.#recheck);
  }

  /**
   * What the hub said about the last try.
   * @param {ProblemParts} problem
   */
  refused(problem) {
    this.#busy = false;
    this.#fault = problem;
    this.update();
    setTimeout(() => this.querySelector('[aria-invalid=true]')?.focus());
  }

  view() {
    return html`<main class="lone">
      <form class="gate" @submit=${onSubmit((fields) => this.#submit(fields))} novalidate>
        ${this.#head()}
        ${this.#room()}
        ${this.#reason()}
        ${this.#nameField()}
        ${this.#code()}
        ${this.#password()}
        <p class="fault" id="gate-fault" role="alert" ?hidden=${!this.#fault}>${this.#fault?.message}</p>
        <button class="button primary" aria-disabled=${String(this.#busy)}>${buttonText(this.#face)}</button>
        ${this.#recovery()}
        <button type="button" class="plainlink" @click=${() => this.#turn()}>${this.#otherFace()}</button>
      </form>
    </main>`;
  }

  #head() {
    const join = this.#face === 'join';
    const { name } = store.hub;
    const title = name && name !== 'Hearth'
      ? html`Welcome to <bdi>${name}</bdi>`
      : join ? 'Welcome to Hearth' : 'Welcome back';
    return html`<div>${icon('mark', 'mark')}
        <h1>${title}</h1>
        <p>${join ? leadText() : 'Log in with your name and its password.'}</p></div>`;
  }

  // Where the address leads. A hidden room has no name that says anything.
  #room() {
    const name = roomFromPath(location.pathname);
    if (/^(private|dm)-/.test(name)) return nothing;
    const { title = name, here = 0 } = store.preview?.name === name ? store.preview : {};
    const words = here === 1 ? '1 person is here' : `${here} people are here`;
    const count = html` <span class="count">${words}</span>`;
    return html`<p class="gate-room">${icon('room')}<span><b><bdi>${title}</bdi></b>${
      here ? count : nothing}</span></p>`;
  }

  #reason() {
    if (!store.reason || this.#fault) return nothing;
    return html`<p class="gate-reason" role="status" dir="auto">${icon('alert')}<span>${store.reason}</span></p>`;
  }

  #nameField() {
    const nickname = this.#face === 'join' && !wantsPassword();
    return html`<label>Your name
          <input class="field" name="name" autocomplete=${nickname ? 'nickname' : 'username'} dir="auto"
            enterkeyhint="go" spellcheck="false" autocapitalize="words" @input=${limit} @compositionend=${limit}
            .value=${store.recovery.name || store.lastPerson.name()} aria-invalid=${this.#isWrong('name')}
            aria-describedby="gate-fault ways-title">
        </label>`;
  }

  // A code that the address carried is sent without a word, until the hub says that it is wrong.
  #code() {
    if (this.#face !== 'join') return nothing;
    const wanted = store.hub.mode === 'code' && !store.browserIsHost && !store.fromUrl.code;
    if (!wanted && fieldOf(this.#fault) !== 'code') return nothing;
    const note = html`<p class="gate-note" id="gate-note">This Hearth has a code. Ask the host for it.</p>`;
    return html`<label>Code
        <input class="field code" name="code" autocomplete="off" autocapitalize="characters" spellcheck="false"
          dir="ltr" aria-invalid=${this.#isWrong('code')} aria-describedby="gate-note gate-fault">
      </label>
      ${this.#fault?.code === 'code_needed' ? nothing : note}`;
  }

  #password() {
    const join = this.#face === 'join';
    if (join && !wantsPassword()) return nothing;
    const note = join ? 'At least 8 characters. With it you log in again.' : '';
    const wrong = fieldOf(this.#fault) === 'password';
    return passwordField({ label: 'Password', fresh: join, note, wrong, fault: 'gate-fault' });
  }

  #recovery() {
    const offered = store.reason && !this.#fault && store.recovery.ask ? { elsewhere: [], ask: true } : null;
    const ways = this.#fault ? this.#fault.recovery : offered;
    if (!ways) return nothing;
    const name = this.#nameMeant();
    return recoveryChoices({
      ...ways, name, busy: this.#busy,
      goBy: (base) => this.#goBy({ base, name, ask: ways.ask }),
      askHost: () => this.#askHost(),
    });
  }

  #otherFace() {
    if (this.#face === 'login') return 'I have no account yet';
    return this.#fault?.code === 'name_taken' && !this.#fault.recovery ? 'That is me: log in' : 'I have an account';
  }

  #askHost() {
    if (this.#busy) return;
    this.#busy = true;
    this.update();
    const code = this.#field('code')?.value.trim() ?? this.#given.code;
    this.raise('recover', { name: this.#nameMeant(), code, form: this });
  }

  /** @param {Actions['handover']} way */
  #goBy(way) {
    this.#fault = null; // should they come back without being let in, something else is said here
    this.raise('handover', way);
  }

  #nameMeant() {
    return this.#given.name ?? store.recovery.name;
  }

  /**
   * @param {string} name
   * @returns {HTMLInputElement | null}
   */
  #field(name) {
    return this.querySelector(`[name=${name}]`);
  }

  /** @param {string} field */
  #isWrong(field) {
    return String(fieldOf(this.#fault) === field);
  }

  #recheck = () => {
    if (document.visibilityState === 'visible' && !this.#busy) this.raise('recheck');
  };

  #turn() {
    this.raise('clear-reason'); // it was about the face before
    this.#face = this.#face === 'join' ? 'login' : 'join';
    this.#fault = null;
    this.update();
    setTimeout(() => {
      const [name, password] = [this.#field('name'), this.#field('password')];
      (name?.value && password ? password : name)?.focus();
    });
  }

  /** @param {Partial<Record<string, HTMLInputElement>>} fields */
  #submit({ name, code, password }) {
    if (this.#busy) return;
    const given = { name: name?.value.trim() ?? '', code: code?.value.trim(), password: password?.value };
    const problem = missing(given, this.#face);
    if (problem) return this.refused(problem);
    this.#busy = true;
    this.#fault = null;
    this.#given = given;
    this.raise('clear-reason');
    this.update();
    this.raise(this.#face, { ...given, form: this });
  }
}

customElements.define('hearth-join-form', HearthJoinForm);
