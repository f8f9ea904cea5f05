/** The icon of the tab: the mark, with a count of what is for me, or a point where there is only other news. */
import { callsForMe } from './alert-rules.js';
/** @import { Store } from './store.js' */

const MARK = 'M2 11.5a10 10 0 0 1 20 0V20a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2ZM12.6 5.6c-1.6 2-2.2 4-1.8 6.4-.8-.3-1.3-1-1.5'
  + '-2-1.5 1.5-2.4 3.2-2.4 5.1a5.1 5.1 0 0 0 10.2 0c0-4-4.1-5.6-4.5-9.5Z';

/**
 * An SVG, as tabs show it in both schemes.
 * @param {{ count: number, others: boolean }} calls
 */
export function faviconOf({ count, others }) {
  const words = count > 9 ? '9+' : String(count);
  const text = 'font-family="sans-serif" font-weight="700" text-anchor="middle" fill="#fff"';
  const number = `<text x="15.25" y="19.75" font-size="${count > 9 ? 9 : 11}" ${text}>${words}</text>`;
  const edge = 'stroke="#fff" stroke-width="1.5"';
  const shield = `<rect x="7.25" y="8.25" width="16" height="15" rx="7" fill="#c01f1f" ${edge}/>`;
  const point = `<circle cx="18.5" cy="18.5" r="4.5" fill="#1f6fc0" ${edge}/>`;
  const badge = count ? shield + number : others ? point : '';
  const mark = `<path fill="#c4532a" fill-rule="evenodd" d="${MARK}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${mark}${badge}</svg>`;
}

/** @param {Store} store */
export function keepFavicon(store) {
  const link = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel="icon"]'));
  if (!link) return;
  const plain = link.href;
  let shown = '';
  store.watch(['rooms', 'session', 'preferences', 'mutes', 'messages'], () => {
    const calls = store.phase === 'in' ? callsForMe(store) : { count: 0, others: false };
    const now = `${Math.min(calls.count, 10)} ${!calls.count && calls.others}`;
    if (now === shown) return;
    shown = now;
    link.href = calls.count || calls.others ? `data:image/svg+xml,${encodeURIComponent(faviconOf(calls))}` : plain;
  });
}
