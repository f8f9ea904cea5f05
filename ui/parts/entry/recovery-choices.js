/** What people can do whose name is held and has no password: come in by another address, or ask. */
import { html, nothing } from '../../vendor/lit.js';

/**
 * `elsewhere`: addresses by which that name came in before; `ask`: whether somebody can be asked; `goBy(base)` and
 * `askHost()` do it.
 * @param {{
 *   name: string, elsewhere: string[], ask: boolean, busy: boolean, goBy: (base: string) => void, askHost: () => void,
 * }} ways
 */
export function recoveryChoices({ name, elsewhere, ask, busy, goBy, askHost }) {
  if (!elsewhere.length && !ask) return nothing;
  return html`<div class="ways" role="group" aria-labelledby="ways-title">
      <p id="ways-title">Were you here before as <bdi>${name}</bdi>?</p>
      ${elsewhere.map((base) => html`<button type="button" class="button" @click=${() => goBy(base)}><span>Go on from
        <bdi>${new URL(base).host}</bdi></span></button>`)}
      ${elsewhere.length ? elsewhereNote(name, elsewhere.length) : nothing}
      ${ask ? askButton(askHost, busy, elsewhere.length ? 'If that does not help: the' : 'The') : nothing}</div>`;
}

/**
 * @param {string} name
 * @param {number} count
 */
function elsewhereNote(name, count) {
  const addresses = count === 1 ? 'that address' : 'one of these addresses';
  return html`<p class="gate-note">By ${addresses} <bdi>${name}</bdi> came in before. If it was in this browser, you are
    known there.</p>`;
}

/**
 * @param {() => void} askHost
 * @param {boolean} busy
 * @param {string} beginning
 */
function askButton(askHost, busy, beginning) {
  return html`<button type="button" class="button" aria-disabled=${String(busy)} @click=${askHost}>That is me: ask the
    host</button>
    <p class="gate-note">${beginning} host is asked whether it is you, and so are your other devices.</p>`;
}
