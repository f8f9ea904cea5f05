/** Somebody elsewhere says that they are me: only I can tell. */
import { agentName } from '../lib/user-agent.js';
import { store } from '../lib/store.js';
import { html, repeat } from '../vendor/lit.js';
import { ActionComponent } from './action-component.js';
import { icon } from './icon.js';

class HearthRecoveryPrompt extends ActionComponent {
  static topics = ['returns', 'phase'];

  view() {
    // The region is there before it says anything: else no screen reader would read it.
    return html`<div aria-live="polite">${repeat(store.returns, ({ id }) => id, (asked) => this.#one(asked))}${this.faultLine()}</div>`;
  }

  #one({ id, agent, address }) {
    const from = `${agentName(agent)} at ${address}`;
    return html`<div class="line returning">${icon('alert')}
      <span><b>Is that you?</b> Somebody asks to come in as you: <bdi>${from}</bdi></span>
      <span class="pair"><button type="button" class="button small" aria-label=${`Not me: ${from}`} @click=${() => this.#say(id, false)}>Not me</button>
      <button type="button" class="button small" aria-label=${`That is me: ${from}`} @click=${() => this.#sure(id, from)}>That is me</button></span></div>`;
  }

  async #sure(id, from) {
    const also = store.me?.host ? ', and does all that a host can do' : '';
    const yes = await this.request('ask', {
      title: `Let it in as ${store.me?.name}?`,
      text: `${from} then reads what you can read and speaks as you${also}. Say yes only if it is in your own hands right now.`,
      yes: 'That is me', calm: true,
    });
    if (yes) await this.#say(id, true);
  }

  #say(id, yes) {
    return this.attempt(() => this.request('answer-return', { id, yes }), { patient: true });
  }
}
customElements.define('hearth-recovery-prompt', HearthRecoveryPrompt);
