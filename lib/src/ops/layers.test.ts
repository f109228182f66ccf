/** Dense layers, activations, losses, batch normalisation, dropout, optimizers: cases by hand and wrong calls. */
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { NDArray } from '../ndarray';
import { ndarray, toNested } from '../ndarray';
import * as activations from './activations';
import { batchNorm, batchNormGrad, batchNormInference } from './batchNorm';
import { checkGradient } from './checkGradient';
import { dense, denseGrad, flatten, reshape } from './dense';
import { dropout, dropoutGrad } from './dropout';
import { hinge, meanSquaredError, softmaxCrossEntropy } from './losses';
import { adam, momentum, sgd } from './optimizers';
import { dot, randomArray } from './testdata/arrays';
import { assertClose } from './testdata/oracle';

const { relu, sigmoid, softmax, tanh } = activations;

describe('dense', () => {
  test('multiplies and adds', () => {
    const y = dense(ndarray([[1, 2]]), ndarray([[10, 0], [100, 1]]), ndarray([0.5, 0])); // prettier-ignore
    assert.deepEqual(toNested(y), [[210.5, 2]]);
  });
  test('flattens in the order height, width, channels, and reshapes back', () => {
    const x = ndarray([[[[1, 2], [3, 4]]], [[[5, 6], [7, 8]]]]); // prettier-ignore
    assert.deepEqual(toNested(flatten(x)), [[1, 2, 3, 4], [5, 6, 7, 8]]); // prettier-ignore
    assert.deepEqual(reshape(flatten(x), x.shape), x);
  });
});

describe('activations', () => {
  test('neither overflow nor lose their gradient at ±1000', () => {
    const x = ndarray([[-1000, 0, 1000]]);
    assert.deepEqual(toNested(sigmoid(x)), [[0, 0.5, 1]]);
    assert.deepEqual(toNested(tanh(x)), [[-1, 0, 1]]);
    assert.deepEqual(toNested(relu(x)), [[0, 0, 1000]]);
    assert.deepEqual(toNested(softmax(x)), [[0, 0, 1]]);
    for (const name of ['relu', 'sigmoid', 'tanh', 'softmax'] as const)
      for (const value of activations[`${name}Grad`](x, ndarray([[1, 1, 1]])).data) assert.ok(value >= 0);
  });
  test('softmax does not change when a constant is added to x', () => {
    assertClose(softmax(ndarray([[1001, 1002, 1003]])), softmax(ndarray([[1, 2, 3]])), 'softmax', 1e-15);
  });
  test('softmax works along the last axis, of any number of axes', () => {
    assert.deepEqual(toNested(softmax(ndarray([0, 0]))), [0.5, 0.5]);
    assert.deepEqual(toNested(softmax(ndarray([[[0, 0, 0, 0]], [[7, 7, 7, 7]]]))), [
      [[0.25, 0.25, 0.25, 0.25]],
      [[0.25, 0.25, 0.25, 0.25]],
    ]);
  });
});

describe('losses', () => {
  test('cross-entropy of equal logits is log(classes), its gradient p minus the truth', () => {
    const { loss, grad } = softmaxCrossEntropy(ndarray([[0, 0], [0, 0]]), [0, 1]); // prettier-ignore
    assert.equal(loss, Math.log(2));
    assert.deepEqual(toNested(grad), [[-0.25, 0.25], [0.25, -0.25]]); // prettier-ignore
  });
  test('cross-entropy of a hopeless case is large, not infinite', () => {
    const { loss, grad } = softmaxCrossEntropy(ndarray([[1000, -1000]]), [1]);
    assert.equal(loss, 2000);
    assert.deepEqual(toNested(grad), [[1, -1]]);
  });
  test('cross-entropy of two equal scores is log 2, however large they are', () => {
    for (const score of [1e12, 1e16, -1e300]) {
      assert.equal(softmaxCrossEntropy(ndarray([[score, score]]), [1]).loss, Math.log(2));
    }
  });
  test('hinge counts scores within 1 of the true class', () => {
    const { loss, grad } = hinge(ndarray([[3, 2.5, 0, 3.5]]), [0]);
    assert.equal(loss, 0.5 + 1.5);
    assert.deepEqual(toNested(grad), [[-2, 1, 0, 1]]);
  });
  test('mean squared error is the mean over all numbers', () => {
    const { loss, grad } = meanSquaredError(ndarray([[1, 2], [3, 4]]), ndarray([[1, 2], [3, 0]])); // prettier-ignore
    assert.equal(loss, 4);
    assert.deepEqual(toNested(grad), [[0, 0], [0, 2]]); // prettier-ignore
  });
});

describe('batch normalisation', () => {
  test('brings each channel to mean β and deviation γ', () => {
    const x = ndarray([[1, 10], [3, 30]]); // prettier-ignore
    const { y, mean, variance } = batchNorm(x, ndarray([1, 2]), ndarray([0, 5]), 1e-12);
    assertClose(y, ndarray([[-1, 3], [1, 7]]), 'y'); // prettier-ignore
    assert.deepEqual([toNested(mean), toNested(variance)], [[2, 20], [1, 100]]); // prettier-ignore
    assertClose(
      batchNormInference(x, ndarray([1, 2]), ndarray([0, 5]), mean, variance, 1e-12),
      y,
      'inference',
    );
  });
  test('has the gradient of finite differences', () => {
    const [x, gamma, beta] = [randomArray([3, 2, 2, 4], 1), randomArray([4], 2), randomArray([4], 3)];
    const dy = randomArray(x.shape, 4);
    const { dx, dgamma, dbeta } = batchNormGrad(x, gamma, dy);
    const error = (f: (moved: NDArray) => { y: NDArray }, at: NDArray, gradient: NDArray): number =>
      checkGradient((moved) => dot(f(moved).y, dy), at, gradient).relativeError;
    assert.ok(error((moved) => batchNorm(moved, gamma, beta), x, dx) < 1e-6);
    assert.ok(error((moved) => batchNorm(x, moved, beta), gamma, dgamma) < 1e-6);
    assert.ok(error((moved) => batchNorm(x, gamma, moved), beta, dbeta) < 1e-6);
  });
});

describe('dropout', () => {
  test('drops its share, keeps the expected sum, and is determined by the seed', () => {
    const x = ndarray({ shape: [100, 100], data: new Float64Array(10000).fill(3) });
    const { y, mask } = dropout(x, 0.25, 1);
    const dropped = y.data.filter((value) => value === 0).length;
    assert.ok(Math.abs(dropped - 2500) < 200, `${dropped} dropped`);
    assert.ok(y.data.every((value) => value === 0 || value === 4));
    assert.deepEqual(dropout(x, 0.25, 1).y, y);
    assert.notDeepEqual(dropout(x, 0.25, 2).y, y);
    assert.deepEqual(dropoutGrad(mask, x), y);
    assert.deepEqual(dropout(x, 0, 1).y, x);
  });
});

describe('optimizers', () => {
  const [weights, gradient] = [ndarray([1, -2]), ndarray([0.5, 4])];
  test('sgd and momentum step against the gradient, momentum remembers', () => {
    assert.deepEqual(toNested(sgd(weights, gradient, { learningRate: 0.5 })), [0.75, -4]);
    const first = momentum(weights, gradient, undefined, { learningRate: 0.5, momentum: 0.5 });
    assert.deepEqual(toNested(first.weights), [0.75, -4]);
    const second = momentum(first.weights, gradient, first.velocity, { learningRate: 0.5, momentum: 0.5 });
    assert.deepEqual(toNested(second.weights), [0.375, -7]);
  });
  test("adam's first step is the learning rate, whatever the gradient's size", () => {
    const { weights: moved, state } = adam(weights, gradient, undefined, { learningRate: 0.5 });
    assertClose(moved, ndarray([0.5, -2.5]), 'weights', 1e-7);
    assert.equal(state.step, 1);
  });
  test('weight decay shrinks weights and does not affect the state', () => {
    const none = ndarray([0, 0]);
    const o = { learningRate: 0.5, weightDecay: 0.2 };
    assert.deepEqual(toNested(sgd(weights, none, o)), [0.9, -1.8]);
    const { weights: moved, state } = adam(weights, none, undefined, o);
    assert.deepEqual(toNested(moved), [0.9, -1.8]);
    assert.deepEqual(toNested(state.mean), [0, 0]);
  });
});

describe('checkGradient', () => {
  const x = randomArray([3, 4], 1);
  const squares = (at: NDArray): number => dot(at, at) / 2;
  test('accepts a right gradient', () => {
    const { relativeError, checked } = checkGradient(squares, x, x);
    assert.ok(relativeError < 1e-8);
    assert.equal(checked, 12);
  });
  test('says where a wrong one is wrong', () => {
    const wrong = ndarray(x);
    wrong.data[6] += 0.5;
    const check = checkGradient(squares, x, wrong);
    assert.deepEqual(check.index, [1, 2]);
    assert.ok(check.relativeError > 1e-2);
    assert.ok(Math.abs(check.numeric - x.data[6]) < 1e-8);
    assert.equal(check.analytic, wrong.data[6]);
  });
  test('reports a NaN in the gradient', () => {
    const wrong = ndarray(x);
    wrong.data[11] = NaN;
    assert.throws(() => checkGradient(squares, x, wrong), {
      message: 'checkGradient: gradient.data[11] is NaN, expected a finite number',
    });
  });
  test('tries as many numbers as requested', () => {
    let calls = 0;
    const check = checkGradient((at) => (calls++, squares(at)), x, x, { samples: 5, seed: 3 });
    assert.deepEqual([check.checked, calls], [5, 10]);
  });
  test('does not accept a function without a finite value', () => {
    assert.throws(() => checkGradient(() => NaN, x, x), {
      message: 'checkGradient: f gave NaN, expected a finite number',
    });
  });
});

describe('wrong calls are refused', () => {
  const [rows, three] = [ndarray([[1, 2], [3, 4]]), ndarray([1, 2, 3])]; // prettier-ignore
  const wrong: [() => unknown, string][] = [
    [() => dense(rows, ndarray([[1], [2], [3]])), 'dense: weights have 3 inputs, x has 2'],
    [() => dense(rows, rows, three), 'dense: bias has shape [3], expected [2], one number for each output'],
    [() => dense(three, rows), 'dense: x has shape [3], expected 2 axes [batch, in]'],
    [() => denseGrad(rows, rows, three), 'denseGrad: dy has shape [3], expected [2, 2], the shape of the output'],
    [() => reshape(rows, [3]), 'reshape: shape is [3], expected a shape of 4 values, as x [2, 2] has'],
    [() => reshape(rows, [-2, -2]), 'reshape: shape[0] is -2, expected a whole number of at least 0'],
    [() => relu([1] as unknown as NDArray), 'relu: x is [1], expected an array made by ndarray(…)'],
    [() => activations.softmaxGrad(rows, three), 'softmaxGrad: dy has shape [3], expected [2, 2], the shape of x'],
    [() => softmaxCrossEntropy(rows, [0]), 'softmaxCrossEntropy: labels has 1 numbers, expected 2, one for each row'],
    [() => softmaxCrossEntropy(rows, [0, 2]), 'softmaxCrossEntropy: labels[1] is 2, expected a whole number from 0 to 1'],
    [() => softmaxCrossEntropy(rows, [0, 0.5]), 'softmaxCrossEntropy: labels[1] is 0.5, expected a whole number from 0 to 1'],
    [() => hinge(rows, [-1, 0]), 'hinge: labels[0] is -1, expected a whole number from 0 to 1'],
    [() => hinge(rows, rows as never), 'hinge: labels is { shape, data }, expected a list of class numbers'],
    [() => hinge(three, [1]), 'hinge: scores has shape [3], expected 2 axes [batch, classes]'],
    [() => softmax(ndarray([[1, NaN]])), 'softmax: x.data[1] is NaN, expected a finite number'],
    [() => softmaxCrossEntropy(ndarray([[Infinity, 0]]), [0]), 'softmaxCrossEntropy: logits.data[0] is Infinity, expected a finite number'],
    [() => meanSquaredError(rows, three), 'meanSquaredError: target has shape [3], expected [2, 2], the shape of prediction'],
    [() => batchNorm(rows, three, three), 'batchNorm: gamma has shape [3], expected [2], one number for each channel of x'],
    [() => batchNorm(rows, ndarray([1, 1]), ndarray([1, 1]), 0), 'batchNorm: epsilon is 0, expected a number above 0'],
    [() => batchNormInference(rows, ndarray([1, 1]), ndarray([1, 1]), ndarray([1, 1]), ndarray([1, -1])), 'batchNormInference: variance of channel 1 is -1, expected a number of at least 0'],
    [() => dropout(rows, 1, 0), 'dropout: rate is 1, expected a number from 0 to below 1'],
    [() => sgd(rows, three, { learningRate: 1 }), 'sgd: gradient has shape [3], expected [2, 2], the shape of weights'],
    [() => sgd(rows, rows, {} as { learningRate: number }), 'sgd: learningRate is undefined, expected a number of at least 0'],
    [() => adam(rows, rows, undefined, { learningRate: NaN }), 'adam: learningRate is NaN, expected a number of at least 0'],
    [() => adam(rows, rows, undefined, { learningRate: 1, beta1: 1 }), 'adam: beta1 is 1, expected a number from 0 to below 1'],
    [() => momentum(rows, rows, three, { learningRate: 1 }), 'momentum: velocity has shape [3], expected [2, 2], the shape of weights'],
    [() => checkGradient(() => 0, rows, three), 'checkGradient: gradient has shape [3], expected [2, 2], the shape of x'],
    [() => checkGradient(() => 0, rows, rows, { step: 0 }), 'checkGradient: step is 0, expected a number above 0'],
  ]; // prettier-ignore
  for (const [call, message] of wrong) test(message, () => assert.throws(call, { message }));
});
