/** Coming in: a name, and where the hub asks for it a code or a password; or a log-in for who has an account. */
import { limitName } from '../../lib/name-field.js';
import { roomFromPath } from '../../lib/room-name.js';
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../icon.js';
import { Component } from '../component.js';
import { passwordField } from '../password-field.js';

const hold = (event) => limitName(event, store.limits.name_characters);

class HearthJoinForm extends Component {
  static topics = ['phase'];
  #face = 'join';
  #fault = null;
  #busy = false;
  #given = {};

  connectedCallback() {
    if (store.hadAccount()) this.#face = 'login';
    super.connectedCallback();
    window.addEventListener('focus', this.#look);
    document.addEventListener('visibilitychange', this.#look);
    setTimeout(() => this.querySelector('[name=name]')?.focus());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('focus', this.#look);
    document.removeEventListener('visibilitychange', this.#look);
  }

  /** What the hub said about the last try. */
  refused(problem) {
    this.#busy = false;
    this.#fault = problem;
    this.update();
    setTimeout(() => this.querySelector('[aria-invalid=true]')?.focus());
  }

  view() {
    const { hub, reason } = store;
    const join = this.#face === 'join';
    return html`<main class="lone">
      <form class="gate" @submit=${(event) => this.#submit(event)} novalidate>
        <div>${icon('mark', 'mark')}
        <h1>${hub.name && hub.name !== 'Hearth' ? html`Welcome to <bdi>${hub.name}</bdi>` : join ? 'Welcome to Hearth' : 'Welcome back'}</h1>
        <p>${join ? this.#lead() : 'Log in with your name and its password.'}</p></div>
        ${this.#where()}
        ${reason && !this.#fault ? html`<p class="gate-reason" role="status" dir="auto">${icon('alert')}<span>${reason}</span></p>` : nothing}
        <label>Your name
          <input class="field" name="name" autocomplete=${join && !this.#asksPassword() ? 'nickname' : 'username'} dir="auto" enterkeyhint="go" spellcheck="false" autocapitalize="words"
            @input=${hold} @compositionend=${hold}
            .value=${store.back.name || store.knownAs()} aria-invalid=${String(this.#wrong('name'))} aria-describedby="gate-fault ways-title">
        </label>
        ${join ? this.#code() : nothing}
        ${!join || this.#asksPassword() ? passwordField({
          label: 'Password', fresh: join, note: join ? 'At least 8 characters. With it you log in again.' : '', wrong: this.#wrong('password'), fault: 'gate-fault',
        }) : nothing}
        <p class="fault" id="gate-fault" role="alert" ?hidden=${!this.#fault}>${this.#fault?.message}</p>
        <button class="button primary" aria-disabled=${String(this.#busy)}>${this.#verb()}</button>
        ${this.#fault?.back ? this.#ways(this.#fault.back) : reason && !this.#fault && store.back.ask ? this.#ways({ elsewhere: [], ask: true }) : nothing}
        <button type="button" class="plainlink" @click=${() => this.#turn()}>${join ? this.#other() : 'I have no account yet'}</button>
      </form>
    </main>`;
  }

  #lead() {
    if (!this.#asksPassword()) return 'Choose the name that the others will see.';
    if (store.brought.invite) return 'You are invited. Choose the name that the others will see, and a password.';
    return 'Only people with an account come in here. Choose a name and a password, then the host lets you in.';
  }

  // Where the address leads. A hidden room has no name that says anything.
  #where() {
    const name = roomFromPath(location.pathname);
    if (/^(private|dm)-/.test(name)) return nothing;
    const { title = name, here = 0 } = store.before?.name === name ? store.before : {};
    return html`<p class="gate-room">${icon('room')}<span><b><bdi>${title}</bdi></b>${here ? html` <span class="count">${here === 1 ? '1 person is here' : `${here} people are here`}</span>` : nothing}</span></p>`;
  }

  #other() {
    return this.#fault?.code === 'name_taken' && !this.#fault.back ? 'That is me: log in' : 'I have an account';
  }

  #verb() {
    if (this.#face === 'login') return 'Log in';
    if (!this.#asksPassword()) return 'Join';
    return store.brought.invite ? 'Come in' : 'Ask to come in';
  }

  #asksPassword() {
    return store.hub.mode === 'login' && !store.host;
  }

  // A code that the address bore is sent without a word, until the hub says that it is wrong.
  #code() {
    const asked = this.#wrong('code') || (store.hub.mode === 'code' && !store.host && !store.brought.code);
    if (!asked) return nothing;
    return html`<label>Code
        <input class="field code" name="code" autocomplete="off" autocapitalize="characters" spellcheck="false" dir="ltr" aria-invalid=${String(this.#wrong('code'))} aria-describedby="gate-note gate-fault">
      </label>
      ${this.#fault?.code === 'code_needed' ? nothing : html`<p class="gate-note" id="gate-note">This Hearth has a code. Ask the host for it.</p>`}`;
  }

  // The name is held, but nothing proves whose it is: perhaps by who says it, at another address or in another browser.
  #ways({ elsewhere, ask }) {
    if (!elsewhere.length && !ask) return nothing;
    const name = this.#nameMeant();
    return html`<div class="ways" role="group" aria-labelledby="ways-title"><p id="ways-title">Were you here before as <bdi>${name}</bdi>?</p>
      ${elsewhere.map((base) => html`<button type="button" class="button" @click=${() => this.#goBy({ base, name, ask })}><span>Go on from <bdi>${placeOf(base)}</bdi></span></button>`)}
      ${elsewhere.length ? html`<p class="gate-note">By ${elsewhere.length === 1 ? 'that address' : 'one of these addresses'} <bdi>${name}</bdi> came in before. If it was in this browser, you are known there.</p>` : nothing}
      ${ask ? html`<button type="button" class="button" aria-disabled=${String(this.#busy)} @click=${() => this.#askBack()}>That is me: ask the host</button>
        <p class="gate-note">${elsewhere.length ? 'If that does not help: the' : 'The'} host is asked whether it is you, and so are your other devices.</p>` : nothing}</div>`;
  }

  #askBack() {
    if (this.#busy) return;
    this.#busy = true;
    this.update();
    const code = this.querySelector('[name=code]')?.value.trim() ?? this.#given.code;
    this.raise('ask-back', { name: this.#nameMeant(), code, gate: this });
  }

  #goBy(way) {
    this.#fault = null; // whoever comes back without having been let in finds another word here
    this.raise('elsewhere', way);
  }

  #nameMeant() {
    return this.#given.name ?? store.back.name;
  }

  #look = () => {
    if (document.visibilityState === 'visible' && !this.#busy) this.raise('look-again');
  };

  // Which field a refusal is about.
  #wrong(field) {
    const { code = '' } = this.#fault ?? {};
    const about = code.startsWith('code') ? 'code' : code.startsWith('password') || code.startsWith('login') ? 'password' : code.startsWith('name') ? 'name' : '';
    return about === field;
  }

  #turn() {
    store.reason = ''; // it was about the form before
    this.#face = this.#face === 'join' ? 'login' : 'join';
    this.#fault = null;
    this.update();
    setTimeout(() => {
      const [name, password] = ['name', 'password'].map((field) => this.querySelector(`[name=${field}]`));
      (name.value && password ? password : name).focus();
    });
  }

  #submit(event) {
    event.preventDefault();
    if (this.#busy) return;
    const { name, code, password } = event.target.elements;
    const given = { name: name.value.trim(), code: code?.value.trim(), password: password?.value };
    if (!given.name) {
      this.refused({ code: 'name_invalid', message: 'Type a name first.' });
    } else if (password && !given.password) {
      this.refused({ code: 'password_needed', message: this.#face === 'login' ? 'Type your password.' : 'Choose a password first.' });
    } else {
      this.#busy = true;
      this.#fault = null;
      store.reason = '';
      this.#given = given;
      this.update();
      this.raise(this.#face, { ...given, gate: this });
    }
  }
}

function placeOf(base) {
  return new URL(base).host;
}

customElements.define('hearth-join-form', HearthJoinForm);
