/** A file on its way as a card: a small picture or its kind, its name, how far it is, and what can be done about it. */
import { extensionOf, nameParts, shownName } from '../lib/file-words.js';
import { progressText } from '../lib/upload-text.js';
import { html, nothing } from '../vendor/lit.js';
import { chooseFiles } from './choose-files.js';
import { composerFor, focusOf } from './focus.js';
import { icon } from './icon.js';
import './listen-knob.js';
import { raise } from './raise.js';
/** @import { Attached } from '../lib/types.d.ts' */

/**
 * `drop(id)` takes it out; without that it stays.
 * @param {Attached} file
 * @param {((id: string, from: Element) => void) | null} drop
 */
export function uploadCard(file, drop) {
  const { id, name, size, state, sent } = file;
  const [start, end] = nameParts(shownName(name));
  const runs = state === 'sending' || state === 'offline';
  return html`<li class="upload upload-${state}" data-id=${id}>
    ${file.sound ? html`<hearth-listen-knob .sound=${{ source: file.sound, name }}></hearth-listen-knob>` : sign(file)}
    <span class="what"><bdi class="upload-name" dir="auto" title=${name}><span>${start}</span><bdi>${end}</bdi></bdi>
      <small><bdi>${progressText(file)}</bdi></small>
      ${runs ? html`<progress max=${size} .value=${sent} aria-label=${`${name}, sent`}></progress>` : nothing}</span>
    ${againButton(file)}
    ${drop
      ? html`<button type="button" class="knob" aria-label=${`Remove ${name}`} title="Remove"
          @click=${(/** @type {UIEvent} */ { target }) => drop(id, target)}>${icon('close')}</button>`
      : nothing}</li>`;
}

/** @param {Attached} file */
function sign({ name, picture }) {
  const extension = extensionOf(name);
  const kind = extension && extension.length < 6 ? extension.toUpperCase() : icon('clip');
  // What only claims to be a picture is not shown as one.
  const show = (/** @type {UIEvent} */ { type, target }) => { target.hidden = type === 'error'; };
  return html`<span class="upload-sign" aria-hidden="true">${kind}${
    picture ? html`<img src=${picture} alt="" @error=${show} @load=${show}>` : nothing}</span>`;
}

/** @param {Attached} file */
function againButton({ id, name, state }) {
  if (state !== 'failed' && state !== 'lost') return nothing;
  const again = async (/** @type {UIEvent} */ { target }) => {
    const [file] = state === 'lost' ? await chooseFiles({ multiple: false }) : [];
    if (!file && state === 'lost') return;
    if (document.activeElement === target) passFocus(target);
    raise(document.body, 'resend-file', { id, file }); // the row may be another by now
  };
  const words = state === 'failed' ? 'Try again' : 'Choose again';
  return html`<button type="button" class="plainlink" aria-label=${`${words}: ${name}`}
    @click=${again}>${words}</button>`;
}

// The button goes as the file waits for its turn.
/** @param {Element} button */
function passFocus(button) {
  const knob = button.closest('.upload')?.querySelector('.knob');
  if (knob) knob.focus();
  else focusOf(composerFor(button));
}
