/** Who says that they were here before, beside what is known of whom they say they are. */
import { agentName } from '../../lib/user-agent.js';
import { initials, tint } from '../../lib/avatar.js';
import { store } from '../../lib/store.js';
import { ago } from '../../lib/time.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';

const MOVING = 600; // ms in which the next one may have come under the pointer of a double click

class HearthRecoveryRequests extends ActionComponent {
  static topics = ['panel'];
  #still = 0;

  view() {
    const all = store.panel?.returns ?? [];
    const first = (asked) => all.findIndex(({ who }) => who === asked.who);
    const list = [...all].sort((a, b) => first(a) - first(b)); // those who ask for one name together
    if (!list.length) return this.faultLine();
    return html`<section class="asking" aria-labelledby="returning-title">
      <h3 id="returning-title"><bdi>${list.length === 1 ? 'Somebody says that they were here before' : `${list.length} people say that they were here before`}</bdi></h3>
      <p class="hint">They have no password, and come from an address at which this Hearth does not know them.</p>
      <ul class="lines">${repeat(list, ({ id }) => id, (asked) => this.#one(asked, list))}</ul>${this.faultLine()}</section>`;
  }

  #one(asked, list) {
    const person = store.panel.people.find(({ who }) => who === asked.who);
    if (!person) return nothing;
    const { name, who, here } = person;
    const last = latest(person);
    const rivals = list.filter((other) => other.who === who).length;
    const same = last && agentName(last.agent) === agentName(asked.agent);
    return html`<li class="item">
      <span class="avatar tint-${tint(who)}" aria-hidden="true">${initials(name)}</span>
      <span class="what"><span class="names"><bdi>${name}</bdi>
          ${here ? html`<span class="tag warn">is here now</span>` : nothing}
          ${rivals > 1 ? html`<span class="tag warn"><bdi>${rivals} ask for this name</bdi></span>` : nothing}
          ${last ? html`<span class="tag ${same ? 'good' : 'warn'}">${same ? 'same kind of browser' : 'another browser'}</span>` : nothing}</span>
        <small>Asks: ${from(asked)} · ${ago(asked.made)}</small>
        <small>${last ? html`Was here: ${from(last)} · ${here ? 'now' : ago(last.used)}` : 'Is logged in nowhere'}</small></span>
      <span class="pair"><button type="button" class="button small" aria-label=${`Turn away who says they are ${name}`} @click=${() => this.#decide(asked, true)}>Turn away</button>
        <button type="button" class="button small ${here ? '' : 'primary'}" aria-label=${`Let in as ${name}`} @click=${() => this.#letIn(asked, person, rivals)}>Let in</button></span>
    </li>`;
  }

  async #letIn(asked, { name, here }, rivals) {
    if (Date.now() < this.#still) return;
    const doubt = here ? `${name} is here right now, on another device.` : rivals > 1 ? `${rivals} ask to be ${name}, and only one can be.` : '';
    const text = `${doubt} Ask them in person first: whoever comes in speaks as ${name} and reads their private rooms.`;
    if (!doubt || await this.request('ask', { title: `Let in as ${name}?`, text, yes: 'Let in' })) await this.#decide(asked, false);
  }

  async #decide({ id }, off) {
    if (Date.now() < this.#still) return;
    await this.attempt(() => this.request('deed', { do: 'readmit', ask: id, off }), { patient: true });
    this.#still = Date.now() + MOVING;
  }
}

function latest({ devices }) {
  return devices.filter(({ purpose }) => purpose === undefined).sort((a, b) => b.used - a.used)[0];
}

function from({ agent, address }) {
  return html`<bdi>${agentName(agent)}</bdi> · <bdi>${address || 'address unknown'}</bdi>`;
}

customElements.define('hearth-recovery-requests', HearthRecoveryRequests);
