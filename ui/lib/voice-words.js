/** What of voice messages is told in words, and what their files are called. Pure. */

const UNTRUSTED = 'Browsers let a page use the microphone only over https, or on the computer that Hearth runs on.';
const LACKING = 'This browser cannot record sound.';

/** What a recording can be, the best first, and the extension of each. */
const KINDS = [
  ['audio/ogg;codecs=opus', 'ogg'], ['audio/webm;codecs=opus', 'webm'], ['audio/mp4', 'm4a'],
];

/**
 * The kind of recording that a browser makes; '' where it makes none.
 * @param {(kind: string) => boolean} isSupported
 */
export function recordedKind(isSupported) {
  return KINDS.find(([kind]) => isSupported(kind))?.[0] ?? '';
}

/**
 * What a recording is called: after the time at which it began, as all systems take it.
 * @param {Date} began
 * @param {string} type its media type
 */
export function recordingName(began, type) {
  const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
  const day = [began.getFullYear(), two(began.getMonth() + 1), two(began.getDate())].join('-');
  const extension = KINDS.find(([kind]) => kind.startsWith(plainType(type)))?.[1] ?? 'webm';
  return `Voice message ${day} ${two(began.getHours())}.${two(began.getMinutes())}.${extension}`;
}

/**
 * A media type without its parameters.
 * @param {string} type
 */
export function plainType(type) {
  return type.split(';')[0].trim().toLowerCase();
}

/**
 * Why a page cannot record; '' where it can. A browser may have all that it takes but a format.
 * @param {{
 *   isSecureContext: boolean, MediaRecorder?: { isTypeSupported(kind: string): boolean },
 *   navigator: { mediaDevices?: unknown },
 * }} browser
 */
export function whyNoRecording({ isSecureContext, MediaRecorder: recorder, navigator: { mediaDevices } }) {
  if (!isSecureContext) return UNTRUSTED;
  return mediaDevices && recorder && recordedKind((kind) => recorder.isTypeSupported(kind)) ? '' : LACKING;
}

/**
 * Why a recording did not begin, by the error of the browser.
 * @param {{ name?: string }} error
 */
export function recordingProblem({ name = '' }) {
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'The browser does not let this page use the microphone. Allow that in its settings, then try again.';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'No microphone was found. Connect one, then try again.';
    case 'NotReadableError':
    case 'AbortError':
      return 'The microphone cannot be used. Another program may have it: close that, then try again.';
    default:
      return LACKING;
  }
}

/**
 * A place in a sound: `0:07`, `12:34`, `1:02:03`.
 * @param {number} seconds
 */
export function placeText(seconds) {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, '0');
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}
