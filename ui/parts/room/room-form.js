/** The form for a new private room or one for announcements. */
import { html, nothing } from '../../vendor/lit.js';

/** `address`: where it will be, or ''; `fault`: what is wrong, told by `faultLine`; `type(text)`: what is typed. */
export function roomForm({ address, fault, faultLine, busy, type, cancel, make }) {
  const submit = (event) => {
    event.preventDefault();
    make();
  };
  return html`<form class="stack" @submit=${submit} novalidate>
      <label class="labelled">Its name
        <input class="field" name="title" maxlength="64" dir="auto" autocomplete="off" enterkeyhint="go" data-first
          @input=${({ target }) => type(target.value)} aria-invalid=${String(Boolean(fault))}
          aria-describedby="hearth-room-directory-fault">
        ${address ? html`<small>At the address <bdi>/${address}</bdi></small>` : nothing}
      </label>
      ${faultLine}
      <div class="card-foot"><button type="button" class="button" @click=${cancel}>Cancel</button>
        <button class="button primary" aria-disabled=${String(busy)}>Make the room</button></div>
    </form>`;
}
