/** Room names and their addresses as the page understands them. The hub has the last word. */
const LETTERS = /^[\p{L}\p{M}\p{N}_-]+$/u;

/**
 * What was typed, in the form of a room's name.
 * @param {string} typed
 */
export function roomName(typed) {
  return String(typed).normalize('NFC').trim().replace(/^\/+/, '').replace(/\s+/gu, '-').toLowerCase();
}

/**
 * Why this cannot be a room's name, in words, or ''.
 * @param {string} name
 */
export function roomNameProblem(name) {
  if (!name) return 'Type the name of a room.';
  if (Array.from(name).length > 64) return 'A room name has at most 64 characters.';
  if (name.startsWith('-')) return 'A room name cannot begin with a hyphen.';
  if (!LETTERS.test(name)) return 'Only letters, digits, hyphens and underscores; spaces become hyphens.';
  return '';
}

/** @param {string} path */
export function roomFromPath(path) {
  try {
    return roomName(decodeURIComponent(path.replace(/^\/+|\/+$/g, ''))) || 'general';
  } catch {
    return 'general';
  }
}

/** @param {string} room */
export function pathOf(room) {
  return `/${encodeURIComponent(room)}`;
}
