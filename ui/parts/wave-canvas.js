/** Draws how loud a sound is, as bars. */
const [BAR, GAP] = [3, 2]; // px

/**
 * How many bars there is room for.
 * @param {HTMLCanvasElement} canvas
 */
export function barsFor(canvas) {
  return Math.max(1, Math.floor((canvas.clientWidth + GAP) / (BAR + GAP)));
}

/**
 * Bars from 0 to 1 along the canvas; the first of them, as far as `played` from 0 to 1, have the colour of the caret,
 * and the others that of the text.
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} bars
 */
export function drawBars(canvas, bars, played = 0) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const pen = canvas.getContext('2d');
  if (!pen || !width) return;
  const scale = devicePixelRatio;
  Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) }); // clears it
  pen.scale(scale, scale);
  const { color, caretColor } = getComputedStyle(canvas);
  bars.forEach((bar, at) => {
    const size = Math.max(BAR, bar * height);
    pen.fillStyle = (at + 0.5) / bars.length < played ? caretColor : color;
    pen.fillRect(at * (BAR + GAP), (height - size) / 2, BAR, size);
  });
}
