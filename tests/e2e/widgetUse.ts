/** What one does with a widget, by mouse and by keys, and what it shows then: on a plain page, or in a cell's output. */
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import type { Locator, Page } from 'playwright-core';
import type { Widget } from 'convlab';

/** Where the widget is: a page of its own, or a part of one. */
export type Place = Page | Locator;

const mouseOf = (place: Place): Page['mouse'] => ('page' in place ? place.page() : place).mouse;

/** What a notebook stores of a widget. */
export function htmlOf(widget: Widget): string {
  const display = (widget as unknown as Record<symbol, () => Record<string, string>>)[
    Symbol.for('Jupyter.display')
  ];
  return display.call(widget)['text/html'];
}

/** The number that is written out, in full. */
export async function numberIn(place: Place): Promise<number> {
  return Number(await place.locator('.explained b').getAttribute('data-value'));
}

/** Presses End and walks back to the first place; the numbers of all places, from the first. */
export async function walkBack(place: Place, window: Locator, places: number): Promise<number[]> {
  await window.press('End');
  const sums = [await numberIn(place)];
  const back = place.getByRole('button', { name: 'One place back' });
  for (let left = places - 1; left > 0; left--) {
    await back.click();
    sums.unshift(await numberIn(place));
  }
  assert.ok(await back.isDisabled());
  return sums;
}

/** Of the controls, no button, slider or field to fill in is seen; a kernel's numbers and what is chosen stay. */
export async function nothingToPress(place: Place): Promise<void> {
  const controls = place.locator("button:not(.sum), input[type='range'], form input");
  for (const control of await controls.all())
    assert.equal(await control.isVisible(), false, await control.evaluate('(element) => element.outerHTML'));
}

export const windowOf = (place: Place): Locator =>
  place.getByRole('slider', { name: /^Window on the input/ });
export const sliderOf = (place: Place, name: string): Locator => place.getByRole('slider', { name });

/** Sets a slider with the keys alone. */
export async function slide(place: Place, name: string, value: number): Promise<void> {
  const slider = sliderOf(place, name);
  await slider.press('Home');
  const least = Number(await slider.inputValue());
  for (let at = least; at < value; at++) await slider.press('ArrowRight');
  assert.equal(Number(await slider.inputValue()), value);
}

/** Presses the mouse in the middle of a cell, moves it over others, and lets go. */
export async function drag(
  place: Place,
  table: Locator,
  cells: readonly (readonly [number, number])[],
  columns: number,
): Promise<void> {
  const box = await table.boundingBox();
  assert.ok(box);
  const side = box.width / columns;
  const mouse = mouseOf(place);
  const at = ([row, column]: readonly [number, number]): [number, number] => [
    box.x + (column + 0.5) * side,
    box.y + (row + 0.5) * side,
  ];
  await mouse.move(...at(cells[0]));
  await mouse.down();
  for (const cell of cells.slice(1)) await mouse.move(...at(cell), { steps: 4 });
  await mouse.up();
}

export const output = (place: Place): Locator =>
  place.locator('.tables figure').last().locator('.cells').last();

/** How far a probability may be off in a page, which computes in double precision with rounded weights. */
export const TOLERANCE = 1e-5;

/** What `model.predict` gives for the pixels of the picture that the network sees, a byte each. */
async function predicted(place: Place, model: tf.Sequential): Promise<Float32Array> {
  const bytes = await place.locator('.seen canvas').evaluate((canvas) => {
    const picture = canvas as unknown as {
      getContext(kind: '2d'): { getImageData(...box: number[]): { data: Uint8ClampedArray } };
    };
    return Array.from(picture.getContext('2d').getImageData(0, 0, 28, 28).data).filter((_, i) => i % 4 === 0);
  });
  assert.ok(bytes.some((byte) => byte > 0));
  return tf.tidy(() => {
    const image = tf.tensor(bytes, [1, 28, 28, 1]).div(255);
    return (model.predict(image) as tf.Tensor).dataSync() as Float32Array;
  });
}

export async function answered(place: Place): Promise<number[]> {
  const numbers = await place.locator('.bars .number').all();
  return Promise.all(numbers.map(async (number) => Number(await number.getAttribute('data-value'))));
}

export async function equalsPrediction(place: Place, model: tf.Sequential): Promise<void> {
  const [shown, expected] = [await answered(place), await predicted(place, model)];
  assert.equal(shown.length, 10);
  shown.forEach((value, i) =>
    assert.ok(Math.abs(value - expected[i]) < TOLERANCE, `${i}: ${value}, ${expected[i]}`),
  );
}

/** Touches an element with a finger and moves over points, in parts of its box. The page needs `touch`. */
export async function swipe(
  place: Place,
  element: Locator,
  points: readonly (readonly [number, number])[],
): Promise<void> {
  await element.scrollIntoViewIfNeeded();
  const box = await element.boundingBox();
  assert.ok(box);
  const page = 'page' in place ? place.page() : place;
  const devtools = await page.context().newCDPSession(page);
  for (const [i, [x, y]] of points.entries()) {
    const touchPoints = [{ x: box.x + x * box.width, y: box.y + y * box.height }];
    await devtools.send('Input.dispatchTouchEvent', {
      type: i === 0 ? 'touchStart' : 'touchMove',
      touchPoints,
    });
  }
  // A finger that leaves while it moves flings the page, as Chromium sees it, and the next tap would only stop that.
  await page.waitForTimeout(300);
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await devtools.detach();
}

/** Draws through points, in parts of the sheet. */
export async function drawThrough(
  place: Place,
  points: readonly (readonly [number, number])[],
): Promise<void> {
  const box = await place.locator('.sheet').boundingBox();
  assert.ok(box);
  const at = ([x, y]: readonly [number, number]): [number, number] => [
    box.x + x * box.width,
    box.y + y * box.height,
  ];
  const mouse = mouseOf(place);
  await mouse.move(...at(points[0]));
  await mouse.down();
  for (const point of points.slice(1)) await mouse.move(...at(point), { steps: 8 });
  await mouse.up();
}

export const TWO = [[0.3, 0.3], [0.45, 0.18], [0.63, 0.25], [0.6, 0.45], [0.32, 0.75], [0.7, 0.75]] as const; // prettier-ignore

/** The layer, which is chosen by its name. */
export const layerOf = (place: Place, name: string): Locator =>
  place.getByRole('radio', { name: new RegExp(`^${name} `) });
