/**
 * A short sound made by the page, without a file. Browsers let a page sound only once somebody has touched it: the
 * first key or touch readies it, and it rests until it is needed.
 */
const TONES = [[659.25, 0], [987.77, 0.14]]; // Hz, and s after the beginning
const SECONDS = 0.5; // of each tone
const LOUDEST = 0.25; // of what the device can do, at full volume

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
  await context.resume();
  const start = context.currentTime + 0.02;
  for (const [pitch, after] of TONES) tone(context, pitch, start + after, volume * LOUDEST);
  clearTimeout(resting);
  resting = setTimeout(() => context?.suspend(), 2000);
  return true;
}

/**
 * @param {AudioContext} audio
 * @param {number} pitch
 * @param {number} at
 * @param {number} loudness
 */
function tone(audio, pitch, at, loudness) {
  const [wave, gain] = [audio.createOscillator(), audio.createGain()];
  wave.frequency.value = pitch;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(loudness, at + 0.015); // without a click
  gain.gain.exponentialRampToValueAtTime(0.0001, at + SECONDS);
  wave.connect(gain).connect(audio.destination);
  wave.start(at);
  wave.stop(at + SECONDS);
}
