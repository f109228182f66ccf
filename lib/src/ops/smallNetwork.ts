/**
 * The small network of notebooks 5 and 6: pixels, one hidden layer with ReLU, ten scores, and softmax cross-entropy as
 * its loss. Notebook 6 builds it piece by piece; here it is ready.
 *
 *   z = x·W₁ + b₁,   a = max(0, z),   s = a·W₂ + b₂,   loss = the mean of −log softmax(s)[label].
 *
 * The gradients are those of {@link denseGrad} and {@link reluGrad}, from the last layer back to the first.
 */
import { anySeed, check, checkLabels, finite, isObject, shown, whole } from '../check';
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import { random, randomNormal } from '../random';
import { relu, reluGrad } from './activations';
import { dense, denseGrad } from './dense';
import { softmaxCrossEntropy } from './losses';
import { checkArray, checkShape } from './operands';
import { sgd } from './optimizers';

/** The weights and biases of both layers, or one gradient for each of their numbers. */
export interface SmallNetwork {
  /** `[in, hidden]` */
  readonly w1: NDArray;
  /** `[hidden]` */
  readonly b1: NDArray;
  /** `[hidden, out]` */
  readonly w2: NDArray;
  /** `[out]` */
  readonly b2: NDArray;
}

const fields = ['w1', 'b1', 'w2', 'b2'] as const;

/**
 * A network for 784 pixels and ten classes before training. Its weights are normal with variance 2/784 in the first
 * layer (He et al. 2015) and 1/hidden in the second, its biases 0.
 *
 * @param hidden how many hidden units
 * @example smallNetwork.start(32, 1).w1.shape // [784, 32]
 */
export function start(hidden: number, seed: number): SmallNetwork {
  check('smallNetwork.start', 'hidden', hidden, whole(1, 10_000));
  check('smallNetwork.start', 'seed', seed, anySeed);
  const generator = random(seed);
  return {
    w1: randomNormal([784, hidden], generator, Math.sqrt(2 / 784)),
    b1: zeros([hidden]),
    w2: randomNormal([hidden, 10], generator, Math.sqrt(1 / hidden)),
    b2: zeros([10]),
  };
}

/**
 * The scores of a batch.
 *
 * @param x `[batch, in]`
 * @returns `[batch, out]`
 * @throws RangeError when shapes do not fit each other
 * @example smallNetwork.scores(smallNetwork.start(32, 1), flatten(imageBatch(test))) // [2000, 10]
 */
export function scores(net: SmallNetwork, x: NDArray): NDArray {
  checkInput('smallNetwork.scores', net, x);
  return forward(net, x).s;
}

/**
 * The loss of a batch, its mean over the images, and the gradient of that for every weight and bias.
 *
 * @param x `[batch, in]`
 * @param labels the true class of each row
 * @throws RangeError when shapes do not fit each other, or a label is not a class
 * @example smallNetwork.gradient(net, flatten(imageBatch(batch)), batch.labels).loss
 */
export function gradient(
  net: SmallNetwork,
  x: NDArray,
  labels: ArrayLike<number>,
): { loss: number; gradient: SmallNetwork } {
  checkInput('smallNetwork.gradient', net, x);
  checkLabels('smallNetwork.gradient', 'labels', labels, net.w2.shape[1], { count: x.shape[0] });
  const { z, a, s } = forward(net, x);
  const { loss, grad } = softmaxCrossEntropy(s, labels);
  const last = denseGrad(a, net.w2, grad);
  const first = denseGrad(x, net.w1, reluGrad(z, last.dx));
  return { loss, gradient: { w1: first.dweights, b1: first.dbias, w2: last.dweights, b2: last.dbias } };
}

/**
 * One step of gradient descent: a new network, each of its numbers moved by −learningRate times its gradient.
 *
 * @throws RangeError when the gradient has other shapes than the network
 * @example smallNetwork.step(net, smallNetwork.gradient(net, x, labels).gradient, 0.1)
 */
export function step(net: SmallNetwork, gradient: SmallNetwork, learningRate: number): SmallNetwork {
  checkNetwork('smallNetwork.step', 'net', net);
  checkNetwork('smallNetwork.step', 'gradient', gradient);
  check('smallNetwork.step', 'learningRate', learningRate, finite({ from: 0 }));
  const moved = (name: (typeof fields)[number]): NDArray => {
    checkShape(
      'smallNetwork.step',
      `gradient.${name}`,
      gradient[name],
      net[name].shape,
      `as net.${name} has`,
    );
    return sgd(net[name], gradient[name], { learningRate });
  };
  return { w1: moved('w1'), b1: moved('b1'), w2: moved('w2'), b2: moved('b2') };
}

function forward({ w1, b1, w2, b2 }: SmallNetwork, x: NDArray): Readonly<Record<'z' | 'a' | 's', NDArray>> {
  const z = dense(x, w1, b1); // [batch, hidden]
  const a = relu(z);
  return { z, a, s: dense(a, w2, b2) };
}

function checkInput(callee: string, net: SmallNetwork, x: NDArray): void {
  checkNetwork(callee, 'net', net);
  checkArray(callee, 'x', x, ['batch', 'in']);
  checkShape(callee, 'x', x, [x.shape[0], net.w1.shape[0]], 'one number for each input of net.w1');
}

/** Throws unless `net` has the arrays of a network, of shapes that fit each other. */
function checkNetwork(callee: string, name: string, net: unknown): asserts net is SmallNetwork {
  if (!isObject(net)) {
    throw new TypeError(`${callee}: ${name} is ${shown(net)}, expected an object { ${fields.join(', ')} }`);
  }
  const [w1, b1, w2, b2] = fields.map((field) => net[field] as NDArray);
  checkArray(callee, `${name}.w1`, w1, ['in', 'hidden']);
  checkArray(callee, `${name}.w2`, w2, ['hidden', 'out']);
  checkShape(callee, `${name}.b1`, b1, [w1.shape[1]], 'one number for each hidden unit');
  checkShape(callee, `${name}.w2`, w2, [w1.shape[1], w2.shape[1]], 'one row for each hidden unit');
  checkShape(callee, `${name}.b2`, b2, [w2.shape[1]], 'one number for each output');
}
