/** Who may come in: the hub's mode, its code, and invitations. */
import { store } from '../../lib/store.js';
import { ago } from '../../lib/time.js';
import { html, nothing } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { icon } from '../icon.js';
import { qrNode } from '../qr-code.js';

const MODES = [
  ['open', 'Open', 'Anybody on this network comes in with nothing but a name.', 'Let anybody in'],
  ['code', 'With a code', 'Newcomers also need the code of this Hearth, which you tell them.', 'Require the code'],
  ['login', 'With an account', 'Only people with a name and password. New ones wait for you, or bear an invitation.', 'Require an account'],
];

class HearthAdmission extends ActionComponent {
  static topics = ['panel'];
  #mode = '';
  #end = false;
  #made = null;

  view() {
    const { mode, code, invites } = store.panel;
    const chosen = this.#mode || mode;
    const verb = MODES.find(([name]) => name === chosen)[3];
    return html`<fieldset class="modes"><legend>Who may come in</legend>${MODES.map(([name, title, text]) => html`<label class="mode ${name === chosen ? 'chosen' : ''}">
        <input type="radio" name="mode" value=${name} .checked=${name === chosen} @change=${() => this.#choose(name)}>
        <span class="what"><span>${title}</span><small>${text}</small></span></label>`)}</fieldset>
      ${chosen === mode ? nothing : html`<div class="card-foot"><p class="hint">${chosen === 'login' ? 'Whoever has no password is shown out, and can ask you to come in with one.' : 'Whoever is in stays in.'}</p><button type="button" class="button" @click=${() => this.#choose('')}>Cancel</button>
        <button type="button" class="button primary" aria-disabled=${String(this.busy)} @click=${() => this.#set(chosen)}>${verb}</button></div>`}
      ${this.faultLine()}
      ${mode === 'code' ? this.#code(code) : nothing}
      ${mode === 'login' ? this.#invitations(invites) : nothing}`;
  }

  #code(code) {
    return html`<section class="part"><h3>The code</h3>
      <div class="big-code"><p dir="ltr" aria-label=${`The code is ${code.split('').join(' ')}`}>${code.split('-').map((group) => html`<span>${group}</span>`)}</p>
        <button type="button" class="knob" aria-label="Copy the code" title="Copy" @click=${() => this.raise('copy', { text: code })}>${icon('copy')}</button></div>
      <p class="hint">Capitals, hyphens and spaces do not matter. The addresses under “Invite” bear it already.</p>
      <label class="check"><input type="checkbox" .checked=${this.#end} @change=${({ target }) => this.#ending(target.checked)}><span>Everybody but hosts must come in again</span></label>
      <div class="card-foot"><button type="button" class="button" @click=${() => this.raise('invite')}>${icon('invite')}Show the invitation</button>
        <button type="button" class="button" @click=${() => this.#renew()}>New code</button></div></section>`;
  }

  #invitations(invites) {
    return html`<section class="part"><h3>Invitations</h3>
      ${this.#made ? this.#shown(this.#made) : html`<form class="row-form short" @submit=${(event) => this.#invite(event)} novalidate>
        <label class="labelled">For how many people?
          <input class="field" type="number" name="count" min="1" max="100" value="1" inputmode="numeric"></label>
        <button class="button primary" aria-disabled=${String(this.busy)}>Make an invitation</button></form>`}
      ${invites.length ? html`<ul class="lines">${invites.map(({ id, made, left }) => html`<li class="item">${icon('invite')}
        <span class="what"><span>For ${left === 1 ? 'one more person' : `${left} more people`}</span><small>made ${ago(made)}</small></span>
        <button type="button" class="button small" @click=${() => this.#withdraw(id)}>Withdraw</button></li>`)}</ul>` : nothing}</section>`;
  }

  #shown({ url, picture, count }) {
    return html`<div class="once" role="status"><p><b>For ${count === 1 ? 'one person' : `${count} people`}.</b> It is shown only now: send the address, or let a phone scan the QR code.</p>
      ${picture}
      <div class="copyable"><code>${url}</code><button type="button" class="knob" aria-label="Copy the address" title="Copy" @click=${() => this.raise('copy', { text: url })}>${icon('copy')}</button></div>
      <div class="card-foot"><button type="button" class="button" @click=${() => this.#put()}>Done</button></div></div>`;
  }

  #choose(mode) {
    this.#mode = mode;
    this.update();
  }

  #ending(end) {
    this.#end = end;
  }

  async #set(mode) {
    if (!await this.attempt(() => this.request('deed', { do: 'mode', mode }))) return;
    this.#choose('');
  }

  async #renew() {
    const text = this.#end ? 'The old one no longer opens the door, and everybody but hosts is logged out and needs the new one.' : 'The old one no longer opens the door. Whoever is in stays in.';
    if (!await this.request('ask', { title: 'Make a new code?', text, yes: 'New code' })) return;
    if (await this.attempt(() => this.request('deed', { do: 'code', end: this.#end }))) this.#end = false;
    this.update();
  }

  #invite(event) {
    event.preventDefault();
    const count = Number(event.target.elements.count.value);
    if (!Number.isInteger(count) || count < 1 || count > 100) {
      this.fault = 'An invitation is for 1 to 100 people.';
      return this.update();
    }
    return this.attempt(async () => {
      const { url, qr } = await this.request('deed', { do: 'invite', count });
      this.#made = { url, count, picture: qrNode(qr, 'QR code of the invitation') };
    });
  }

  async #withdraw(invitation) {
    if (!await this.request('ask', { title: 'Withdraw this invitation?', text: 'Nobody comes in with it any more. Whoever is in stays in.', yes: 'Withdraw' })) return;
    if (await this.attempt(() => this.request('deed', { do: 'withdraw', invitation }))) this.#put();
  }

  #put() {
    this.#made = null;
    this.update();
  }
}

customElements.define('hearth-admission', HearthAdmission);
