/** Every operation and gradient against PyTorch, to 1e-9. */
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { NDArray } from '../ndarray';
import { ndarray } from '../ndarray';
import * as activations from './activations';
import { conv2d, conv2dGrad } from './conv2d';
import { dense, denseGrad, flatten, reshape } from './dense';
import { hinge, meanSquaredError, softmaxCrossEntropy } from './losses';
import type { AdamState } from './optimizers';
import { adam, momentum, sgd } from './optimizers';
import { avgPool2d, avgPool2dGrad, maxPool2d, maxPool2dGrad } from './pool2d';
import { array, assertClose, reference } from './testdata/oracle';

describe('PyTorch agrees', () => {
  test('on conv2d and its gradients', () => {
    for (const [i, { strides, padding, dilations, ...c }] of reference.conv2d.entries()) {
      const o = { strides, padding, dilations };
      const [x, kernel] = [array(c.x), array(c.kernel)];
      assertClose(conv2d(x, kernel, array(c.bias), o), c.y, `conv2d ${i}: y`);
      const { dx, dkernel, dbias } = conv2dGrad(x, kernel, array(c.dy), o);
      assertClose(dx, c.dx, `conv2d ${i}: dx`);
      assertClose(dkernel, c.dkernel, `conv2d ${i}: dkernel`);
      assertClose(dbias, c.dbias, `conv2d ${i}: dbias`);
    }
  });

  for (const [name, forward, gradient] of [
    ['maxPool2d', maxPool2d, maxPool2dGrad],
    ['avgPool2d', avgPool2d, avgPool2dGrad],
  ] as const) {
    test(`on ${name} and its gradient`, () => {
      for (const [i, c] of reference[name].entries()) {
        assertClose(forward(array(c.x), c), c.y, `${name} ${i}: y`);
        assertClose(gradient(array(c.x), array(c.dy), c), c.dx, `${name} ${i}: dx`);
      }
    });
  }

  test('on dense and its gradients', () => {
    for (const [i, c] of reference.dense.entries()) {
      assertClose(dense(array(c.x), array(c.weights), array(c.bias)), c.y, `dense ${i}: y`);
      const { dx, dweights, dbias } = denseGrad(array(c.x), array(c.weights), array(c.dy));
      assertClose(dx, c.dx, `dense ${i}: dx`);
      assertClose(dweights, c.dweights, `dense ${i}: dweights`);
      assertClose(dbias, c.dbias, `dense ${i}: dbias`);
    }
  });

  for (const name of ['relu', 'sigmoid', 'tanh', 'softmax'] as const) {
    test(`on ${name} and its gradient`, () => {
      for (const c of reference.activations[name]) {
        assertClose(activations[name](array(c.x)), c.y, `${name}: y`);
        assertClose(activations[`${name}Grad`](array(c.x), array(c.dy)), c.dx, `${name}: dx`);
      }
    });
  }

  test('on the losses and their gradients', () => {
    const compare = (
      name: string,
      { loss, grad }: { loss: number; grad: NDArray },
      c: { y: number; dx: Parameters<typeof array>[0] },
    ): void => {
      assertClose(ndarray(loss), ndarray(c.y), `${name}: loss`);
      assertClose(grad, c.dx, `${name}: gradient`);
    };
    for (const c of reference.losses.softmaxCrossEntropy)
      compare('softmaxCrossEntropy', softmaxCrossEntropy(array(c.x), c.target), c);
    for (const c of reference.losses.hinge) compare('hinge', hinge(array(c.x), c.target), c);
    for (const c of reference.losses.meanSquaredError)
      compare('meanSquaredError', meanSquaredError(array(c.x), ndarray(c.target)), c);
  });

  test('on six steps of each optimizer', () => {
    const cases = reference.optimizers;
    let weights = array(cases.sgd.w0);
    cases.sgd.gradients.forEach((gradient, i) => {
      weights = sgd(weights, array(gradient), { learningRate: 0.1 });
      assertClose(weights, cases.sgd.weights[i], `sgd: step ${i}`);
    });
    weights = array(cases.momentum.w0);
    let velocity: NDArray | undefined;
    cases.momentum.gradients.forEach((gradient, i) => {
      ({ weights, velocity } = momentum(weights, array(gradient), velocity, { learningRate: 0.1 }));
      assertClose(weights, cases.momentum.weights[i], `momentum: step ${i}`);
    });
    weights = array(cases.adam.w0);
    let state: AdamState | undefined;
    cases.adam.gradients.forEach((gradient, i) => {
      ({ weights, state } = adam(weights, array(gradient), state, { learningRate: 0.01 }));
      assertClose(weights, cases.adam.weights[i], `adam: step ${i}`);
    });
  });

  test('on a whole network: two convolutions, two poolings, two dense layers, and back', () => {
    const { weights, gradients, ...c } = reference.network;
    const kernel = (name: keyof typeof weights): NDArray => array(weights[name].kernel);
    const bias = (name: keyof typeof weights): NDArray => array(weights[name].bias);
    const { relu, reluGrad } = activations;
    const x = array(c.x); // [4, 28, 28, 1]
    const conv1 = conv2d(x, kernel('conv1'), bias('conv1'), { padding: 1 }); // [4, 26, 26, 10]
    const pool1 = maxPool2d(conv1, { size: 2 }); // [4, 13, 13, 10]
    const conv2 = conv2d(relu(pool1), kernel('conv2'), bias('conv2'), { padding: 1 }); // [4, 11, 11, 20]
    const pool2 = maxPool2d(conv2, { size: 2 }); // [4, 5, 5, 20]
    const features = flatten(relu(pool2)); // [4, 500]
    const hidden = dense(features, kernel('fc1'), bias('fc1')); // [4, 50]
    const logits = dense(relu(hidden), kernel('fc2'), bias('fc2')); // [4, 10]
    assertClose(logits, c.logits, 'logits');

    const { loss, grad } = softmaxCrossEntropy(logits, c.labels);
    assert.ok(Math.abs(loss - c.loss) < 1e-9);
    const fc2 = denseGrad(relu(hidden), kernel('fc2'), grad);
    const fc1 = denseGrad(features, kernel('fc1'), reluGrad(hidden, fc2.dx));
    const dpool2 = reluGrad(pool2, reshape(fc1.dx, pool2.shape));
    const two = conv2dGrad(relu(pool1), kernel('conv2'), maxPool2dGrad(conv2, dpool2, { size: 2 }), {
      padding: 1,
    });
    const dpool1 = reluGrad(pool1, two.dx);
    const one = conv2dGrad(x, kernel('conv1'), maxPool2dGrad(conv1, dpool1, { size: 2 }), { padding: 1 });
    assertClose(fc2.dweights, gradients.fc2.kernel, 'fc2 kernel');
    assertClose(fc2.dbias, gradients.fc2.bias, 'fc2 bias');
    assertClose(fc1.dweights, gradients.fc1.kernel, 'fc1 kernel');
    assertClose(fc1.dbias, gradients.fc1.bias, 'fc1 bias');
    assertClose(two.dkernel, gradients.conv2.kernel, 'conv2 kernel');
    assertClose(two.dbias, gradients.conv2.bias, 'conv2 bias');
    assertClose(one.dkernel, gradients.conv1.kernel, 'conv1 kernel');
    assertClose(one.dbias, gradients.conv1.bias, 'conv1 bias');
  });
});
