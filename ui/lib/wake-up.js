/** Detects when an open connection may be dead: after sleep, or a change of network. */
const HIDDEN = 20000; // ms for which the page was hidden

/**
 * `renew()` takes a new connection; `isLive()` says whether there is one; `restored()` is for a page brought back.
 * @param {{ renew: () => void, isLive: () => boolean, restored: () => void }} on
 */
export function watchWakeUp({ renew, isLive, restored }) {
  let hidden = 0;
  window.addEventListener('online', renew);
  window.addEventListener('pageshow', ({ persisted }) => persisted && restored());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') hidden = Date.now();
    else if (Date.now() - hidden > HIDDEN || !isLive()) renew();
  });
}
