/** Parts of the page that are loaded when they are first needed: a first visit does not wait for them. */
import { loaded } from './loaded.js';
import { part } from './part.js';
/** @import { Part } from './types.d.ts' */

const LOAD = {
  'emoji-picker': () => import('./emoji-picker.js'),
  'files-card': () => import('./files/files-card.js'),
  'file-menu': () => import('./file-menu.js'),
  'file-tray': () => import('./file-tray.js'),
  'forward-card': () => import('./forward-card.js'),
  'help-card': () => import('./help-card.js'),
  'host-card': () => import('./host/host-card.js'),
  'invite-card': () => import('./invite-card.js'),
  'mentions-card': () => import('./mentions-card.js'),
  'person-card': () => import('./person-card.js'),
  'pinned-card': () => import('./room/pinned-card.js'),
  'picture-viewer': () => import('./files/picture-viewer.js'),
  poll: () => import('./poll.js'),
  'poll-form': () => import('./poll-form.js'),
  'recovery-prompt': () => import('./recovery-prompt.js'),
  'readers-card': () => import('./readers-card.js'),
  'reactions-card': () => import('./reactions-card.js'),
  'room-card': () => import('./room/room-card.js'),
  'room-options': () => import('./room/room-options.js'),
  'room-directory': () => import('./room/room-directory.js'),
  'thread-panel': () => import('./thread-panel.js'),
  'voice-strip': () => import('./voice-strip.js'),
  'versions-card': () => import('./versions-card.js'),
  'welcome-card': () => import('./host/welcome-card.js'),
  'selection-bar': () => import('./selection-bar.js'),
  'you-card': () => import('./you/you-card.js'),
};

/**
 * The part of this name in the page, once it can be used; null where it does not come, and where the page has none.
 * @template {keyof typeof LOAD} N
 * @param {N} name
 * @returns {Promise<Part<N> | null>}
 */
export async function laterPart(name) {
  /** @type {() => Promise<unknown>} */
  const load = LOAD[name];
  return (await loaded(load)) ? part(name) : null;
}
