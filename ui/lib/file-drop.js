/** Pasted or dropped pictures and files: Hearth takes only text so far. Without this, a file would replace the page. */
const REFUSAL = 'Hearth cannot take pictures or files yet, only text.';

/** @type {(data: DataTransfer | null, type: string) => boolean} */
const has = (data, type) => [...(data?.types ?? [])].includes(type);

/**
 * `notify(text)` shows a sentence to the person at the page.
 * @param {(text: string) => void} notify
 */
export function refuseFiles(notify) {
  document.addEventListener('paste', (event) => {
    if (has(event.clipboardData, 'Files') && !has(event.clipboardData, 'text/plain')) refuse(event);
  });
  document.addEventListener('dragover', (event) => {
    if (has(event.dataTransfer, 'Files')) event.preventDefault(); // or there is no drop
  });
  document.addEventListener('drop', (event) => has(event.dataTransfer, 'Files') && refuse(event));

  /** @param {Event} event */
  function refuse(event) {
    event.preventDefault();
    notify(REFUSAL);
  }
}
