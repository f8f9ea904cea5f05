/** Recovery requests, each beside what is known of the person whose name is claimed. */
import { store } from '../../lib/store.js';
import { ago } from '../../lib/time.js';
import { agentName } from '../../lib/user-agent.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { avatarIcon } from '../avatar-icon.js';
/** @import { Device, PanelPerson, ReturnRequest } from '../../lib/types.d.ts' */

const HOLD = 600; // ms in which the next one may have come under the pointer of a double click

class HearthRecoveryRequests extends ActionComponent {
  static topics = ['host-panel'];
  #heldUntil = 0;

  view() {
    const list = grouped(store.hostPanel?.returns ?? []);
    if (!list.length) return this.faultLine();
    const title = list.length === 1
      ? 'Somebody says that they were here before'
      : `${list.length} people say that they were here before`;
    return html`<section class="asking" aria-labelledby="returning-title">
      <h3 id="returning-title"><bdi>${title}</bdi></h3>
      <p class="hint">They have no password, and come from an address at which this Hearth does not know them.</p>
      <ul class="lines">${repeat(list, ({ id }) => id, (request) => this.#request(request, list))}</ul>${
        this.faultLine()}</section>`;
  }

  /**
   * @param {ReturnRequest} request
   * @param {ReturnRequest[]} list
   */
  #request(request, list) {
    const person = store.hostPanel?.people.find(({ who }) => who === request.who);
    if (!person) return nothing;
    const { name, who, here } = person;
    const last = latestDevice(person);
    const rivals = list.filter((other) => other.who === who).length;
    return html`<li class="item">
      ${avatarIcon(who, name)}
      <span class="what"><span class="names"><bdi>${name}</bdi>
          ${here ? tag('warn', 'is here now') : nothing}
          ${rivals > 1 ? tag('warn', html`<bdi>${rivals} ask for this name</bdi>`) : nothing}
          ${last ? browserTag(last, request) : nothing}</span>
        <small>Asks: ${from(request)} · ${ago(request.made)}</small>
        <small>${last
          ? html`Was here: ${from(last)} · ${here ? 'now' : ago(last.used)}`
          : 'Is logged in nowhere'}</small></span>
      <span class="pair"><button type="button" class="button small" aria-label=${`Turn away who says they are ${name}`}
          @click=${() => this.#decide(request, true)}>Turn away</button>
        <button type="button" class="button small ${here ? '' : 'primary'}" aria-label=${`Let in as ${name}`}
          @click=${() => this.#letIn(request, person, rivals)}>Let in</button></span>
    </li>`;
  }

  /**
   * @param {ReturnRequest} request
   * @param {PanelPerson} person
   * @param {number} rivals
   */
  async #letIn(request, { name, here }, rivals) {
    if (Date.now() < this.#heldUntil) return;
    const doubt = here
      ? `${name} is here right now, on another device.`
      : rivals > 1 ? `${rivals} ask to be ${name}, and only one can be.` : '';
    const text = `${doubt} Ask them in person first: whoever comes in speaks as ${name} and reads their private rooms.`;
    const question = { title: `Let in as ${name}?`, text, yes: 'Let in' };
    if (!doubt || await this.request('confirm', question)) await this.#decide(request, false);
  }

  /**
   * @param {ReturnRequest} request
   * @param {boolean} off
   */
  async #decide({ id }, off) {
    if (Date.now() < this.#heldUntil) return;
    await this.attempt(() => this.request('host-action', { do: 'readmit', ask: id, off }), { patient: true });
    this.#heldUntil = Date.now() + HOLD;
  }
}

// Those who ask for one name stand together.
/** @param {ReturnRequest[]} requests */
function grouped(requests) {
  const first = (/** @type {ReturnRequest} */ { who }) => requests.findIndex((other) => other.who === who);
  return [...requests].sort((a, b) => first(a) - first(b));
}

/** @param {PanelPerson} person */
function latestDevice({ devices }) {
  return devices.filter(({ purpose }) => purpose === undefined).sort((a, b) => b.used - a.used)[0];
}

/**
 * @param {Device} last
 * @param {ReturnRequest} request
 */
function browserTag(last, request) {
  const same = agentName(last.agent) === agentName(request.agent);
  return same ? tag('good', 'same kind of browser') : tag('warn', 'another browser');
}

/**
 * @param {string} kind
 * @param {unknown} words
 */
function tag(kind, words) {
  return html`<span class="tag ${kind}">${words}</span>`;
}

/** @param {Device | ReturnRequest} device */
function from({ agent, address }) {
  return html`<bdi>${agentName(agent)}</bdi> · <bdi>${address || 'address unknown'}</bdi>`;
}

customElements.define('hearth-recovery-requests', HearthRecoveryRequests);
