import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkGradient, smallNetwork } from '.';
import { ndarray, toNested } from '../ndarray';

/** Two inputs, two hidden units, two scores; the second hidden unit is off for the first example. */
const net: smallNetwork.SmallNetwork = {
  w1: ndarray([[1, -1], [1, 0]]), // prettier-ignore
  b1: ndarray([0, 0.5]),
  w2: ndarray([[1, 2], [3, 0]]), // prettier-ignore
  b2: ndarray([0, -1]),
};

test('the scores of one example by hand', () => {
  // z = [3, −0.5], a = [3, 0], s = [3, 6 − 1]
  assert.deepEqual(toNested(smallNetwork.scores(net, ndarray([[1, 2]]))), [[3, 5]]);
});

test('every gradient agrees with finite differences of the loss', () => {
  const x = ndarray([[1, 2], [-1, 0.25], [0.25, -2]]); // prettier-ignore
  const labels = [0, 1, 1];
  const { loss, gradient } = smallNetwork.gradient(net, x, labels);
  assert.ok(loss > 0);
  for (const name of ['w1', 'b1', 'w2', 'b2'] as const) {
    const lossWith = (moved: (typeof net)['w1']): number =>
      smallNetwork.gradient({ ...net, [name]: moved }, x, labels).loss;
    assert.ok(checkGradient(lossWith, net[name], gradient[name]).relativeError < 1e-7, name);
  }
});

test('a step moves every number against its gradient, and leaves the network alone', () => {
  const { gradient } = smallNetwork.gradient(net, ndarray([[1, 2]]), [0]);
  const before = structuredClone(net);
  const after = smallNetwork.step(net, gradient, 0.1);
  assert.deepEqual(net, before);
  assert.deepEqual(
    [...after.w2.data],
    [...net.w2.data].map((w, i) => w - 0.1 * gradient.w2.data[i]),
  );
});

test('a start has 25,450 numbers with 32 hidden units, the same for the same seed', () => {
  const { w1, b1, w2, b2 } = smallNetwork.start(32, 1);
  const count = [w1, b1, w2, b2].reduce((sum, { data }) => sum + data.length, 0);
  assert.equal(count, 784 * 32 + 32 + 32 * 10 + 10);
  assert.deepEqual(smallNetwork.start(32, 1), smallNetwork.start(32, 1));
  assert.notDeepEqual(smallNetwork.start(32, 1), smallNetwork.start(32, 2));
});

test('shapes that do not fit are refused by name', () => {
  assert.throws(() => smallNetwork.scores(net, ndarray([[1, 2, 3]])), {
    message: 'smallNetwork.scores: x has shape [1, 3], expected [1, 2], one number for each input of net.w1',
  });
  assert.throws(() => smallNetwork.step(net, { ...net, b2: ndarray([1]) }, 0.1), {
    message: 'smallNetwork.step: gradient.b2 has shape [1], expected [2], one number for each output',
  });
});
