/** Which rows of a long list are drawn: those in sight and some around them. Knows no DOM. */
const AROUND = 15; // rows drawn above and below those in sight, and the one in focus
const NEAR = 50; // rows that the one in focus may be out of sight

/**
 * The rows from `first` up to, but without, `last`. `count` rows of `height` each begin at `start`; what is in sight is
 * `inSight` long, from `top` on. All lengths are in px, along the same axis. Row `focus`, if one has it, is followed
 * before it is scrolled into sight.
 * @param {{ count: number, height: number, start: number, top: number, inSight: number, focus?: number }} list
 */
export function rowWindow({ count, height, start, top, inSight, focus = -1 }) {
  if (!height) return { first: 0, last: Math.min(count, 2 * AROUND) }; // not laid out yet
  let [first, last] = [Math.floor((top - start) / height), Math.ceil((top + inSight - start) / height)];
  if (focus >= 0 && focus > first - NEAR && focus < last + NEAR) {
    [first, last] = [Math.min(first, focus), Math.max(last, focus + 1)];
  }
  const within = (/** @type {number} */ row) => Math.min(count, Math.max(0, row));
  return { first: within(first - AROUND), last: within(last + AROUND) };
}
