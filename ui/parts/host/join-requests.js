/** Who asks to come in. Stands above everything else in the panel. */
import { agentName } from '../../lib/user-agent.js';
import { initials, tint } from '../../lib/avatar.js';
import { store } from '../../lib/store.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';

class HearthJoinRequests extends ActionComponent {
  static topics = ['panel'];

  view() {
    const list = store.panel?.people.filter(({ waiting }) => waiting) ?? [];
    if (!list.length) return this.faultLine();
    return html`<section class="asking" aria-labelledby="asking-title"><h3 id="asking-title">${list.length === 1 ? 'Somebody asks to come in' : `${list.length} people ask to come in`}</h3>
      <ul class="lines">${repeat(list, ({ who }) => who, (person) => html`<li class="item">
        <span class="avatar tint-${tint(person.who)}" aria-hidden="true">${initials(person.name)}</span>
        <span class="what"><span><bdi>${person.name}</bdi></span><small>${from(person)}</small></span>
        <span class="pair"><button type="button" class="button small" aria-label=${`Turn ${person.name} away`} @click=${() => this.#turnAway(person)}>Turn away</button>
        <button type="button" class="button small primary" aria-label=${`Let ${person.name} in`} @click=${() => this.#decide('approve', person.who)}>Let in</button></span>
      </li>`)}</ul>${this.faultLine()}</section>`;
  }

  async #turnAway({ who, name }) {
    const sure = await this.request('ask', { title: `Turn ${name} away?`, text: 'They are told so. They can ask again.', yes: 'Turn away' });
    if (sure) await this.#decide('deny', who);
  }

  #decide(what, whom) {
    return this.attempt(() => this.request('deed', { do: what, whom }), { patient: true });
  }
}

function from({ devices: [device] }) {
  return device ? html`${agentName(device.agent)} · ${device.address}` : nothing;
}

customElements.define('hearth-join-requests', HearthJoinRequests);
