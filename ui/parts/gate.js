/** First visit: a name, and where the hub asks for one, its code. */
import { store } from '../lib/store.js';
import { html, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';
import { Part } from './part.js';

class HearthGate extends Part {
  static topics = ['phase'];
  #fault = null;
  #busy = false;

  connectedCallback() {
    super.connectedCallback();
    setTimeout(() => this.querySelector('[name=name]')?.focus());
  }

  /** What the hub said about the last try. */
  refused(problem) {
    this.#busy = false;
    this.#fault = problem;
    this.update();
    setTimeout(() => this.querySelector('[aria-invalid=true]')?.focus());
  }

  view() {
    const { hub } = store;
    const code = hub.mode === 'code' || this.#fault?.code?.startsWith('code');
    const codeWrong = Boolean(this.#fault?.code?.startsWith('code'));
    const nameWrong = Boolean(this.#fault) && !codeWrong && this.#fault.code !== 'unreachable';
    return html`<main class="lone">
      <form class="gate" @submit=${(event) => this.#join(event)} novalidate>
        <div>${icon('mark', 'mark')}
        <h1>${hub.name && hub.name !== 'Hearth' ? html`Welcome to <bdi>${hub.name}</bdi>` : 'Welcome to Hearth'}</h1>
        <p>Choose the name that the others will see.</p></div>
        <label>Your name
          <input class="field" name="name" autocomplete="nickname" maxlength="64" dir="auto" enterkeyhint="go" spellcheck="false"
            .value=${store.knownAs()} aria-invalid=${String(nameWrong)} aria-describedby="gate-fault">
        </label>
        ${code ? html`<label>Code
          <input class="field" name="code" autocomplete="off" autocapitalize="none" spellcheck="false" aria-invalid=${String(codeWrong)} aria-describedby="gate-fault">
        </label>
        <p class="gate-note">This Hearth asks for a code. Whoever runs it can tell you.</p>` : nothing}
        <p class="fault" id="gate-fault" role="alert" ?hidden=${!this.#fault}>${this.#fault?.message}</p>
        <button class="button primary" ?disabled=${this.#busy}>Join</button>
      </form>
    </main>`;
  }

  #join(event) {
    event.preventDefault();
    const { name, code } = event.target.elements;
    if (!name.value.trim()) {
      this.refused({ code: 'name_invalid', message: 'Type a name first.' });
      return;
    }
    this.#busy = true;
    this.#fault = null;
    this.update();
    this.raise('join', { name: name.value.trim(), code: code?.value.trim(), gate: this });
  }
}

customElements.define('hearth-gate', HearthGate);
