/** Copies text. Pages by plain HTTP from the LAN have no `navigator.clipboard`, so there is an older way too. */
/**
 * Resolves to whether it was copied.
 * @param {string} text
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const home = before?.closest?.('dialog[open]') ?? document.body; // nothing outside an open dialog can be selected
  const box = document.createElement('textarea');
  box.value = text;
  box.readOnly = true;
  box.className = 'quiet';
  box.style.setProperty('white-space', 'pre'); // what is copied is what it looks like: with all spaces
  home.append(box);
  box.select();
  let done = false;
  try {
    done = document.execCommand('copy');
  } catch {
    // This browser does not let pages copy.
  }
  box.remove();
  before?.focus?.({ preventScroll: true });
  return done;
}
