/** Whether what is typed at the caret is code: between backticks, or in a fenced block. Pure. */

/**
 * @param {string} text
 * @param {number} caret
 */
export function isInCode(text, caret) {
  const lines = text.slice(0, caret).split('\n');
  let fence = '';
  for (const line of lines) {
    const mark = line.match(/^ {0,3}(`{3,}|~{3,})/)?.[1] ?? '';
    if (!fence) fence = mark;
    else if (mark.startsWith(fence)) fence = '';
  }
  if (fence) return true;
  let open = 0; // backticks of the code span that is not closed yet
  for (const [{ length }] of lines[lines.length - 1].matchAll(/`+/g)) {
    if (!open) open = length;
    else if (open === length) open = 0;
  }
  return open > 0;
}
