/** Names of rooms and people as the page understands them. Only a hint: the hub has the last word. */
const LETTERS = /^[\p{L}\p{M}\p{N}_-]+$/u;

export function roomName(typed) {
  return String(typed).normalize('NFC').trim().replace(/^\/+/, '').replace(/\s+/gu, '-').toLowerCase();
}

/** Why this cannot be a room's name, in words, or '' when nothing speaks against it. */
export function whyNot(name) {
  if (!name) return 'Type the name of a room.';
  if (Array.from(name).length > 64) return 'A room name has at most 64 characters.';
  if (name.startsWith('-')) return 'A room name cannot begin with a hyphen.';
  if (!LETTERS.test(name)) return 'Only letters, digits, hyphens and underscores; spaces become hyphens.';
  return '';
}

export function roomFromPath(path) {
  try {
    return roomName(decodeURIComponent(path.replace(/^\/+|\/+$/g, ''))) || 'general';
  } catch {
    return 'general';
  }
}

export function pathOf(room) {
  return `/${encodeURIComponent(room)}`;
}

// As the hub counts the letters of a person's name: a letter with its accent is one, and so is a run of spaces.
function lettersOf(name) {
  return Array.from(name.normalize('NFC').replace(/\p{Zs}+/gu, ' ').trim()).length;
}

/** What a field for a person's name does when something was typed or pasted: of that, only what fits `most` letters stays. */
export function holdName({ target: field, isComposing }, most) {
  let over = lettersOf(field.value) - most;
  if (isComposing || over <= 0) return;
  const at = field.selectionStart || field.value.length;
  const [before, after] = [Array.from(field.value.slice(0, at)), field.value.slice(at)];
  for (; over > 0 && before.length; over = lettersOf(before.join('') + after) - most) before.splice(-over);
  field.value = before.join('') + after;
  field.setSelectionRange(before.join('').length, before.join('').length);
}
