/**
 * A short sound made by the page, without a file. Browsers let a page sound only once somebody has touched it: the
 * first key or touch readies it, and it rests until it is needed.
 */

/** @type {AudioContext | null} */
let context = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let resting;

/** Readies the sound at the first key or touch. */
export function readyChime() {
  const gestures = ['pointerup', 'keydown'];
  const ready = () => {
    if (!globalThis.AudioContext || navigator.userActivation?.isActive === false) return; // Escape does not count
    for (const gesture of gestures) removeEventListener(gesture, ready, true);
    context = new AudioContext();
    context.resume().then(() => context?.suspend());
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
