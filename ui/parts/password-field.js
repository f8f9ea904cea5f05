/** A field for a password, with a button that shows what was typed. */
import { html, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';

/**
 * `fresh`: a new password is chosen, not an old one asked for; `fault`: the id of the line that tells of errors;
 * `first`: the focus begins here.
 * @param {{
 *   label: string, name?: string, fresh?: boolean, note?: string, wrong?: boolean, fault?: string, first?: boolean,
 * }} field
 */
export function passwordField({
  label, name = 'password', fresh = false, note = '', wrong = false, fault = '', first = false,
}) {
  const id = `secret-${name}`;
  return html`<div class="labelled"><label for=${id}>${label}</label>
    <div class="secret" dir="ltr">
      <input class="field" type="password" id=${id} name=${name} minlength=${fresh ? 8 : nothing} maxlength="1024"
        autocomplete=${fresh ? 'new-password' : 'current-password'} autocapitalize="none" spellcheck="false"
        ?data-first=${first} aria-invalid=${String(wrong)} aria-describedby=${`${note ? `${id}-note ` : ''}${fault}`}>
      <button type="button" class="knob" aria-label="Show what is typed" aria-pressed="false" title="Show"
        @click=${toggle}>${icon('eye')}</button>
    </div>
    ${note ? html`<small id=${`${id}-note`}>${note}</small>` : nothing}
  </div>`;
}

/**
 * The name that a password belongs to, for password managers; nobody sees it.
 * @param {string} name
 */
export function usernameField(name) {
  return html`<input class="quiet" type="text" name="username" autocomplete="username" .value=${name} tabindex="-1"
    aria-hidden="true" readonly>`;
}

/** @param {{ currentTarget: Element & { previousElementSibling: HTMLInputElement } }} event */
function toggle({ currentTarget: button }) {
  const field = button.previousElementSibling;
  const shown = field.type === 'password';
  field.type = shown ? 'text' : 'password';
  button.setAttribute('aria-pressed', String(shown));
  field.focus();
}
