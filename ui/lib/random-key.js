/** A new 128-bit id for one thing sent. Not crypto.randomUUID: plain-http LAN pages do not have it. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
