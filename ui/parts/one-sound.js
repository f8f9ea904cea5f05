/** What plays films and sounds: of all in the page only one at a time. */

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

/**
 * Plays it, or pauses what plays. That it cannot is heard of as an event.
 * @param {HTMLMediaElement} media
 */
export function playOrPause(media) {
  if (media.paused) media.play().catch(() => null);
  else media.pause();
}
