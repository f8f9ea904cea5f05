/** How loud a sound is along its time, for a picture of it. */

const RATE = 8000; // Hz: enough for a picture, and a sixth of the memory
const BARS = 120; // of a wave that is kept; what is drawn joins some of them
const LEAST = 0.05; // of the loudest: what is quieter everywhere is silence

/**
 * The loudness of so many even parts of a sound, from 0 to 1, which the loudest one has.
 * @param {Float32Array} samples
 * @param {number} count
 */
export function loudness(samples, count = BARS) {
  const bars = Array.from({ length: count }, (_, at) => {
    const [from, to] = [at, at + 1].map((edge) => Math.floor((edge * samples.length) / count));
    let sum = 0;
    for (let i = from; i < to; i += 1) sum += samples[i] * samples[i];
    return to > from ? Math.sqrt(sum / (to - from)) : 0;
  });
  const most = Math.max(LEAST, ...bars);
  return bars.map((bar) => bar / most);
}

/**
 * The same bars in another number: each of the fewer ones is as loud as the loudest that it stands for.
 * @param {number[]} bars
 * @param {number} count
 */
export function fewerBars(bars, count) {
  return Array.from({ length: count }, (_, at) => {
    const from = Math.floor((at * bars.length) / count);
    const to = Math.max(from + 1, Math.floor(((at + 1) * bars.length) / count));
    return Math.max(0, ...bars.slice(from, to));
  });
}

/**
 * The loudness and length in seconds of a file; rejects where the browser cannot decode it.
 * @param {ArrayBuffer} bytes
 */
export async function waveOf(bytes) {
  const buffer = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes);
  return { bars: loudness(buffer.getChannelData(0)), seconds: buffer.duration };
}

/**
 * How loud it is right now, from 0 to 1, as an ear finds it.
 * @param {Float32Array} samples
 */
export function levelOf(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-9);
  return Math.min(1, Math.max(0, (decibels + 55) / 45)); // from a quiet room to a loud voice
}
