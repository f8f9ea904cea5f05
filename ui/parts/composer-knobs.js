/** The buttons beside the text box that add something else than words. */
import { html } from '../vendor/lit.js';
import { icon } from './icon.js';
import { caretOf } from './replace-text.js';
/** @import { HearthComposer } from './composer.js' */

// Where there is little room, a poll begins there too.
const touch = matchMedia('(pointer: coarse), (max-width: 759px)');
const stay = (/** @type {Event} */ event) => event.preventDefault(); // the text box keeps the focus

/**
 * @param {HearthComposer} composer
 * @param {boolean} isEdit an edit takes words alone
 */
export function entryKnobs(composer, isEdit) {
  const add = touch.matches ? 'Add files or a poll' : 'Add files';
  const pickEmoji = (/** @type {Event & { currentTarget: Element }} */ { currentTarget: anchor }) => {
    if (composer.box) composer.raise('pick-emoji', { anchor, taken: caretOf(composer.box) });
  };
  return html`<button type="button" class="knob before" aria-label=${add} title=${add} ?hidden=${isEdit}
      @click=${() => composer.raise('pick-files')}>${icon('clip')}</button>
    <button type="button" class="knob before poll-knob" aria-label="Make a poll" title="Make a poll" ?hidden=${isEdit}
      @click=${() => composer.makePoll(null)}>${icon('poll')}</button>
    <button type="button" class="knob" aria-label="Emoji" title="Emoji" aria-haspopup="dialog"
      @pointerdown=${stay} @click=${pickEmoji}>${icon('react')}</button>`;
}

/**
 * Aborted as what was pressed is let go.
 * @param {PointerEvent} event
 */
function letGo({ pointerId }) {
  const over = new AbortController();
  const { signal } = over;
  for (const name of /** @type {const} */ (['pointerup', 'pointercancel'])) {
    window.addEventListener(name, (event) => {
      if (event.pointerId === pointerId) over.abort();
    }, { signal, capture: true });
  }
  return signal;
}

/**
 * A tap or a key records until the next one, holding it until it is let go.
 * @param {HearthComposer} composer
 * @param {boolean} isEdit
 */
export function voiceKnob(composer, isEdit) {
  const press = (/** @type {Event} */ event) => {
    const isDown = event.type === 'pointerdown';
    if (isDown) stay(event);
    composer.raise('record', { event, letGo: isDown ? letGo(/** @type {PointerEvent} */ (event)) : null });
  };
  return html`<button type="button" class="knob voice-knob" aria-label="Record a voice message"
    title="Record a voice message" ?hidden=${isEdit} @pointerdown=${press} @click=${press}>${icon('mic')}</button>`;
}
