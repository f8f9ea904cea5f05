/** Pictures and files that are pasted or dropped: Hearth takes text alone so far. Without this a file would replace the page. */
const WHY = 'Hearth cannot take pictures or files yet, only text.';

const bears = (data, type) => Boolean(data) && [...data.types].includes(type);

/** `tell(text)` says something to the person at the page. */
export function refuseFiles(tell) {
  document.addEventListener('paste', (event) => {
    if (bears(event.clipboardData, 'Files') && !bears(event.clipboardData, 'text/plain')) refuse(event);
  });
  document.addEventListener('dragover', (event) => bears(event.dataTransfer, 'Files') && event.preventDefault()); // or there is no drop
  document.addEventListener('drop', (event) => bears(event.dataTransfer, 'Files') && refuse(event));

  function refuse(event) {
    event.preventDefault();
    tell(WHY);
  }
}
