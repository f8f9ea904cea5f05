/** The pages of people who are not in: starting, waiting for a host, banned, not let in. */
import { store } from '../../lib/store.js';
import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../icon.js';

export function startingPage() {
  const unreachable = html`<h1>Hearth cannot be reached</h1>
    <p>Is the computer that runs it on, and on this network? This page keeps trying.</p>`;
  return html`<main class="lone late" aria-busy="true">${icon('mark', 'mark')}
    ${store.connection === 'gone' ? unreachable : nothing}</main>`;
}

/**
 * `withdraw()` waits no longer.
 * @param {() => void} withdraw
 */
export function waitingPage(withdraw) {
  const name = store.lastPerson.name();
  return html`<main class="lone">${icon('mark', 'mark')}<h1>Waiting for the host</h1>
    <p role="status">${name
      ? html`The host has been asked to let <bdi>${name}</bdi> in.`
      : 'The host has been asked to let you in.'} This page goes on by itself.</p>
    <div class="spinner"></div>
    <p><button type="button" class="button" @click=${withdraw}>Do not wait</button></p></main>`;
}

export function bannedPage() {
  return html`<main class="lone">${icon('mark', 'mark')}<h1>This Hearth is closed to you</h1>
    <p>Its host has banned you. If that was a mistake, only the host can lift it.</p>
    <p><a class="button" href=${location.pathname}>Look again</a></p></main>`;
}

export function refusedPage() {
  return html`<main class="lone">${icon('mark', 'mark')}<h1>You are not let in</h1><p dir="auto">${store.reason}</p>
    <p><a class="button" href=${location.pathname}>Try again</a></p></main>`;
}
