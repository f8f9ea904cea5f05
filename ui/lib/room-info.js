/** Kind and default title of a room, derived from its name. */
/** @import { RoomKind } from './types.d.ts' */

/**
 * @param {string} name
 * @returns {RoomKind}
 */
export function kindOf(name) {
  if (name.startsWith('private-')) return 'private';
  return name.startsWith('dm-') ? 'direct' : 'public';
}

/** @param {string} name */
export function titleOf(name) {
  const kind = kindOf(name);
  if (kind === 'private') return 'Private room';
  return kind === 'direct' ? 'Direct message' : name;
}
