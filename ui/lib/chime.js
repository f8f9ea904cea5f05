/**
 * A short sound made by the page, without a file. Browsers let a page sound only once somebody has touched it: the
 * first key or touch readies it, and it rests until it is needed.
 */

const AFTER = 300; // ms: what was pressed is drawn first, as making the context takes a slow phone 70

/** @type {AudioContext | null} */
let context = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let resting;

/** Readies the sound after the first key or touch. */
export function readyChime() {
  const gestures = ['pointerup', 'keydown'];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let starting;
  const start = () => {
    const made = context = new AudioContext();
    made.resume().then(() => {
      for (const gesture of gestures) removeEventListener(gesture, ready, true);
      return made.suspend();
    });
  };
  const ready = () => {
    if (!globalThis.AudioContext || navigator.userActivation?.isActive === false) return; // Escape does not count
    context?.resume(); // Safari before 16.4 does that nowhere else
    starting ??= setTimeout(start, AFTER);
  };
  for (const gesture of gestures) addEventListener(gesture, ready, true);
}

/** Whether the browser lets this page sound by now. */
export function canChime() {
  return context !== null;
}

/**
 * Two soft tones; resolves to whether they are heard.
 * @param {number} volume 0 to 1
 */
export async function chime(volume) {
  if (!context || !volume) return false;
  const tones = await import('./chime-tones.js').catch(() => null);
  if (!tones) return false;
  await context.resume();
  tones.sound(context, volume);
  clearTimeout(resting);
  resting = setTimeout(() => context?.suspend(), 2000);
  return true;
}
