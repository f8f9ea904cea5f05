/** What somebody sees only at first, loaded when it may be needed: the welcome for hosts, and hints. */
import { store } from '../lib/store.js';
import { loaded } from './loaded.js';

const WELCOME = 1500; // ms after one is in: by then one's preferences are known
const HINTS = 45000; // the same, and one has looked around
const REST = 1000; // ms without scrolling: the style that comes with a hint would be a jolt

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
    hints ||= setTimeout(() => atRest(() => loaded(() => import('./hint-line.js'))), HINTS);
    if (!isLoaded && store.me?.host) timer ||= setTimeout(welcome, WELCOME);
  });
}

/**
 * Has `act` called as soon as nothing has scrolled for a while.
 * @param {() => void} act
 */
function atRest(act) {
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      removeEventListener('scroll', wait, true);
      act();
    }, REST);
  };
  addEventListener('scroll', wait, { capture: true, passive: true });
  wait();
}
