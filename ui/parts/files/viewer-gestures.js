/** What fingers, a mouse and its wheel do to a picture. */

const SWIPE = 60; // pixels after which a finger has asked for the next picture
const CLOSER = 2.5; // times, by a double click

/**
 * Listens on the frame of a picture. Points are told from its middle.
 * @param {HTMLElement} frame
 * @param {{
 *   zoom: (factor: number, x: number, y: number) => void, move: (x: number, y: number) => void,
 *   step: (by: 1 | -1) => void, isZoomed: () => boolean,
 * }} on
 */
export function watchGestures(frame, { zoom, move, step, isZoomed }) {
  /** @type {Map<number, [x: number, y: number]>} */
  const down = new Map(); // the pointers that press
  let [left, top] = [0, 0]; // how far the one that presses alone has gone
  let alone = false;
  const pointOf = (/** @type {MouseEvent} */ { clientX, clientY }) => {
    const box = frame.getBoundingClientRect();
    return /** @type {[number, number]} */ ([clientX - box.x - box.width / 2, clientY - box.y - box.height / 2]);
  };
  frame.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    frame.setPointerCapture(event.pointerId);
    down.set(event.pointerId, pointOf(event));
    alone = down.size === 1 && event.pointerType !== 'mouse';
    [left, top] = [0, 0];
  });
  frame.addEventListener('pointermove', (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const now = pointOf(event);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, now);
    [left, top] = [left + now[0] - before[0], top + now[1] - before[1]];
    if (!other) return void (isZoomed() && move(now[0] - before[0], now[1] - before[1]));
    const factor = distance(now, other) / Math.max(1, distance(before, other));
    zoom(factor, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    move((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
  });
  for (const name of /** @type {const} */ (['pointerup', 'pointercancel'])) {
    frame.addEventListener(name, (event) => {
      if (!down.delete(event.pointerId) || event.type !== 'pointerup') return;
      const swiped = alone && !isZoomed() && Math.abs(left) > SWIPE && Math.abs(left) > 2 * Math.abs(top);
      if (swiped) step(left < 0 ? 1 : -1);
    });
  }
  frame.addEventListener('dblclick', (event) => zoom(isZoomed() ? 0 : CLOSER, ...pointOf(event)));
  frame.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoom(1.002 ** -event.deltaY, ...pointOf(event));
  }, { passive: false });
}

/**
 * @param {[number, number]} a
 * @param {[number, number]} b
 */
function distance(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
