/** The line that welcomes a host for the first time and leads to the three steps, or goes for good. */
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { Component } from '../component.js';
import { icon } from '../icon.js';

class HearthWelcomeLine extends Component {
  static topics = ['session', 'preferences'];

  view() {
    const wanted = store.me?.host && !store.preferences.welcomed;
    return html`<div aria-live="polite">${wanted ? this.#line() : nothing}</div>`;
  }

  #line() {
    return html`<div class="line returning">${icon('host')}
      <span><b>Welcome, host.</b> Name this Hearth, say who may come in, bring in the others.</span>
      <span class="pair"><button type="button" class="button small" @click=${() => this.#leave()}>Not now</button>
      <button type="button" class="button small primary" aria-haspopup="dialog"
        @click=${() => this.raise('show-welcome')}>Three steps</button></span></div>`;
  }

  #leave() {
    this.raise('prefer', { patch: { welcomed: true } });
    this.raise('restore-focus');
  }
}

customElements.define('hearth-welcome-line', HearthWelcomeLine);
