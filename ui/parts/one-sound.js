/** Of all films and sounds of the page only one plays at a time. */

document.addEventListener('play', ({ target }) => silence(target), true);

/**
 * Stops whatever plays.
 * @param {EventTarget | null} [except]
 */
export function silence(except = null) {
  /** @type {NodeListOf<HTMLMediaElement>} */
  const all = document.querySelectorAll('audio, video');
  for (const media of all) if (media !== except && !media.paused) media.pause();
}
