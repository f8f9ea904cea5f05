/** The sound itself: two soft tones. */
const TONES = [[659.25, 0], [987.77, 0.14]]; // Hz, and s after the beginning
const SECONDS = 0.5; // of each tone
const LOUDEST = 0.25; // of what the device can do, at full volume

/**
 * @param {AudioContext} audio
 * @param {number} volume 0 to 1
 */
export function sound(audio, volume) {
  const start = audio.currentTime + 0.02;
  for (const [pitch, after] of TONES) tone(audio, pitch, start + after, volume * LOUDEST);
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
