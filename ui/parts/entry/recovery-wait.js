/** Waiting for another device or a host to say that it is us. */
import { store } from '../../lib/store.js';
import { html } from '../../vendor/lit.js';
import { Component } from '../component.js';
import { icon } from '../icon.js';

class HearthRecoveryWait extends Component {
  static topics = ['session'];

  connectedCallback() {
    super.connectedCallback();
    setTimeout(() => this.querySelector('h1')?.focus()); // the button that led here is gone
  }

  view() {
    const { name, heard } = store.recovery;
    return html`<main class="lone">${icon('mark', 'mark')}<h1 tabindex="-1">Is it you, <bdi>${name}</bdi>?</h1>
      <p role="status">${heard
        ? 'Your other devices and the host have been asked.'
        : 'Nobody who can tell is here at the moment. They are asked as soon as they come.'}
        This page goes on by itself, and gives up after five minutes.</p>
      <div class="spinner"></div>
      <p><button type="button" class="button"
        @click=${() => this.raise('withdraw-recovery')}>Do not wait</button></p></main>`;
  }
}

customElements.define('hearth-recovery-wait', HearthRecoveryWait);
