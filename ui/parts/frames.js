/** Drawing in step with the screen. */
const LATE = 120; // ms: a hidden page has no frames

/**
 * A function that has `act` called in the next frame, once, however often it is called before.
 * @param {() => void} act
 */
export function oncePerFrame(act) {
  let [frame, timer] = [0, 0];
  const now = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = timer = 0;
    act();
  };
  return () => {
    if (frame) return;
    frame = requestAnimationFrame(now);
    timer = setTimeout(now, LATE);
  };
}
