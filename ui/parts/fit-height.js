/** A text box that is as high as its text. */
const isFitted = CSS.supports('field-sizing', 'content'); // by the browser, which is less work for each letter
const narrow = matchMedia('(max-width: 759px)');

/**
 * Fits the height, where the browser does not. From its second line on until it is empty, a box on a narrow screen or
 * in a thread is tall: it gets the whole width.
 * @param {HTMLTextAreaElement} box
 */
export function fitHeight(box) {
  if (!box.value) box.classList.remove('tall');
  if (!isFitted) fit(box);
  if (!box.value || box.classList.contains('tall') || !isNarrow(box) || !isTall(box)) return;
  box.classList.add('tall');
  if (!isFitted) fit(box);
}

/** @param {HTMLTextAreaElement} box */
function isNarrow(box) {
  return narrow.matches || Boolean(box.closest('.thread'));
}

// The frame's height is fixed meanwhile, or measuring would make the message list lose its place.
/** @param {HTMLTextAreaElement} box */
function fit(box) {
  const frame = box.parentElement;
  frame?.style.setProperty('height', `${frame.offsetHeight}px`);
  box.style.setProperty('height', 'auto');
  box.style.setProperty('height', `${box.scrollHeight}px`);
  frame?.style.removeProperty('height');
}

/** @param {HTMLTextAreaElement} box */
function isTall(box) {
  const style = getComputedStyle(box);
  const [line, above, below] = [style.lineHeight, style.paddingTop, style.paddingBottom].map(parseFloat);
  return box.clientHeight - above - below > 1.5 * line;
}

/**
 * An observer that calls `act()` when the width of `element` has changed: the phone was turned, the window or a column
 * beside it resized. In a frame of its own, as `act` changes what is observed.
 * @param {HTMLElement} element
 * @param {() => void} act
 */
export function onWidthChange(element, act) {
  let width = 0;
  return new ResizeObserver(() => requestAnimationFrame(() => {
    if (element.offsetWidth === width) return;
    width = element.offsetWidth;
    act();
  }));
}
