/**
 * Puts a text in place of another in a text box, with the caret behind it, as if it had been typed: it can be undone.
 * @param {HTMLTextAreaElement} box
 * @param {{ start: number, end: number, text: string }} change
 */
export function replaceText(box, { start, end, text }) {
  box.focus();
  box.setSelectionRange(start, end);
  if (document.execCommand('insertText', false, text)) return; // nothing else can be undone
  box.setRangeText(text, start, end, 'end');
  box.dispatchEvent(new Event('input', { bubbles: true }));
}

/**
 * Where the caret is: a function that puts a text there, also when the focus was elsewhere meanwhile: Chromium lets
 * it forget its place. On a phone the box gets the focus only if it has it now, or the keyboard would jump up.
 * @param {HTMLTextAreaElement} box
 */
export function caretOf(box) {
  const { selectionStart: start, selectionEnd: end } = box;
  const takesFocus = document.activeElement === box || !matchMedia('(pointer: coarse)').matches;
  return (/** @type {string} */ text) => {
    if (takesFocus) return replaceText(box, { start, end, text });
    box.setRangeText(text, start, end, 'end');
    return box.dispatchEvent(new Event('input', { bubbles: true }));
  };
}
