/** Where a thread covers the whole page, the back button closes it: it is an entry in the history of the browser. */
/** @import { Store } from './store.js' */

const NARROW = '(max-width: 759px)';

/**
 * Keeps that entry; returns what is asked as the browser goes back: whether that closed a thread.
 * @param {Store} store
 * @param {() => void} close
 */
export function keepThreadAddress(store, close) {
  let entered = false;
  store.addEventListener('thread', () => {
    if (store.thread && !entered && matchMedia(NARROW).matches) {
      entered = true;
      history.pushState(null, '');
    } else if (!store.thread && entered) {
      entered = false;
      history.back();
    }
  });
  return () => {
    const closes = entered;
    entered = false;
    if (closes) close();
    return closes;
  };
}
