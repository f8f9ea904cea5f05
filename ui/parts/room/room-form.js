/** The form for a new private room or one for announcements. */
import { html, nothing } from '../../vendor/lit.js';
import { onSubmit, onValue } from '../listeners.js';

/**
 * `address`: where it will be, or ''; `fault`: what is wrong, told by `faultLine`; `type(text)`: what is typed.
 * @param {{
 *   address: string, fault: string, faultLine: unknown, busy: boolean, type: (text: string) => void,
 *   cancel: () => void, make: () => void,
 * }} form
 */
export function roomForm({ address, fault, faultLine, busy, type, cancel, make }) {
  return html`<form class="stack" @submit=${onSubmit(make)} novalidate>
      <label class="labelled">Its name
        <input class="field" name="title" maxlength="64" dir="auto" autocomplete="off" enterkeyhint="go" data-first
          @input=${onValue(type)} aria-invalid=${String(Boolean(fault))}
          aria-describedby="hearth-room-directory-fault">
        ${address ? html`<small>At the address <bdi>/${address}</bdi></small>` : nothing}
      </label>
      ${faultLine}
      <div class="card-foot"><button type="button" class="button" @click=${cancel}>Cancel</button>
        <button class="button primary" aria-disabled=${String(busy)}>Make the room</button></div>
    </form>`;
}
