/** The icons for kinds of rooms. */
const SIGNS = { announcements: 'horn', private: 'lock' };

/** The name of the icon; `other` for a kind that has none. */
export function signOf(kind, other = 'room') {
  return SIGNS[kind] ?? other;
}
