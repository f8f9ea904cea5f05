/** A text box that is as high as its text. */

/**
 * Fits the height. The frame's height is fixed meanwhile, or measuring would make the message list lose its place.
 * From its second line on until it is empty, a box is tall: a narrow screen gives it the whole width.
 * @param {HTMLTextAreaElement} box
 */
export function fitHeight(box) {
  const frame = box.parentElement;
  frame?.style.setProperty('height', `${frame.offsetHeight}px`);
  box.style.setProperty('height', 'auto');
  if (!box.value) box.classList.remove('tall');
  else if (box.scrollHeight > box.clientHeight) box.classList.add('tall');
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
