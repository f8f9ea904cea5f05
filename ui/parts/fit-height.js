/** A text box that is as high as its text. */
const isFitted = CSS.supports('field-sizing', 'content'); // by the browser, which is less work for each letter

/**
 * Fits the height, where the browser does not. The frame's height is fixed meanwhile, or measuring would make the
 * message list lose its place.
 * @param {HTMLElement} box
 */
export function fitHeight(box) {
  if (isFitted) return;
  const frame = box.parentElement;
  frame?.style.setProperty('height', `${frame.offsetHeight}px`);
  box.style.setProperty('height', 'auto');
  box.style.setProperty('height', `${box.scrollHeight}px`);
  frame?.style.removeProperty('height');
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
