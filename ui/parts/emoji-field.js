/** One emoji in a form: a button that shows it and opens the picker, and one that takes it away. */
import { html, nothing } from '../vendor/lit.js';
import { icon } from './icon.js';
import { raise } from './raise.js';
/** @typedef {MouseEvent & { currentTarget: HTMLElement }} Click */

/**
 * `name` is what it is called, `shown` how it looks where that is not the emoji by itself; `set(emoji)` gets another
 * one, or ''.
 * @param {{ name?: string, emoji: string, shown?: unknown, set: (emoji: string) => void }} field
 */
export function emojiField({ name = 'Emoji', emoji, shown = emoji, set }) {
  const pick = (/** @type {Click} */ { currentTarget: anchor }) => raise(anchor, 'pick-emoji', { anchor, taken: set });
  const clear = (/** @type {Click} */ { currentTarget: button }) => {
    /** @type {HTMLElement} */ (button.previousElementSibling).focus();
    set('');
  };
  const none = `No ${name.toLowerCase()}`;
  return html`<span class="emoji-field"><button type="button" class="button" aria-haspopup="dialog"
      title="Choose an emoji" aria-label=${emoji ? `${name}: ${emoji}` : 'Choose an emoji'} @click=${pick}>${
    emoji ? shown : icon('react')}</button>${emoji
    ? html`<button type="button" class="knob" aria-label=${none} title=${none}
      @click=${clear}>${icon('close')}</button>`
    : nothing}</span>`;
}
