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
