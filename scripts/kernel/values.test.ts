import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueText } from './values';

/** The parts of a TensorFlow.js tensor that the kernel reads. */
const tensor = (shape: number[], values: ArrayLike<unknown>, dtype = 'float32') => ({
  shape,
  dtype,
  dataId: {},
  isDisposed: false,
  dataSync: () => values,
});

test('a tensor is printed as shape, dtype and a few values', () => {
  assert.equal(valueText(tensor([2], Float32Array.of(0.1, -3))), 'Tensor float32 [2]: 0.1, -3');
  assert.equal(
    valueText(tensor([4, 7], new Int32Array(28), 'int32')),
    'Tensor int32 [4, 7]: 0, 0, 0, 0, 0, 0, 0, 0, … 20 more',
  );
  assert.equal(valueText(tensor([], ['7'], 'string')), "Tensor string []: '7'");
  assert.equal(valueText({ ...tensor([2], []), isDisposed: true }), 'Tensor float32 [2], disposed');
});

test("so is ConvLab's array, but nothing that only resembles one", () => {
  const data = Float64Array.of(1, NaN, Infinity, 1 / 3);
  assert.equal(valueText({ shape: [2, 2], data }), 'NDArray float64 [2, 2]: 1, NaN, Infinity, 0.333333');
  assert.match(valueText({ shape: [2, 2], data, name: 'mine' }), /name: 'mine'/);
  assert.match(valueText({ shape: [2, 2], data: [1, 2, 3, 4] }), /data: \[ 1, 2, 3, 4 \]/);
});

test('within objects and lists too', () => {
  const [dx, dkernel] = [
    { shape: [2], data: Float64Array.of(1, 2) },
    { shape: [1], data: Float64Array.of(3) },
  ];
  assert.equal(
    valueText({ dx, dkernel }),
    '{ dx: NDArray float64 [2]: 1, 2, dkernel: NDArray float64 [1]: 3 }',
  );
  assert.equal(valueText([tensor([1], [5]), 'x']), "[ Tensor float32 [1]: 5, 'x' ]");
});

test('other values are printed as Node prints them, including circular ones and classes', () => {
  class Named {
    inner = { shape: [1], data: Float64Array.of(1) };
  }
  const circle: Record<string, unknown> = { a: [1] };
  circle.self = circle;
  assert.match(valueText(new Named()), /^Named \{/);
  assert.equal(valueText(circle), '<ref *1> { a: [ 1 ], self: [Circular *1] }');
  assert.equal(valueText(null), 'null');
});

test('no getter is run', () => {
  const value = {
    n: 1,
    get next(): never {
      throw new Error('run');
    },
  };
  assert.equal(valueText(value), '{ n: 1, next: [Getter] }');
});

test('a network is printed as the table of its layers', () => {
  const network = {
    layers: [],
    summary(_width?: number, _positions?: number[], print = console.log) {
      print('Layer (type)');
      print('conv2d');
    },
  };
  assert.equal(valueText(network), 'Layer (type)\nconv2d');
});

test('a network that has no input shape yet is named with its layers', () => {
  const summary = () => {
    throw new Error('not built');
  };
  assert.equal(valueText({ layers: [], summary }), 'network without an input shape yet; no layers');
  assert.equal(
    valueText({ layers: [{ name: 'conv' }, { name: 'dense' }], summary }),
    'network without an input shape yet; layers: conv, dense',
  );
});
