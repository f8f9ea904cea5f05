/** Another name for oneself. What was said before keeps the name it was said under. */
import { limitName } from '../../lib/name-field.js';
import { store } from '../../lib/store.js';
import { html } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { onSubmit } from '../listeners.js';

/** @param {Parameters<typeof limitName>[0]} event */
const limit = (event) => limitName(event, store.limits.name_characters);

class HearthRenameForm extends ActionComponent {
  done = () => {};

  view() {
    return html`<form class="stack" @submit=${onSubmit(({ name }) => this.#save(name.value.trim()))} novalidate>
      <label class="labelled">New name
        <input class="field" name="name" dir="auto" autocomplete="nickname" spellcheck="false" enterkeyhint="done"
          data-first @input=${limit} @compositionend=${limit} .value=${store.me?.name ?? ''}
          aria-invalid=${String(Boolean(this.fault))} aria-describedby="hearth-rename-form-fault">
        <small>What you said before keeps the old name.</small>
      </label>
      ${this.faultLine()}
      <div class="card-foot"><button class="button primary" aria-disabled=${String(this.busy)}>Save</button></div>
    </form>`;
  }

  /** @param {string} name */
  async #save(name) {
    if (name === store.me?.name || await this.attempt(() => this.request('rename', { name }))) this.done();
  }
}

customElements.define('hearth-rename-form', HearthRenameForm);
