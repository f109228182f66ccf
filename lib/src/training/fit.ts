/** Whether images and labels fit a network's input and output. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { checkFinite, shown } from '../check';
import { checkDataset } from '../data/dataset';
import type { Dataset } from '../data/dataset';
import { checkModel } from '../engine/layers/checkModel';

/**
 * Throws unless the data set is whole and fits the model: its images the input, its labels the outputs.
 *
 * @param name what the caller calls the data set
 */
export function checkFits(callee: string, name: string, model: Sequential, dataset: Dataset): void {
  checkDataset(callee, name, dataset);
  const { images, labels, size, imageShape } = dataset;
  if (size === 0) throw new RangeError(`${callee}: ${name} is empty, expected at least one image`);
  checkInput(callee, `${name}.images`, model, imageShape);
  checkFinite(callee, `${name}.images`, images);
  const classes = outputCount(callee, model);
  for (let i = 0; i < size; i++) {
    if (labels[i] >= classes) {
      throw new RangeError(
        `${callee}: ${name}.labels[${i}] is ${labels[i]}, expected less than ${classes}, the outputs of the model`,
      );
    }
  }
}

/** Throws unless the model takes images of this shape. */
function checkInput(callee: string, name: string, model: Sequential, imageShape: readonly number[]): void {
  const expected = inputShape(callee, model);
  if (imageShape.join() !== expected.join()) {
    const [height, width, channels] = expected;
    const isChannelsFirst = expected.length === 3 && imageShape.join() === [channels, height, width].join();
    const isFlat = expected.length === 1 && height === imageShape.reduce((size, length) => size * length, 1);
    throw new RangeError(
      `${callee}: ${name} have the shape ${shown(imageShape)}, expected ${shown(expected)}, the input of the model` +
        (isChannelsFirst ? ' (channels first? here they come last)' : '') +
        (isFlat ? `: is a flatten layer with inputShape ${shown(imageShape)} missing in front?` : ''),
    );
  }
}

/** [height, width, channels] of the model's input, or whatever one image of it is. */
export function inputShape(callee: string, model: Sequential): number[] {
  checkModel(callee, model);
  const shape = isBuilt(model) ? model.inputs[0].shape.slice(1) : [];
  if (shape.length === 0 || shape.includes(null)) {
    throw new TypeError(`${callee}: the model has no input shape yet, expected one in its first layer`);
  }
  if (shape.some((length) => Number(length) < 1)) {
    throw new RangeError(
      `${callee}: the input of the model is ${shown(shape)}, expected at least 1 on every axis`,
    );
  }
  return shape as number[];
}

/** How many outputs the model has for an image. */
export function outputCount(callee: string, model: Sequential): number {
  const shape = model.outputs[0].shape;
  const count = shape[1];
  if (shape.length !== 2 || count === null) {
    throw new RangeError(
      `${callee}: the model's output has the shape ${shown(shape)}, expected [batch, classes]: is a flatten layer missing?`,
    );
  }
  return count;
}

function isBuilt(model: Sequential): boolean {
  return Array.isArray(model.inputs) && model.inputs.length > 0;
}

export function checkLength(callee: string, name: string, array: ArrayLike<number>, expected: number): void {
  if (array.length !== expected) {
    throw new RangeError(`${callee}: ${name} has ${array.length} numbers, expected ${expected}`);
  }
}
