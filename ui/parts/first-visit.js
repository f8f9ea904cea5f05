/** What somebody sees only at first, loaded when it may be needed: the welcome for hosts, and hints. */
import { store } from '../lib/store.js';
import { loaded } from './loaded.js';

const WELCOME = 1500; // ms after one is in: by then one's preferences are known
const HINTS = 45000; // the same, and one has looked around

/** Loads them, once each. */
export function watchFirstVisit() {
  let welcome = false;
  let hints = 0;
  store.watch(['session', 'preferences'], () => {
    if (store.phase !== 'in') return;
    hints ||= setTimeout(() => loaded(() => import('./hint-line.js')), HINTS);
    if (welcome || !store.me?.host) return;
    welcome = true;
    setTimeout(() => {
      if (!store.preferences.welcomed || store.hub.notices?.length) loaded(() => import('./host/welcome-line.js'));
    }, WELCOME);
  });
}
