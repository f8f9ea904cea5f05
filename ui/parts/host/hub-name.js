/** The form for what this hub is called. */
import { store } from '../../lib/store.js';
import { html } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { onSubmit } from '../listeners.js';

class HearthHubName extends ActionComponent {
  static topics = ['session'];
  verb = 'Save';
  done = () => {};

  view() {
    const { name } = store.hub;
    return html`<form class="stack" @submit=${onSubmit(({ hub }) => this.#save(hub.value.trim()))} novalidate>
      <label class="labelled">Name of this Hearth
        <input class="field" name="hub" maxlength="40" dir="auto" autocomplete="off" enterkeyhint="done" data-first
          placeholder="Such as the name of a house or a team" .value=${name === 'Hearth' ? '' : name}
          aria-invalid=${String(Boolean(this.fault))} aria-describedby="hearth-hub-name-fault">
        <small>Everybody sees it where they come in and above the rooms.</small></label>
      ${this.faultLine()}
      <div class="card-foot"><button class="button primary" aria-disabled=${String(this.busy)}>${
        this.verb}</button></div></form>`;
  }

  /** @param {string} text */
  async #save(text) {
    const same = (text || 'Hearth') === store.hub.name;
    if (same || await this.attempt(() => this.request('host-action', { do: 'name', text }))) this.done();
  }
}

customElements.define('hearth-hub-name', HearthHubName);
