/** Files that are dropped anywhere, or pasted. Without this, a dropped file would replace the page. */

/** @type {(data: DataTransfer | null, type: string) => boolean} */
const has = (data, type) => [...(data?.types ?? [])].includes(type);

/**
 * `take(files, target)` gets them, and where they came down.
 * @param {(files: File[], target: HTMLElement) => void} take
 */
export function takeFiles(take) {
  const show = (/** @type {boolean} */ on) => document.body.classList.toggle('dropping', on);
  document.addEventListener('paste', (event) => {
    const data = event.clipboardData;
    if (has(data, 'Files') && !has(data, 'text/plain')) taken(event, data);
  });
  // Where a row is drawn anew under a still mouse, that enters it, and may drop before it moves over it.
  for (const step of /** @type {const} */ (['dragenter', 'dragover'])) {
    document.addEventListener(step, (event) => {
      if (!has(event.dataTransfer, 'Files')) return;
      event.preventDefault(); // or there is no drop
      show(true);
    });
  }
  document.addEventListener('dragleave', ({ relatedTarget }) => relatedTarget || show(false));
  document.addEventListener('drop', (event) => {
    show(false);
    if (has(event.dataTransfer, 'Files')) taken(event, event.dataTransfer);
  });

  /**
   * @param {Event} event
   * @param {DataTransfer | null} data
   */
  function taken(event, data) {
    event.preventDefault();
    take([...(data?.files ?? [])], /** @type {HTMLElement} */ (event.target));
  }
}
