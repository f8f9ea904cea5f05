/** What somebody sees only at first, loaded when it may be needed: the welcome for hosts, and hints. */
import { store } from '../lib/store.js';
import { loaded } from './loaded.js';

const WELCOME = 1500; // ms after one is in: by then one's preferences are known
const HINTS = 45000; // the same, and one has looked around
const REST = 1000; // ms without scrolling, to which the style that comes with a hint would be a jolt

/** Loads them, once each. */
export function watchFirstVisit() {
  let isLoaded = false;
  let timer = 0;
  let hints = 0;
  const welcome = () => {
    timer = 0;
    if (!store.me?.host || (store.preferences.welcomed && !store.hub.notices?.length)) return;
    isLoaded = true;
    loaded(() => import('./host/welcome-line.js'));
  };
  store.watch(['session', 'preferences'], () => {
    if (store.phase !== 'in') return;
    hints ||= setTimeout(hint, HINTS);
    if (!isLoaded && store.me?.host) timer ||= setTimeout(welcome, WELCOME);
  });
}

/**
 * Loads the hints once the messages stand where they did a second ago.
 * @param {string} [place]
 */
function hint(place) {
  const first = /** @type {HTMLElement | null} */ (document.querySelector('.msg'));
  const now = `${first?.dataset.n} ${first?.getBoundingClientRect().top}`; // at the very top, only others are there
  if (now === place) loaded(() => import('./hint-line.js'));
  else setTimeout(hint, REST, now);
}
