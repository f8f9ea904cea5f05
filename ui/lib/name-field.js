/** The length limit of a field for a person's name, counted as the hub counts it. */

/**
 * As the hub counts: a letter with its accent is one, and so is a run of spaces.
 * @param {string} name
 */
function lengthOf(name) {
  return Array.from(name.normalize('NFC').replace(/\p{Zs}+/gu, ' ').trim()).length;
}

/**
 * Listener for `input`: of what was typed or pasted, only what fits into `most` letters stays.
 * @param {{ target: HTMLInputElement, isComposing?: boolean }} event
 * @param {number} most
 */
export function limitName({ target: field, isComposing }, most) {
  let over = lengthOf(field.value) - most;
  if (isComposing || over <= 0) return;
  const at = field.selectionStart || field.value.length;
  const [before, after] = [Array.from(field.value.slice(0, at)), field.value.slice(at)];
  for (; over > 0 && before.length; over = lengthOf(before.join('') + after) - most) before.splice(-over);
  field.value = before.join('') + after;
  field.setSelectionRange(before.join('').length, before.join('').length);
}
