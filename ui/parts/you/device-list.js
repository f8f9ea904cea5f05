/** Where one is logged in, and an end to any of it. */
import { ago } from '../../lib/time.js';
import { agentName } from '../../lib/user-agent.js';
import { html, nothing, repeat } from '../../vendor/lit.js';
import { ActionComponent } from '../action-component.js';
import { icon } from '../icon.js';
/** @import { Device } from '../../lib/types.d.ts' */

class HearthDeviceList extends ActionComponent {
  /** @type {Device[] | null} */
  #list = null;

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  view() {
    const list = (this.#list ?? []).filter(({ purpose }) => purpose === undefined); // with one it is a token
    list.sort((a, b) => Number(b.here) - Number(a.here) || b.used - a.used);
    return html`${this.#list ? nothing : html`<div class="spinner late"></div>`}
      <ul class="lines">${repeat(list, ({ id }) => id, (device) => this.#device(device))}</ul>
      ${this.faultLine()}`;
  }

  /** @param {Device} device */
  #device({ id, agent, address, used, here }) {
    const name = agentName(agent);
    const state = here ? 'in use now' : `last used ${ago(used)}`;
    return html`<li class="item">
        ${icon(/Android|iPhone/.test(agent) ? 'phone' : 'devices')}
        <span class="what"><span>${name} ${here ? html`<span class="tag good">this one</span>` : nothing}</span>
          <small>${address || 'address unknown'} · ${state}</small></span>
        ${here ? nothing : html`<button type="button" class="button small danger"
          aria-label=${`End ${name} at ${address}`} @click=${() => this.#end(id)}>End</button>`}
      </li>`;
  }

  #load() {
    return this.attempt(async () => {
      this.#list = await this.request('devices');
    });
  }

  /** @param {string} device */
  async #end(device) {
    if (await this.attempt(() => this.request('end-device', { device }))) await this.#load();
  }
}

customElements.define('hearth-device-list', HearthDeviceList);
