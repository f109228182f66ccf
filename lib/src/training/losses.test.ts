import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ndarray } from '../ndarray';
import { hinge, meanSquaredError, softmaxCrossEntropy } from '../ops';
import { random } from '../random';
import { batchLoss } from './losses';

const generator = random(5);
const scores = Float32Array.from({ length: 24 }, () => generator.normal() * 3);
const labels = Uint8Array.from({ length: 6 }, () => generator.below(4));
const array = ndarray({ shape: [6, 4], data: scores });
const oneHot = ndarray([...labels].map((label) => [0, 1, 2, 3].map((j) => (j === label ? 1 : 0))));

const references = {
  crossEntropy: softmaxCrossEntropy(array, labels),
  hinge: hinge(array, labels),
  meanSquaredError: meanSquaredError(array, oneHot),
};

for (const [name, { loss, grad }] of Object.entries(references)) {
  test(`${name} and its gradient agree with ops`, () => {
    const found = batchLoss(name as keyof typeof references, scores, labels, 0);
    assert.ok(Math.abs(found.loss / 6 - loss) < 1e-12);
    found.gradient.forEach((value, i) => assert.ok(Math.abs(value - grad.data[i]) < 1e-7));
  });
}

test('right answers are counted', () => {
  const { correct } = batchLoss('hinge', Float32Array.of(1, 2, 5, 4), Uint8Array.of(1, 1), 0);
  assert.equal(correct, 1);
});

test('the gradient of smoothed cross-entropy, by finite differences', () => {
  const { gradient } = batchLoss('crossEntropy', scores, labels, 0.2);
  // Scores are float32: a step that they can represent, and a matching tolerance.
  for (let i = 0; i < scores.length; i++) {
    const at = (delta: number): number => {
      const moved = scores.slice();
      moved[i] += delta;
      return batchLoss('crossEntropy', moved, labels, 0.2).loss / 6;
    };
    const slope = (at(2 ** -7) - at(-(2 ** -7))) / 2 ** -6;
    assert.ok(Math.abs(gradient[i] - slope) < 1e-4, `${gradient[i]}, not ${slope}`);
  }
});

test('very large scores neither overflow nor make the loss vanish', () => {
  const { loss, gradient } = batchLoss('crossEntropy', Float32Array.of(1000, 0), Uint8Array.of(1), 0);
  assert.equal(loss, 1000);
  assert.deepEqual([...gradient], [1, -1]);
});
