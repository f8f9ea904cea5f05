/** Puts a card beside what opened it; on a phone style sheets put it elsewhere. */
const GAP = 8; // px

/**
 * Above or below the anchor and from there to the side where there is more room, as far as the window allows. Sets
 * `--inline` and `--block`, the distances of the card from the start of the window.
 * @param {HTMLElement} card
 * @param {Element} anchor
 */
export function placeBeside(card, anchor) {
  const { left, right, top, bottom } = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = card;
  const isRtl = getComputedStyle(card).direction === 'rtl';
  const x = within(left + right < innerWidth ? left : right - width, innerWidth - width);
  const y = within(top > innerHeight - bottom ? top - GAP - height : bottom + GAP, innerHeight - height);
  card.style.setProperty('--inline', `${isRtl ? innerWidth - width - x : x}px`);
  card.style.setProperty('--block', `${y}px`);
}

/**
 * @param {number} place
 * @param {number} most
 */
function within(place, most) {
  return Math.max(GAP, Math.min(place, most - GAP));
}
