/** Default targets of the keyboard focus. */
import { part } from './part.js';

const touch = matchMedia('(pointer: coarse)');
const composer = () => part('composer');

/**
 * Where to write about what is done in this part of the page: in the thread or in the room.
 * @param {Element} from
 */
export function composerFor(from) {
  return part(from.closest('.thread') ? 'thread-composer' : 'composer');
}

/** Ready to write, but not on a phone: the on-screen keyboard would cover half the page. */
export function focusComposer() {
  focusSoon(() => true);
}

/** @param {() => boolean} isWanted asked when the time has come */
function focusSoon(isWanted) {
  if (touch.matches) return;
  setTimeout(() => document.querySelector('dialog[open]') || !isWanted() || composer()?.focus(), 30);
}

/**
 * The same for one of the two.
 * @param {{ focus(): void } | null} writing
 */
export function focusOf(writing) {
  if (!touch.matches) writing?.focus();
}

/** Puts the focus into the composer before a card opens, so that it comes back there. */
export function focusComposerFirst() {
  if (!touch.matches) composer()?.focus();
}

/** What had the focus is gone: on a phone it goes to the header, else to the composer unless it was put somewhere. */
export function restoreFocus() {
  if (touch.matches) [...document.querySelectorAll('.head button')].find(({ offsetParent }) => offsetParent)?.focus();
  else focusSoon(() => document.activeElement === document.body);
}

/** A letter typed while nothing is being written goes to the composer. */
export function focusOnTyping() {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.length !== 1 || event.key === ' ') return;
    if (event.target.closest('input, textarea, dialog[open], button, a, .aside, .side')) return;
    composerFor(event.target)?.focus();
  });
}
