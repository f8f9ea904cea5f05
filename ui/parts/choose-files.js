/** The system's own window for choosing files. Only right after somebody pressed something: browsers want that. */

/**
 * Resolves to what was chosen; to nothing where that was left.
 * @param {{ multiple?: boolean, camera?: boolean }} [how] `camera`: a phone takes a photo instead
 * @returns {Promise<File[]>}
 */
export function chooseFiles({ multiple = true, camera = false } = {}) {
  const input = Object.assign(document.createElement('input'), { type: 'file', multiple, hidden: true });
  if (camera) {
    input.accept = 'image/*';
    input.setAttribute('capture', 'environment');
  }
  document.body.append(input); // some browsers forget one that is not in the page
  return new Promise((resolve) => {
    const end = () => {
      input.remove();
      resolve([...(input.files ?? [])]);
    };
    input.addEventListener('change', end);
    input.addEventListener('cancel', end);
    input.click();
  });
}
