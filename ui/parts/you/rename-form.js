/** Another name for oneself. What was said before keeps the name it was said under. */
import { holdName } from '../../lib/names.js';
import { store } from '../../lib/store.js';
import { html } from '../../vendor/lit.js';
import { Face } from '../action-component.js';

const hold = (event) => holdName(event, store.limits.name_characters);

class HearthYourName extends Face {
  done = () => {};

  view() {
    return html`<form class="stack" @submit=${(event) => this.#save(event)} novalidate>
      <label class="labelled">New name
        <input class="field" name="name" dir="auto" autocomplete="nickname" spellcheck="false" enterkeyhint="done" data-first
          @input=${hold} @compositionend=${hold}
          .value=${store.me?.name ?? ''} aria-invalid=${String(Boolean(this.fault))} aria-describedby="hearth-your-name-fault">
        <small>What you said before keeps the old name.</small>
      </label>
      ${this.faultLine()}
      <div class="card-foot"><button class="button primary" aria-disabled=${String(this.busy)}>Save</button></div>
    </form>`;
  }

  async #save(event) {
    event.preventDefault();
    const name = event.target.elements.name.value.trim();
    if (name === store.me.name) return this.done();
    const done = await this.attempt(() => this.wish('rename', { name }));
    if (done) this.done();
    return undefined;
  }
}

customElements.define('hearth-your-name', HearthYourName);
