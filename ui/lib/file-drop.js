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
  let takenAt = -Infinity; // ms
  /** @type {EventTarget | null} */
  let under = null; // the mouse
  // Where a row is drawn anew under a still mouse, that enters it, and may drop before it moves over it.
  for (const step of /** @type {const} */ (['dragenter', 'dragover'])) {
    document.addEventListener(step, (event) => {
      if (!has(event.dataTransfer, 'Files')) return;
      event.preventDefault(); // or there is no drop
      show(true);
      if (under === event.target) return;
      under?.removeEventListener('drop', drop);
      under = event.target;
      under?.addEventListener('drop', drop); // it may be drawn anew before that, and no other would hear of it
    });
  }
  document.addEventListener('dragleave', ({ relatedTarget }) => relatedTarget || show(false));
  document.addEventListener('drop', drop);
  // Hearth's own window has some where its view shows a page none: it answers the question for files by itself.
  document.addEventListener('hearth-files', (event) => {
    if (performance.now() - takenAt < 1000) return; // this view did
    event.preventDefault(); // so it knows that they are asked for
    const { x, y } = /** @type {CustomEvent<{ x?: number, y?: number }>} */ (event).detail;
    const found = x === undefined || y === undefined ? document.activeElement : document.elementFromPoint(x, y);
    const input = document.createElement('input');
    [input.type, input.multiple] = ['file', true];
    const target = /** @type {HTMLElement} */ (found ?? document.body);
    input.addEventListener('change', () => take([...(input.files ?? [])], target));
    input.click();
  });

  /** @param {Event} event */
  function drop(event) {
    if (event.defaultPrevented || !(event instanceof DragEvent)) return;
    show(false);
    if (has(event.dataTransfer, 'Files')) taken(event, event.dataTransfer, event);
  }

  /**
   * @param {Event} event
   * @param {DataTransfer | null} data
   * @param {{ clientX: number, clientY: number }} [at]
   */
  function taken(event, data, at) {
    event.preventDefault();
    takenAt = performance.now();
    const target = /** @type {HTMLElement} */ (event.target);
    const now = !at || target.isConnected ? target : document.elementFromPoint(at.clientX, at.clientY);
    take([...(data?.files ?? [])], /** @type {HTMLElement} */ (now ?? document.body));
  }
}
