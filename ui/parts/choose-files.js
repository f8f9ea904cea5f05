/** The system's own window for choosing files. Only right after somebody pressed something: browsers want that. */

/**
 * Resolves to what was chosen; to nothing where that was left.
 * @param {{ multiple?: boolean, capture?: '' | 'photo' | 'sound' }} [how] `capture`: a phone takes that instead
 * @returns {Promise<File[]>}
 */
export function chooseFiles({ multiple = true, capture = '' } = {}) {
  const input = Object.assign(document.createElement('input'), { type: 'file', multiple, hidden: true });
  if (capture) {
    input.accept = capture === 'photo' ? 'image/*' : 'audio/*';
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
