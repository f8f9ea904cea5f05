/** Waits until something comes in sight, so that what nobody looks at is not loaded. */

/** @type {WeakMap<Element, () => void>} */
const waiting = new WeakMap();
const inSight = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    inSight.unobserve(target);
    waiting.get(target)?.();
  }
}, { rootMargin: '300px' });

/**
 * @param {Element} box
 * @param {() => void} act
 */
export function whenSeen(box, act) {
  waiting.set(box, act);
  inSight.observe(box);
}
