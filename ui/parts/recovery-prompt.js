/**
 * Prompts to confirm or deny that I am the person asking to come in as me from elsewhere. Its element is a live region
 * before this is loaded, or no screen reader would read it.
 */
import { store } from '../lib/store.js';
import { agentName } from '../lib/user-agent.js';
import { html, repeat } from '../vendor/lit.js';
import { ActionComponent } from './action-component.js';
import { icon } from './icon.js';
/** @import { ReturnRequest } from '../lib/types.d.ts' */

export class HearthRecoveryPrompt extends ActionComponent {
  static topics = ['recovery-requests', 'session'];

  view() {
    const list = repeat(store.recoveryRequests, ({ id }) => id, (request) => this.#prompt(request));
    return html`${list}${this.faultLine()}`;
  }

  /** @param {ReturnRequest} request */
  #prompt({ id, agent, address }) {
    const from = `${agentName(agent)} at ${address}`;
    return html`<div class="line returning">${icon('alert')}
      <span><b>Is that you?</b> Somebody asks to come in as you: <bdi>${from}</bdi></span>
      <span class="pair"><button type="button" class="button small" aria-label=${`Not me: ${from}`}
        @click=${() => this.#answer(id, false)}>Not me</button>
      <button type="button" class="button small" aria-label=${`That is me: ${from}`}
        @click=${() => this.#confirm(id, from)}>That is me</button></span></div>`;
  }

  /**
   * @param {string} id
   * @param {string} from
   */
  async #confirm(id, from) {
    const also = store.me?.host ? ', and does all that a host can do' : '';
    const yes = await this.request('confirm', {
      title: `Let it in as ${store.me?.name}?`,
      text: `${from} then reads what you can read and speaks as you${also}. `
        + 'Say yes only if it is in your own hands right now.',
      yes: 'That is me', calm: true,
    });
    if (yes) await this.#answer(id, true);
  }

  /**
   * @param {string} id
   * @param {boolean} yes
   */
  #answer(id, yes) {
    return this.attempt(() => this.request('answer-recovery', { id, yes }), { patient: true });
  }
}

customElements.define('hearth-recovery-prompt', HearthRecoveryPrompt);
