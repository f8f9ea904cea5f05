/** Who asks to come in. Stands above everything else in the host panel. */
import { store } from '../../lib/store.js';
import { agentName } from '../../lib/user-agent.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { avatarIcon } from '../avatar-icon.js';
/** @import { PanelPerson } from '../../lib/types.d.ts' */

class HearthJoinRequests extends ActionComponent {
  static topics = ['host-panel'];

  view() {
    const list = store.hostPanel?.people.filter(({ waiting }) => waiting) ?? [];
    if (!list.length) return this.faultLine();
    const title = list.length === 1 ? 'Somebody asks to come in' : `${list.length} people ask to come in`;
    return html`<section class="asking" aria-labelledby="asking-title"><h3 id="asking-title">${title}</h3>
      <ul class="lines">${repeat(list, ({ who }) => who, (person) => this.#request(person))}</ul>${
        this.faultLine()}</section>`;
  }

  /** @param {PanelPerson} person */
  #request(person) {
    const { who, name, devices: [device] } = person;
    const from = device ? html`${agentName(device.agent)} · ${device.address}` : nothing;
    return html`<li class="item">
        ${avatarIcon(who, name)}
        <span class="what"><span><bdi>${name}</bdi></span><small>${from}</small></span>
        <span class="pair"><button type="button" class="button small" aria-label=${`Turn ${name} away`}
          @click=${() => this.#deny(person)}>Turn away</button>
        <button type="button" class="button small primary" aria-label=${`Let ${name} in`}
          @click=${() => this.#decide('approve', who)}>Let in</button></span>
      </li>`;
  }

  /** @param {PanelPerson} person */
  async #deny({ who, name }) {
    const question = { title: `Turn ${name} away?`, text: 'They are told so. They can ask again.', yes: 'Turn away' };
    if (await this.request('confirm', question)) await this.#decide('deny', who);
  }

  /**
   * @param {'approve' | 'deny'} what
   * @param {string} whom
   */
  #decide(what, whom) {
    return this.attempt(() => this.request('host-action', { do: what, whom }), { patient: true });
  }
}

customElements.define('hearth-join-requests', HearthJoinRequests);
