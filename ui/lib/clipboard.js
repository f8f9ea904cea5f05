/** Puts text on the clipboard. `navigator.clipboard` does not exist on plain-http LAN pages, so there is an older way. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const before = document.activeElement;
  const home = before?.closest?.('dialog[open]') ?? document.body; // outside an open dialog nothing can be selected
  const box = document.createElement('textarea');
  box.value = text;
  box.readOnly = true;
  box.className = 'quiet';
  home.append(box);
  box.select();
  let done = false;
  try {
    done = document.execCommand('copy');
  } catch {
    // Then it cannot be done here.
  }
  box.remove();
  before?.focus?.({ preventScroll: true });
  return done;
}
