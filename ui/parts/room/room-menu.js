/** What the owner of a room or a host can do with it. */
import { keepText } from '../../lib/keep-text.js';
import { html, nothing } from '../../vendor/lit.js';
import { menuItem } from '../menu-item.js';
import { slowModeItem } from './slow-mode.js';
/** @import { RoomCommand, RoomInfo, Without } from '../../lib/types.d.ts' */
/** @typedef {(command: Without<RoomCommand, 'room'>) => void} Change */

/**
 * `mine`: I own the room; `change(command)`, `look()`, `keep()`, `rename()`, `leave()` and `remove()` do it; `look` is
 * null for those who may not.
 * @param {RoomInfo} info
 * @param {{
 *   mine: boolean, host: boolean, change: Change, look: (() => void) | null, keep: () => void, rename: () => void,
 *   leave: () => void, remove: () => void,
 * }} actions
 */
export function roomMenu(info, { mine, host, change, look, keep, rename, leave, remove }) {
  const { kind, slow = 0, closed, archived, keep_days: days, keep_bytes: bytes } = info;
  const owns = kind === 'private' && mine;
  const runs = owns || (kind === 'announcements' && host);
  const setsSlow = owns || (host && kind !== 'direct');
  const closes = host && kind !== 'private' && kind !== 'direct';
  return html`
      <div class="menu-list">
      ${setsSlow ? slowModeItem(slow, (seconds) => change({ do: 'slow', seconds })) : nothing}
      ${look ? menuItem({ name: 'look', label: 'Icon and colour', act: look }) : nothing}
      ${setsSlow
        ? menuItem({ name: 'file', label: 'How long files stay', note: capital(keepText(days, bytes)), act: keep })
        : nothing}
      ${runs ? menuItem({ name: 'edit', label: 'Rename', act: rename }) : nothing}
      ${closes ? closeItem(Boolean(closed), change) : nothing}
      ${runs ? archiveItem(Boolean(archived), change) : nothing}
      </div>
      ${kind === 'private' ? html`<div class="menu-list">
        ${mine ? deleteItem(remove) : menuItem({ name: 'leave', label: 'Leave the room', danger: true, act: leave })}
      </div>` : nothing}`;
}

/**
 * @param {boolean} closed
 * @param {Change} change
 */
function closeItem(closed, change) {
  return menuItem({
    name: 'closed', immediate: true,
    label: closed ? 'Open the room again' : 'Close the room',
    note: closed ? '' : 'Only hosts can then write in it',
    act: () => change({ do: 'close', off: closed }),
  });
}

/**
 * @param {boolean} archived
 * @param {Change} change
 */
function archiveItem(archived, change) {
  return menuItem({
    name: 'archive', immediate: true,
    label: archived ? 'Bring back from the archive' : 'Archive',
    note: archived ? '' : 'It stays readable, and nothing more is said',
    act: () => change({ do: 'archive', off: archived }),
  });
}

/** @param {string} text */
function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

/** @param {() => void} remove */
function deleteItem(remove) {
  const note = 'To leave it instead, hand it over to somebody first';
  return menuItem({ name: 'remove', label: 'Delete the room', note, danger: true, act: remove });
}
