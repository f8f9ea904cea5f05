/** A new 128-bit key, in hex. Not `crypto.randomUUID`: pages by plain HTTP from the LAN do not have it. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
