/**
 * The title of the page: how many unread messages are for me, a point where there are only others, the room on view;
 * in turns with a text that calls somebody who does not look.
 */
import { callsForMe } from './alert-rules.js';
/** @import { Store } from './store.js' */

const TURN = 1000; // ms

/**
 * `isAttentive()`: somebody looks at the page. Gives the function that has a text flash until somebody does.
 * @param {Store} store
 * @param {() => boolean} isAttentive
 */
export function keepTitle(store, isAttentive) {
  const stillness = matchMedia('(prefers-reduced-motion: reduce)');
  let flashing = '';
  let timer = 0;
  let isOdd = false;
  const show = () => {
    const text = sign(store) + uncounted(flashing && isOdd ? flashing : titleOf(store));
    if (document.title !== text) document.title = text;
  };
  const stop = () => {
    if (!isAttentive()) return;
    clearInterval(timer);
    flashing = '';
    show();
  };
  store.watch(['room', 'rooms', 'messages', 'session', 'preferences', 'mutes'], show);
  addEventListener('focus', stop);
  document.addEventListener('visibilitychange', stop);
  return (/** @type {string} */ text) => {
    if (stillness.matches || isAttentive()) return;
    clearInterval(timer);
    [flashing, isOdd] = [text, true];
    timer = setInterval(() => {
      isOdd = !isOdd;
      show();
    }, TURN);
    show();
  };
}

/** @param {Store} store */
function titleOf(store) {
  const name = store.phase === 'in' && store.room?.name;
  if (!name) return store.hub.name;
  return `${store.roomTitle(name)} · ${store.hub.name}`;
}

// A title of others may begin as the number does, which the icon of the program would show.
/** @param {string} text */
const uncounted = (text) => (/^\(\d+\) /.test(text) ? `\u200b${text}` : text);

// The program's own window shows the number on its icon, too.
/** @param {Store} store */
function sign(store) {
  if (store.phase !== 'in' || !store.room?.name) return '';
  const { count, others } = callsForMe(store);
  return count ? `(${count}) ` : others ? '• ' : '';
}
