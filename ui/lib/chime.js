/**
 * A short sound made by the page, without a file. Browsers let a page sound only once somebody has touched it: the
 * first key or touch readies it, and it rests until it is needed.
 */

const AFTER = 300; // ms: what was pressed is drawn first, as making the context takes a slow phone 70

/** @type {AudioContext | null} */
let context = null;
/** @type {Promise<void> | null} */
let coming = null; // the context at rest, once somebody has touched the page
/** @type {ReturnType<typeof setTimeout> | undefined} */
let resting;

/** Readies the sound after the first key or touch. */
export function readyChime() {
  const gestures = ['pointerup', 'keydown'];
  const start = () => {
    const made = context = new AudioContext();
    return made.resume().then(() => {
      for (const gesture of gestures) removeEventListener(gesture, ready, true);
      return made.suspend();
    });
  };
  const ready = () => {
    if (!globalThis.AudioContext || navigator.userActivation?.isActive === false) return; // Escape does not count
    context?.resume(); // Safari before 16.4 does that nowhere else
    coming ??= new Promise((done) => setTimeout(done, AFTER)).then(start);
  };
  for (const gesture of gestures) addEventListener(gesture, ready, true);
}

/**
 * Two soft tones; resolves to whether they are heard.
 * @param {number} volume 0 to 1
 */
export async function chime(volume) {
  await coming?.catch(() => null); // this may be that very touch
  if (!context || !volume) return false;
  const tones = await import('./chime-tones.js').catch(() => null);
  if (!tones) return false;
  await context.resume();
  tones.sound(context, volume);
  clearTimeout(resting);
  resting = setTimeout(() => context?.suspend(), 2000);
  return true;
}
