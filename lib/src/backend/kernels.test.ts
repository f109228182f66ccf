/**
 * The kernels that convolutional networks use, forward and gradient, against ConvLab's own operations over a grid of
 * sizes: TensorFlow.js 4.22.0 computes some of them wrongly (see samePadding.ts, maxPoolGrad.ts, …).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { NDArray } from '../ndarray';
import * as ops from '../ops';
import { random, randomNormal } from '../random';
import { useBackend } from './backend';

type Two = [number, number];
type Padding = 'valid' | 'same' | [Two, Two];

interface Geometry {
  readonly image: Two;
  readonly kernel: Two;
  readonly strides: Two;
  readonly padding: Padding;
  readonly dilations: Two;
}

/** The geometries whose window fits the image. */
function* grid(): Generator<Geometry> {
  const kernels: Two[] = [[1, 1], [1, 2], [3, 1], [2, 2], [2, 3], [3, 3], [5, 5]]; // prettier-ignore
  const strides: Two[] = [[1, 1], [2, 2], [3, 3], [1, 2], [2, 1], [3, 1], [5, 5]]; // prettier-ignore
  const images: Two[] = [[3, 3], [4, 4], [5, 3], [8, 8]]; // prettier-ignore
  const paddings: Padding[] = ['same', 'valid', [[1, 2], [0, 1]]]; // prettier-ignore
  for (const kernel of kernels) {
    for (const image of images) {
      for (const padding of paddings) {
        const moves: [Two, Two][] = strides.map((stride) => [stride, [1, 1]]);
        moves.push([[1, 1], [2, 2]], [[1, 1], [2, 1]]); // prettier-ignore
        for (const [stride, dilations] of moves) {
          const fits = [0, 1].every((axis) => {
            const added = typeof padding === 'string' ? 0 : padding[axis][0] + padding[axis][1];
            return padding === 'same' || (kernel[axis] - 1) * dilations[axis] + 1 <= image[axis] + added;
          });
          if (fits) yield { image, kernel, strides: stride, padding, dilations };
        }
      }
    }
  }
}

const tensor = <R extends tf.Rank>(a: NDArray): tf.Tensor<R> =>
  tf.tensor(Float32Array.from(a.data), [...a.shape] as never);

/** The padding in TensorFlow.js' form. */
const pads = (padding: Padding): 'valid' | 'same' | [Two, Two, Two, Two] =>
  typeof padding === 'string' ? padding : [[0, 0], ...padding, [0, 0]];

const isDilated = (g: Geometry): boolean => g.dilations.some((dilation) => dilation > 1);

/** A kernel's name, TensorFlow.js' result and the right one, for one geometry. */
type Comparison = readonly [name: string, found: tf.Tensor, expected: NDArray];

function* convolutions(g: Geometry): Generator<Comparison> {
  const x = randomNormal([2, ...g.image, 2], random(1));
  const kernel = randomNormal([...g.kernel, 2, 3], random(2));
  const bias = randomNormal([3], random(3));
  const y = ops.conv2d(x, kernel, undefined, g);
  const { strides, dilations } = g;
  const pad = pads(g.padding);
  const convolve = (a: tf.Tensor, b: tf.Tensor): tf.Tensor4D =>
    tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, strides, pad, 'NHWC', dilations);
  yield ['Conv2D', convolve(tensor(x), tensor(kernel)), y];
  if (typeof pad === 'string') {
    yield [
      'FusedConv2D',
      tf.fused.conv2d({
        ...{ x: tensor<tf.Rank.R4>(x), filter: tensor<tf.Rank.R4>(kernel), bias: tensor(bias) },
        ...{ strides, pad, dilations, activation: 'relu' },
      }),
      ops.relu(ops.conv2d(x, kernel, bias, g)),
    ];
  }
  if (isDilated(g)) return; // TensorFlow.js has no gradients of dilated convolutions
  const dy = randomNormal(y.shape, random(4));
  const { dx, dkernel } = ops.conv2dGrad(x, kernel, dy, g);
  const [foundDx, foundDkernel] = tf.grads(convolve)([tensor(x), tensor(kernel)], tensor(dy));
  yield ['Conv2DBackpropInput', foundDx, dx];
  yield ['Conv2DBackpropFilter', foundDkernel, dkernel];
}

/** With two kernels per channel: output channel c · 2 + m is input channel c convolved with kernel [:, :, c, m]. */
function* depthwise(g: Geometry): Generator<Comparison> {
  const x = randomNormal([2, ...g.image, 2], random(5));
  const kernel = randomNormal([...g.kernel, 2, 2], random(6));
  const bias = randomNormal([4], random(7));
  const places = [0, 1, 2, 3];
  const one = (i: number): NDArray => ops.reshape(channel(kernelRows(kernel), i), [...g.kernel, 1, 1]);
  const y = joined(places.map((i) => ops.conv2d(channel(x, i >> 1), one(i), undefined, g)));
  const { strides, dilations } = g;
  const pad = pads(g.padding);
  const convolve = (a: tf.Tensor, b: tf.Tensor): tf.Tensor4D =>
    tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, strides, pad, 'NHWC', dilations);
  yield ['DepthwiseConv2dNative', convolve(tensor(x), tensor(kernel)), y];
  if (typeof pad === 'string') {
    yield [
      'FusedDepthwiseConv2D',
      tf.fused.depthwiseConv2d({
        ...{ x: tensor<tf.Rank.R4>(x), filter: tensor<tf.Rank.R4>(kernel), bias: tensor(bias) },
        ...{ strides, pad, dilations, activation: 'relu' },
      }),
      ops.relu({ shape: y.shape, data: y.data.map((value, i) => value + bias.data[i % 4]) }),
    ];
  }
  if (isDilated(g)) return;
  const dy = randomNormal(y.shape, random(8));
  const parts = places.map((i) => ops.conv2dGrad(channel(x, i >> 1), one(i), channel(dy, i), g));
  const [foundDx, foundDkernel] = tf.grads(convolve)([tensor(x), tensor(kernel)], tensor(dy));
  const sums = [0, 2].map((i) => ({
    shape: parts[i].dx.shape,
    data: parts[i].dx.data.map((value, k) => value + parts[i + 1].dx.data[k]),
  }));
  yield ['DepthwiseConv2dNativeBackpropInput', foundDx, joined(sums)];
  const dkernel = joined(parts.map((part) => part.dkernel));
  yield ['DepthwiseConv2dNativeBackpropFilter', foundDkernel, ops.reshape(dkernel, [...g.kernel, 2, 2])];
}

function* pooling(g: Geometry): Generator<Comparison> {
  const { padding } = g;
  if (isDilated(g) || typeof padding !== 'string') return; // no pooling layer has dilations or padding in numbers
  const o = { size: g.kernel, strides: g.strides, padding };
  for (const shift of [0, -9]) {
    const plain = randomNormal([2, ...g.image, 2], random(9));
    const x = { shape: plain.shape, data: plain.data.map((value) => Math.fround(value + shift)) };
    for (const kind of ['max', 'avg'] as const) {
      const [apply, gradient] =
        kind === 'max' ? [ops.maxPool2d, ops.maxPool2dGrad] : [ops.avgPool2d, ops.avgPool2dGrad];
      const pool = (a: tf.Tensor): tf.Tensor4D =>
        (kind === 'max' ? tf.maxPool : tf.avgPool)(a as tf.Tensor4D, g.kernel, g.strides, padding);
      const y = apply(x, o);
      const dy = randomNormal(y.shape, random(10));
      yield [`${kind}Pool`, pool(tensor(x)), y];
      yield [`${kind}PoolGrad`, tf.grad(pool)(tensor(x), tensor(dy)), gradient(x, dy, o)];
    }
  }
}

/** One channel of the last axis. */
function channel({ shape, data }: NDArray, index: number): NDArray {
  const channels = shape[shape.length - 1];
  return {
    shape: [...shape.slice(0, -1), 1],
    data: Float64Array.from({ length: data.length / channels }, (_, i) => data[i * channels + index]),
  };
}

/** Single channels side by side. */
function joined(parts: readonly NDArray[]): NDArray {
  const { shape, data } = parts[0];
  const count = parts.length;
  return {
    shape: [...shape.slice(0, -1), count],
    data: Float64Array.from(
      { length: data.length * count },
      (_, i) => parts[i % count].data[Math.floor(i / count)],
    ),
  };
}

/** A depthwise kernel [h, w, 2, 2] with its last two axes as one. */
const kernelRows = ({ shape, data }: NDArray): NDArray => ({ shape: [shape[0], shape[1], 4], data });

function difference(found: tf.Tensor, expected: NDArray): number {
  assert.deepEqual(found.shape, expected.shape);
  return found.dataSync<'float32'>().reduce((most, value, i) => {
    const own = Math.abs(value - expected.data[i]);
    return own <= most ? most : own; // also if it is NaN
  }, 0);
}

for (const backend of ['cpu', 'wasm'] as const) {
  test(`${backend}: convolutions and pooling have the values and gradients of ops, whatever the sizes`, async () => {
    await useBackend(backend);
    const wrong = new Map<string, string[]>();
    let geometries = 0;
    for (const g of grid()) {
      geometries++;
      tf.tidy(() => {
        for (const compare of [convolutions, depthwise, pooling]) {
          for (const [name, found, expected] of compare(g)) {
            if (difference(found, expected) <= 1e-4) continue;
            wrong.set(name, [...(wrong.get(name) ?? []), JSON.stringify(g)]);
          }
        }
      });
    }
    assert.ok(geometries > 400, `${geometries} geometries`);
    const told = [...wrong].map(([name, where]) => `${name}: ${where.length} wrong, the first ${where[0]}`);
    assert.deepEqual(told, []);
  });

  test(`${backend}: volumes and resized images have the gradients of finite differences`, async () => {
    await useBackend(backend);
    const volume = [2, 3, 4, 4, 2];
    const kernel = (size: number): tf.Tensor5D => tensor(randomNormal([size, size, size, 2, 2], random(3)));
    const cases: Record<string, readonly [number[], (x: tf.Tensor) => tf.Tensor]> = {};
    for (const pad of ['same', 'valid'] as const) {
      for (const [size, stride] of [
        [2, 1],
        [3, 2],
        [1, 2],
        [2, 3],
      ]) {
        // prettier-ignore
        const at = `${size}/${stride} ${pad}`;
        const filter = kernel(size);
        cases[`maxPool3d ${at}`] = [volume, (x) => tf.maxPool3d(x as tf.Tensor5D, size, stride, pad)];
        cases[`avgPool3d ${at}`] = [volume, (x) => tf.avgPool3d(x as tf.Tensor5D, size, stride, pad)];
        cases[`conv3d ${at}`] = [volume, (x) => tf.conv3d(x as tf.Tensor5D, filter, stride, pad)];
        const image = tensor<tf.Rank.R5>(randomNormal(volume, random(6)));
        cases[`conv3d, kernel, ${at}`] = [
          [size, size, size, 2, 2],
          (x) => tf.conv3d(image, x as tf.Tensor5D, stride, pad),
        ];
      }
    }
    const image = [2, 3, 4, 2];
    for (const [rows, columns] of [
      [6, 8],
      [9, 4],
      [3, 12],
    ] as Two[]) {
      // prettier-ignore
      const to = `to ${rows}×${columns}`;
      cases[`nearest ${to}`] = [
        image,
        (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [rows, columns]),
      ];
      cases[`bilinear ${to}`] = [image, (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [rows, columns])];
    }
    for (const [name, [shape, f]] of Object.entries(cases)) {
      const worst = tf.tidy(() => worstOfGradient(shape, f));
      assert.ok(worst < 2e-2, `${name}: off by ${worst}`);
    }
  });
}

/** The largest difference between TensorFlow.js' gradient of Σ f(x)·dy and its central differences. */
function worstOfGradient(shape: number[], f: (x: tf.Tensor) => tf.Tensor): number {
  const x = randomNormal(shape, random(1));
  const dy = tensor(randomNormal(f(tensor(x)).shape, random(2)));
  const gradient = tf.grad(f)(tensor(x), dy).dataSync();
  const step = 1e-3;
  const value = (i: number, by: number): number => {
    const moved = { shape, data: x.data.slice() };
    moved.data[i] += by;
    // Sum the products in float64: a sum in 32 bits would lose the difference.
    const [a, b] = [f(tensor(moved)).dataSync<'float32'>(), dy.dataSync()];
    return a.reduce((sum, y, k) => sum + y * b[k], 0);
  };
  return x.data.reduce((worst, _, i) => {
    if (i % 3 > 0) return worst; // every third: enough to meet every kind of position
    const expected = tf.tidy(() => (value(i, step) - value(i, -step)) / (2 * step));
    const own = Math.abs(gradient[i] - expected);
    return own <= worst ? worst : own;
  }, 0);
}

test('the gradient of a mean over the border is shared by the pixels inside the image', async () => {
  for (const backend of ['cpu', 'wasm'] as const) {
    await useBackend(backend);
    const gradient = tf.tidy(() =>
      tf
        .grad((x) => tf.avgPool(x as tf.Tensor4D, [1, 2], [1, 2], 'same'))(
          tf.zeros([1, 1, 3, 1]),
          tf.tensor4d([10, 20], [1, 1, 2, 1]),
        )
        .dataSync(),
    );
    // The second window has only the third pixel.
    assert.deepEqual([...gradient], [5, 5, 20], backend);
  }
});

test('a window without a positive number sends its gradient to the last of its largest', async () => {
  await useBackend('wasm');
  const gradient = (values: number[], size: Two, dy: number[]): number[] =>
    tf.tidy(() => [
      ...tf
        .grad((x) => tf.maxPool(x as tf.Tensor4D, size, size, 'valid'))(
          tf.tensor4d(values, [1, 1, values.length, 1]),
          tf.tensor4d(dy, [1, 1, dy.length, 1]),
        )
        .dataSync(),
    ]);
  assert.deepEqual(gradient([-4, -3, -5, -3, -2, -1], [1, 3], [10, 20]), [0, 10, 0, 0, 0, 20]);
  assert.deepEqual(gradient([0, 0, -1, -1], [1, 2], [10, 20]), [0, 10, 0, 20]);
  assert.deepEqual(gradient([-2, -3], [1, 1], [10, 20]), [10, 20]);
  // They differ by less than 32 bits can resolve once the smallest number has been subtracted.
  assert.deepEqual(gradient([0.1, 0.2, -1e9, -1e9], [1, 2], [10, 20]), [0, 10, 0, 20]);
});

test('replaced kernels leave no tensor and no memory behind', async () => {
  for (const backend of ['cpu', 'wasm'] as const) {
    await useBackend(backend);
    const steps = (): void =>
      tf.tidy(() => {
        const x = tf.ones<tf.Rank.R4>([2, 5, 5, 2]);
        const kernel = tf.ones<tf.Rank.R4>([2, 2, 2, 3]);
        tf.grads((a, b) => {
          const y = tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 3, 'same');
          return tf.avgPool(
            tf.maxPool(tf.image.resizeNearestNeighbor(y, [4, 4]), 2, 1, 'same'),
            2,
            1,
            'same',
          );
        })([x, kernel]);
        tf.grad((a) => tf.maxPool3d(a as tf.Tensor5D, 2, 3, 'same'))(tf.ones([2, 3, 3, 3, 2]));
      });
    steps();
    const { numTensors, numDataBuffers, numBytes } = tf.memory();
    for (let i = 0; i < 3; i++) steps();
    const after = tf.memory();
    assert.deepEqual(
      [after.numTensors, after.numDataBuffers, after.numBytes],
      [numTensors, numDataBuffers, numBytes],
      backend,
    );
  }
});
