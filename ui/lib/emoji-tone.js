/** Emoji of people and hands come in five tones of skin. Pure. */

const TONES = ['', '🏻', '🏼', '🏽', '🏾', '🏿'];
const BASE = /(\p{Emoji_Modifier_Base})\uFE0F?/gu;
const HANDSHAKE = '🤝'; // between two people it has no tone of its own
const JOINER = '\u200D';

/**
 * An emoji in a tone.
 * @param {string} text one that has tones
 * @param {number} tone from 1, the lightest, to 5; 0 is none
 */
export function toned(text, tone) {
  const joined = text.includes(JOINER);
  return text.replace(BASE, (all, base) => (tone && !(joined && base === HANDSHAKE) ? base + TONES[tone] : all));
}
