/** The buttons in a message's text. What was covered or folded and was asked for is shown as long as the message is. */
import { codeOf, fillCode } from '../lib/code-block.js';
import { colourLater } from './message-text.js';
import { raise } from './raise.js';

/** @type {Record<string, ((button: HTMLElement) => void) | undefined>} by what they are for */
const ACTS = {
  spoiler,
  'unfold-code': unfoldCode,
  'copy-code': (button) => raise(button, 'copy', { text: codeOf(button) }),
};

// A spoiler is no button of the browser's: wherever it is drawn, keys press it here.
document.addEventListener('keydown', (event) => {
  if (event.target.dataset?.act !== 'spoiler' || !['Enter', ' '].includes(event.key)) return;
  event.preventDefault();
  event.target.click();
});

/** @param {string | undefined} act */
export function isTextButton(act = '') {
  return Object.hasOwn(ACTS, act);
}

/**
 * Does what a button in a message's text is for.
 * @param {HTMLElement} button
 */
export function pressTextButton(button) {
  ACTS[button.dataset.act ?? '']?.(button);
}

/**
 * Shows what a spoiler hides. It has the focus still, and is no button any more.
 * @param {HTMLElement} cover
 */
function spoiler(cover) {
  for (const name of ['role', 'aria-label', 'aria-expanded', 'data-act']) cover.removeAttribute(name);
  cover.tabIndex = -1;
  cover.classList.add('open');
}

/**
 * Shows all lines of long code, in place of the button that says how many there are.
 * @param {HTMLElement} button
 */
function unfoldCode(button) {
  const code = button.parentElement?.querySelector('code');
  if (!code) return;
  fillCode(code, codeOf(button));
  if (document.activeElement === button) code.parentElement?.focus({ preventScroll: true });
  button.remove();
  colourLater([code]);
}

/**
 * A message is drawn anew with the same text: what was asked for is shown again.
 * @param {Element} before
 * @param {Element} after
 */
export function keepRevealed(before, after) {
  for (const [old, fresh] of pairs('.spoiler', before, after)) {
    if (old.classList.contains('open')) spoiler(fresh);
  }
  for (const [old, fresh] of pairs('.code-block', before, after)) {
    const button = fresh.querySelector('.unfold-code');
    if (button && !old.querySelector('.unfold-code')) unfoldCode(button);
  }
}

/**
 * @param {string} selector
 * @param {Element} before
 * @param {Element} after
 * @returns {HTMLElement[][]}
 */
function pairs(selector, before, after) {
  const fresh = [...after.querySelectorAll(selector)];
  return [...before.querySelectorAll(selector)].slice(0, fresh.length).map((old, at) => [old, fresh[at]]);
}
