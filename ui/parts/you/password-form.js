/** A first password, which makes the name an account, or another one. */
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { passwordField, usernameField } from '../password-field.js';

class HearthPasswordForm extends ActionComponent {
  static topics = ['phase'];
  done = () => {};
  #first = !store.me?.account;

  view() {
    const oldWrong = /old/.test(this.fault);
    return html`<form class="stack" @submit=${(event) => this.#save(event)} novalidate>
      ${this.#first ? html`<p>From then on you log in as <bdi>${store.me?.name}</bdi> on any device, and nobody else can be called that.</p>` : nothing}
      ${usernameField(store.me?.name ?? '')}
      ${this.#first ? nothing : passwordField({ label: 'Old password', name: 'old', wrong: oldWrong, fault: 'hearth-password-form-fault', first: true })}
      ${passwordField({
        label: this.#first ? 'Password' : 'New password', name: 'fresh', fresh: true, note: 'At least 8 characters. Nobody can tell you it again, so keep it well.',
        wrong: Boolean(this.fault) && !oldWrong, fault: 'hearth-password-form-fault', first: this.#first,
      })}
      ${this.faultLine()}
      <div class="card-foot"><button class="button primary" aria-disabled=${String(this.busy)}>${this.busy ? 'One moment' : 'Save'}</button></div>
    </form>`;
  }

  async #save(event) {
    event.preventDefault();
    const { old, fresh } = event.target.elements;
    const done = await this.attempt(() => (this.#first ? this.request('claim', { password: fresh.value }) : this.request('password', { old: old.value, fresh: fresh.value })));
    if (!done) return;
    store.tell(this.#first ? 'The name is protected.' : 'The password is changed. Your other devices need the new one.');
    this.done();
  }
}

customElements.define('hearth-password-form', HearthPasswordForm);
