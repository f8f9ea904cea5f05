/** A first password, which makes the name an account, or another one. */
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { onSubmit } from '../listeners.js';
import { passwordField, usernameField } from '../password-field.js';

const FAULT = 'hearth-password-form-fault';
const NOTE = 'At least 8 characters. Nobody can tell you it again, so keep it well.';

class HearthPasswordForm extends ActionComponent {
  static topics = ['session'];
  done = () => {};
  #first = !store.me?.account;

  view() {
    const oldWrong = /old/.test(this.fault);
    const fresh = {
      label: this.#first ? 'Password' : 'New password', name: 'fresh', fresh: true, note: NOTE,
      wrong: Boolean(this.fault) && !oldWrong, fault: FAULT, first: this.#first,
    };
    const old = { label: 'Old password', name: 'old', wrong: oldWrong, fault: FAULT, first: true };
    return html`<form class="stack" @submit=${onSubmit((fields) => this.#save(fields))} novalidate>
      ${this.#first ? this.#lead() : nothing}
      ${usernameField(store.me?.name ?? '')}
      ${this.#first ? nothing : passwordField(old)}
      ${passwordField(fresh)}
      ${this.faultLine()}
      <div class="card-foot"><button class="button primary"
        aria-disabled=${String(this.busy)}>${this.busy ? 'One moment' : 'Save'}</button></div>
    </form>`;
  }

  #lead() {
    return html`<p>From then on you log in as <bdi>${store.me?.name}</bdi> on any device, and nobody else can be called
      that.</p>`;
  }

  /** @param {Record<string, HTMLInputElement>} fields */
  async #save({ old, fresh }) {
    const done = await this.attempt(() => (this.#first
      ? this.request('set-password', { password: fresh.value })
      : this.request('change-password', { old: old.value, fresh: fresh.value })));
    if (!done) return;
    const changed = 'The password is changed. Your other devices need the new one.';
    this.raise('notice', { text: this.#first ? 'The name is protected.' : changed });
    this.done();
  }
}

customElements.define('hearth-password-form', HearthPasswordForm);
