/**
 * PyTorch's values (float64, twelve digits) for every operation, and functions to read and compare them.
 * `reference.json` was made by PyTorch 2.13: for each case its inputs, the output `y`, an upstream gradient `dy`, and
 * the gradients that autograd returned for it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NDArray } from '../../ndarray';
import { ndarray } from '../../ndarray';

type Flat = { readonly shape: readonly number[]; readonly data: readonly number[] };
type Case<Arrays extends string, Rest = unknown> = Readonly<Record<Arrays, Flat>> & Rest;
type TwoNumbers = readonly [number, number];
type WindowCase = { readonly strides: TwoNumbers; readonly padding: TwoNumbers };

export interface Reference {
  readonly conv2d: readonly Case<
    'x' | 'kernel' | 'bias' | 'y' | 'dy' | 'dx' | 'dkernel' | 'dbias',
    WindowCase & { readonly dilations: TwoNumbers }
  >[];
  readonly maxPool2d: readonly Case<'x' | 'y' | 'dy' | 'dx', WindowCase & { readonly size: TwoNumbers }>[];
  readonly avgPool2d: Reference['maxPool2d'];
  readonly dense: readonly Case<'x' | 'weights' | 'bias' | 'y' | 'dy' | 'dx' | 'dweights' | 'dbias'>[];
  readonly activations: Readonly<
    Record<'relu' | 'sigmoid' | 'tanh' | 'softmax', readonly Case<'x' | 'y' | 'dy' | 'dx'>[]>
  >;
  readonly losses: {
    readonly softmaxCrossEntropy: readonly Case<'x' | 'dx', { y: number; target: number[] }>[];
    readonly hinge: readonly Case<'x' | 'dx', { y: number; target: number[] }>[];
    readonly meanSquaredError: readonly Case<'x' | 'dx', { y: number; target: number[][] }>[];
  };
  readonly optimizers: Readonly<
    Record<'sgd' | 'momentum' | 'adam', { w0: Flat; gradients: readonly Flat[]; weights: readonly Flat[] }>
  >;
  readonly network: {
    readonly x: Flat;
    readonly labels: readonly number[];
    readonly logits: Flat;
    readonly loss: number;
    readonly parameters: number;
    readonly weights: Readonly<Record<'conv1' | 'conv2' | 'fc1' | 'fc2', Case<'kernel' | 'bias'>>>;
    readonly gradients: Readonly<Record<'conv1' | 'conv2' | 'fc1' | 'fc2', Case<'kernel' | 'bias'>>>;
  };
}

export const reference = JSON.parse(readFileSync(join(__dirname, 'reference.json'), 'utf8')) as Reference;

export const array = (values: Flat): NDArray => ndarray(values);

/** Throws unless both have the same shape and agree to `tolerance`, absolute below 1 and relative above. */
export function assertClose(actual: NDArray, expected: Flat | NDArray, what: string, tolerance = 1e-9): void {
  assert.deepEqual([...actual.shape], [...expected.shape], `${what}: shape`);
  for (let i = 0; i < actual.data.length; i++) {
    const allowed = tolerance * Math.max(1, Math.abs(expected.data[i]));
    assert.ok(
      Math.abs(actual.data[i] - expected.data[i]) <= allowed,
      `${what}: element ${i} is ${actual.data[i]}, expected ${expected.data[i]}`,
    );
  }
}
