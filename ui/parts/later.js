/** Parts of the page that are loaded when they are first needed: a first visit does not wait for them. */
import { part } from './part.js';
import { raise } from './raise.js';
/** @import { Part } from './types.d.ts' */

const LOAD = {
  'emoji-picker': () => import('./emoji-picker.js'),
  'forward-card': () => import('./forward-card.js'),
  'help-card': () => import('./help-card.js'),
  'host-card': () => import('./host/host-card.js'),
  'invite-card': () => import('./invite-card.js'),
  'mentions-card': () => import('./mentions-card.js'),
  'person-card': () => import('./person-card.js'),
  'pinned-card': () => import('./room/pinned-card.js'),
  poll: () => import('./poll.js'),
  'poll-form': () => import('./poll-form.js'),
  'recovery-prompt': () => import('./recovery-prompt.js'),
  'readers-card': () => import('./readers-card.js'),
  'reactions-card': () => import('./reactions-card.js'),
  'room-card': () => import('./room/room-card.js'),
  'room-options': () => import('./room/room-options.js'),
  'room-directory': () => import('./room/room-directory.js'),
  'thread-panel': () => import('./thread-panel.js'),
  'versions-card': () => import('./versions-card.js'),
  'welcome-card': () => import('./host/welcome-card.js'),
  'selection-bar': () => import('./selection-bar.js'),
  'you-card': () => import('./you/you-card.js'),
};

/** @type {Promise<void> | null} */
let sheet = null;

/** Resolves once the style of all this is there, rejects where it does not come. */
function style() {
  sheet ??= new Promise((done, failed) => {
    const link = Object.assign(document.createElement('link'), {
      rel: 'stylesheet', href: String(new URL('../css/later.css', import.meta.url)), onload: () => done(),
      onerror: () => {
        link.remove();
        sheet = null;
        failed();
      },
    });
    document.querySelector('link[rel="stylesheet"]')?.after(link); // before the one for older browsers
  });
  return sheet;
}

/**
 * What a module exports, once it and its style are there; null where the hub does not send both, which the reader is
 * told.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T | null>}
 */
export async function loaded(load) {
  try {
    const [module] = await Promise.all([load(), style()]);
    return module;
  } catch {
    const text = 'That did not come from the hub. Check the connection, then load this page again.';
    raise(document.body, 'notice', { text });
    return null;
  }
}

/**
 * The part of this name in the page, once it can be used; null as above, and where the page has none.
 * @template {keyof typeof LOAD} N
 * @param {N} name
 * @returns {Promise<Part<N> | null>}
 */
export async function laterPart(name) {
  /** @type {() => Promise<unknown>} */
  const load = LOAD[name];
  return (await loaded(load)) ? part(name) : null;
}
