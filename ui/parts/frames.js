/**
 * Drawing in step with the screen, and out of the way of whoever types or presses: no letter waits for it, and what is
 * pressed stays where it is until it is let go.
 */
const LATE = 120; // ms: a hidden page has no frames
const TYPING = 300; // ms after a letter in which the next one may come
const PRESS = 100; // ms after a finger is lifted in which its click comes
const LONGEST = 400; // ms that anything waits for a person at most

/** @type {Map<(late: number) => void, number>} */
const waiting = new Map(); // what is to be drawn -> when that was first asked for
let [frame, timer, release] = [0, 0, 0];
let typed = -Infinity; // when the last letter came
let isShown = true; // the frame with that letter is past
let isDrawn = true; // and what waited was drawn after it
let pressed = -Infinity; // until when a press holds up drawing

/**
 * A function that has `act` called in the next frame, once, however often it is called before. While somebody types,
 * that is the frame after the one with their letter: then the next letter is furthest away. `act` is told how many ms
 * of the frame are gone, by what was done first or was not done in time.
 * @param {(late: number) => void} act
 */
export function oncePerFrame(act) {
  return () => {
    if (!waiting.has(act)) waiting.set(act, performance.now());
    if (!release) plan();
  };
}

function plan() {
  clearTimeout(release);
  release = 0;
  if (frame || !waiting.size) return;
  frame = requestAnimationFrame(draw);
  timer = setTimeout(draw, LATE);
}

/** @param {number} [began] */
function draw(began = performance.now()) {
  cancelAnimationFrame(frame);
  clearTimeout(timer);
  frame = 0;
  const now = performance.now();
  const free = Math.max(pressed, isShown && !isDrawn ? now : typed + TYPING);
  const until = Math.min(free, Math.min(...waiting.values()) + LONGEST);
  if (until > now) {
    release = setTimeout(plan, until - now);
    return;
  }
  isDrawn = true;
  try {
    for (const act of [...waiting.keys()]) {
      waiting.delete(act);
      act(performance.now() - began);
    }
  } finally {
    plan(); // after a fault, the others have the next frame
  }
}

addEventListener('beforeinput', () => {
  [typed, isShown, isDrawn] = [performance.now(), false, false];
  requestAnimationFrame(() => {
    isShown = true;
    plan();
  });
}, true);
addEventListener('keydown', ({ key }) => {
  if (key !== 'Enter') return;
  typed = -Infinity; // what is sent is seen at once
  plan();
}, true);
addEventListener('pointerdown', () => {
  pressed = performance.now() + LONGEST;
}, true);
for (const end of ['pointerup', 'pointercancel', 'click']) {
  addEventListener(end, ({ type }) => {
    pressed = performance.now() + PRESS;
    if (type === 'click') pressed = typed = -Infinity; // whoever presses types no more
    plan();
  }, true);
}
