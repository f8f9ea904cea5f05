/** How a picture is zoomed and moved in its frame. Lengths in CSS pixels, points from the middle of the frame. Pure. */

const MOST = 8; // times the size at which it fits

export class PanZoom {
  scale = 1;
  x = 0;
  y = 0;
  #frame = [0, 0];
  #picture = [0, 0];

  /**
   * Told how large the frame is, and the picture where it fits into that.
   * @param {[width: number, height: number]} frame
   * @param {[width: number, height: number]} picture
   */
  measure(frame, picture) {
    [this.#frame, this.#picture] = [frame, picture];
    this.move(0, 0);
  }

  get isZoomed() {
    return this.scale > 1;
  }

  get isLargest() {
    return this.scale >= MOST;
  }

  reset() {
    [this.scale, this.x, this.y] = [1, 0, 0];
  }

  /**
   * Makes it larger by `factor`, or smaller; what is at this point stays there.
   * @param {number} factor
   */
  zoom(factor, x = 0, y = 0) {
    const scale = Math.min(MOST, Math.max(1, this.scale * factor));
    const change = scale / this.scale;
    this.scale = scale;
    this.x = x - (x - this.x) * change;
    this.y = y - (y - this.y) * change;
    this.move(0, 0);
  }

  /**
   * Moves it, no further than its edges are.
   * @param {number} x
   * @param {number} y
   */
  move(x, y) {
    this.x = this.#within(this.x + x, 0);
    this.y = this.#within(this.y + y, 1);
  }

  /**
   * @param {number} place
   * @param {0 | 1} axis
   */
  #within(place, axis) {
    const beyond = Math.max(0, (this.#picture[axis] * this.scale - this.#frame[axis]) / 2);
    return Math.min(beyond, Math.max(-beyond, place)) + 0; // no -0
  }
}
