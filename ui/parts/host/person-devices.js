/** The devices of a person as a host sees them. */
import { ago } from '../../lib/time.js';
import { agentName } from '../../lib/user-agent.js';
import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../icon.js';
/** @import { PanelPerson } from '../../lib/types.d.ts' */

/**
 * When and from where the person was here last, in words. A token has a purpose and is no device.
 * @param {PanelPerson} person
 */
export function lastSeen({ here, devices }) {
  const own = devices.filter(({ purpose }) => purpose === undefined);
  const [latest] = [...own].sort((a, b) => b.used - a.used);
  if (!latest) return here ? 'Here now' : 'Not logged in anywhere';
  const when = here ? 'Here now' : `Last here ${ago(latest.used)}`;
  const count = own.length > 1 ? ` · ${own.length} devices` : '';
  return `${when} · ${agentName(latest.agent)} · ${latest.address || 'address unknown'}${count}`;
}

/**
 * All devices and tokens, where there is more than one.
 * @param {PanelPerson} person
 */
export function deviceList({ devices }) {
  if (devices.length < 2) return nothing;
  return html`<ul class="devices">${devices.map(({ agent, address, used, purpose }) => html`<li>${
    icon(purpose === undefined ? 'devices' : 'key')}
    <span><bdi>${purpose ?? agentName(agent)}</bdi> · ${address ? `${address} · ` : ''}${
      ago(used)}</span></li>`)}</ul>`;
}
