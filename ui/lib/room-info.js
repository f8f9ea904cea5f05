/** What the name of a room alone tells of it. */

export function kindOf(name) {
  if (name.startsWith('private-')) return 'private';
  return name.startsWith('dm-') ? 'direct' : 'public';
}

export function titleOf(name) {
  return { private: 'Private room', direct: 'Direct message' }[kindOf(name)] ?? name;
}
