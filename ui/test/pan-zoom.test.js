import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PanZoom } from '../lib/pan-zoom.js';

function shown() {
  const pan = new PanZoom();
  pan.measure([400, 300], [400, 200]);
  return pan;
}
const place = ({ scale, x, y }) => [scale, x, y];

test('a picture that fits stays where it is', () => {
  const pan = shown();
  pan.move(50, 50);
  assert.deepEqual(place(pan), [1, 0, 0]);
  assert.equal(pan.isZoomed, false);
});

test('what is pointed at stays there as it grows', () => {
  const pan = shown();
  pan.zoom(2, 100, 0);
  assert.deepEqual(place(pan), [2, -100, 0]);
  assert.equal(pan.isZoomed, true);
  pan.zoom(0.5, 100, 0);
  assert.deepEqual(place(pan), [1, 0, 0]);
});

test('it moves to its edges and no further', () => {
  const pan = shown();
  pan.zoom(2);
  pan.move(1000, -1000);
  assert.deepEqual(place(pan), [2, 200, -50]);
  pan.move(-1000, 20);
  assert.deepEqual(place(pan), [2, -200, -30]);
});

test('it is never smaller than it fits, nor larger than makes sense', () => {
  const pan = shown();
  pan.zoom(100);
  assert.equal(pan.scale, 8);
  assert.equal(pan.isLargest, true);
  pan.zoom(0.001);
  assert.equal(pan.scale, 1);
  pan.zoom(3);
  pan.reset();
  assert.deepEqual(place(pan), [1, 0, 0]);
});

test('in a smaller frame it moves back within its edges', () => {
  const pan = shown();
  pan.zoom(2);
  pan.move(200, 0);
  pan.measure([400, 300], [200, 100]);
  assert.deepEqual(place(pan), [2, 0, 0]);
});
