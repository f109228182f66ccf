/**
 * Small networks of random layers with random geometry, and options to train them, from a seed. Every parameter also
 * takes its edge values: 0 and 1 in a formula, a stride larger than the kernel, a window as large as the image.
 */
import { random } from '../../random';
import { planWindows } from '../../shape';
import type { LossName, OptimizerSettings } from '../types';
import type { Batch, Step, TestNetwork } from './networks';
import * as make from './networks';

export interface Trial {
  readonly network: TestNetwork;
  readonly batch: Batch;
  readonly loss: LossName;
  readonly labelSmoothing: number;
  readonly optimizer: OptimizerSettings;
  readonly batchSize: number;
  readonly threads: number;
  /** The edge values used: `leakyRelu.alpha 0`. */
  readonly edges: ReadonlySet<string>;
  /** Why TensorFlow.js' own training cannot serve as a reference, if so. */
  readonly notInTensorFlow: string | undefined;
}

/** The edge values of each parameter, among typical ones. */
export const EDGES = {
  'kernel size': [1],
  'stride beyond the kernel': [true],
  'pool as large as the image': [true],
  'filters': [1],
  'units': [1],
  'classes': [1],
  'images': [1],
  'batch size': [1],
  'last batch smaller': [true],
  'leakyRelu.alpha': [0, 0.2, 1, -0.5, 1.5],
  'clippedRelu.maxValue': [0, 1, 6],
  'activation': ['relu6', 'elu'],
  'normalization.momentum': [0, 0.99, 0.9999, 1],
  'normalization.epsilon': [1e-3, 0.5],
  'dropout.rate': [0],
  'first layers frozen': [1, 2, 3],
  'labelSmoothing': [0, 0.3, 1],
  'momentum': [0, 0.9, 0.999],
  'adam.beta1': [0, 0.9, 0.999],
  // 1 − 2⁻¹⁷: 1 − β₂ is exact in float32, in which TensorFlow.js subtracts; of 0.99999 it would lose 0.3 %.
  'adam.beta2': [0, 0.999, 1 - 2 ** -17],
  'adam.epsilon': [0.1, 1],
} as const; // prettier-ignore

/** The first four are piecewise linear: sums of halves stay exact through them. */
const ACTIVATIONS = ['linear', 'relu', 'relu', 'relu6', 'elu', 'sigmoid', 'tanh', 'linear', 'swish'] as const;

export function randomTrial(seed: number): Trial {
  const generator = random(seed);
  const edges = new Set<string>();
  const from = (lowest: number, highest: number): number => lowest + generator.below(highest - lowest + 1);
  const pick = <T>(values: readonly T[]): T => values[generator.below(values.length)];
  const oneIn = (n: number): boolean => generator.below(n) === 0;
  const two = (lowest: number, highest: number): [number, number] => [
    from(lowest, highest),
    from(lowest, highest),
  ];
  /** Records a value if it is an edge value. */
  const noted = <T>(name: keyof typeof EDGES, value: T): T => {
    if ((EDGES[name] as readonly unknown[]).includes(value)) edges.add(`${name} ${String(value)}`);
    return value;
  };
  const pickEdge = <K extends keyof typeof EDGES>(name: K): (typeof EDGES)[K][number] =>
    noted(name, pick<(typeof EDGES)[K][number]>(EDGES[name]));
  /**
   * Numbers fall exactly on the corners of activations, and windows have equal ones, for the oracles and the engine.
   */
  const coarse = oneIn(3);
  let notInTensorFlow: string | undefined;

  const shape: [number, number, number] = [from(5, 13), from(5, 13), pick([1, 1, 2, 3, 4, 5])];
  let [height, width, channels] = shape;
  const steps: Step[] = [];
  /** Whether windows of this size still fit; if so, the image is smaller by that from now on. */
  const fits = (
    kernel: [number, number],
    o: { strides: [number, number]; padding: 'valid' | 'same'; dilations?: [number, number] },
  ): boolean => {
    const span = [0, 1].map((axis) => (kernel[axis] - 1) * (o.dilations?.[axis] ?? 1) + 1);
    if (o.padding === 'valid' && (span[0] > height || span[1] > width)) return false;
    const { rows, columns } = planWindows('test', [height, width], kernel, o);
    noted('stride beyond the kernel', o.strides[0] > span[0] || o.strides[1] > span[1]);
    [height, width] = [rows.output, columns.output];
    return true;
  };
  const pool = (kind: 'max' | 'average'): void => {
    const image: [number, number] = [height, width];
    const size = oneIn(8) ? image : pick<[number, number]>([[2, 2], [2, 2], [3, 3], two(1, 3)]);
    const strides = pick<[number, number]>([size, size, [2, 2], two(1, 4)]);
    const padding = pick(['valid', 'same'] as const);
    if (!fits(size, { strides, padding })) return;
    noted('pool as large as the image', size[0] === image[0] && size[1] === image[1]);
    steps.push(make.pool(kind, size, strides, padding));
  };
  const activation = (): void => {
    const kind = from(0, coarse ? 1 : 5);
    if (kind === 0) steps.push(make.leakyRelu(pickEdge('leakyRelu.alpha')));
    else if (kind === 1) steps.push(make.clippedRelu(pickEdge('clippedRelu.maxValue')));
    else steps.push(make.activation((['relu', 'tanh', 'sigmoid', 'softmax'] as const)[kind - 2]));
  };
  const named = (): (typeof ACTIVATIONS)[number] =>
    noted('activation', pick(coarse ? ACTIVATIONS.slice(0, 4) : ACTIVATIONS));
  const normalization = (): void => {
    if (coarse) return;
    const epsilon = pickEdge('normalization.epsilon');
    steps.push(make.normalization(epsilon, pickEdge('normalization.momentum')));
  };
  const convolution = (): void => {
    const kernel = pick<[number, number]>([[3, 3], [5, 5], [1, 1], two(1, 4)]);
    const strides: [number, number] = oneIn(3) ? two(1, 4) : [1, 1];
    const dilations: [number, number] = strides[0] * strides[1] === 1 && oneIn(4) ? two(1, 2) : [1, 1];
    const padding = pick(['valid', 'same'] as const);
    if (!fits(kernel, { strides, padding, dilations })) return;
    if (dilations[0] * dilations[1] > 1) notInTensorFlow = 'it has no gradients of dilated convolutions';
    noted('kernel size', kernel[0] * kernel[1]);
    channels = noted('filters', from(1, 13));
    steps.push(
      make.convolution({
        ...{ filters: channels, kernel, strides, padding, dilations },
        ...{ activation: named(), bias: !oneIn(4) },
      }),
    );
  };
  for (let i = from(1, 4); i > 0; i--) {
    convolution();
    if (oneIn(6)) normalization();
    if (oneIn(3)) activation();
    if (oneIn(2)) pool(pick(['max', 'max', 'max', 'average'] as const));
    if (oneIn(4)) steps.push(make.activation('relu'));
    if (oneIn(8)) steps.push(make.dropout(pickEdge('dropout.rate')));
    if (oneIn(5)) {
      const [rows, columns] = [two(0, 2), two(0, 2)];
      steps.push(make.zeroPadding([rows, columns]));
      height += rows[0] + rows[1];
      width += columns[0] + columns[1];
    }
  }
  if (oneIn(4)) {
    // The same numbers in another shape, which is again an image.
    steps.push(make.reshape([width, height, channels]));
    [height, width] = [width, height];
    convolution();
  }
  if (oneIn(4)) {
    const kind = pick(['max', 'average'] as const);
    if (kind === 'max') notInTensorFlow = 'its global maximum gives the gradient to all equals';
    steps.push(make.globalPool(kind));
  } else steps.push(make.flatten());
  if (oneIn(2)) {
    steps.push(make.dense(noted('units', from(1, 21)), named(), !oneIn(4)));
    if (oneIn(4)) activation();
  }
  if (oneIn(6)) normalization();
  const loss = pick(['crossEntropy', 'crossEntropy', 'hinge', 'meanSquaredError'] as const);
  const classes = noted('classes', oneIn(8) ? 1 : from(2, 11));
  // Large logits saturate a softmax in float32, in TensorFlow.js' loss too.
  steps.push(make.dense(classes, coarse ? 'linear' : pick(['linear', 'softmax'] as const)));
  const network = make.network(shape, steps, seed, coarse);
  const batch = make.batch(network, noted('images', pick([1, from(2, 19)])), seed + 1, coarse);
  const count = batch.labels.length;
  const batchSize = noted('batch size', pick([1, from(2, 8), count + 2]));
  noted('last batch smaller', count > batchSize && count % batchSize > 0);
  const trial: Trial = {
    ...{ network, batch, loss, batchSize, edges, notInTensorFlow, threads: from(1, 3) },
    labelSmoothing: loss === 'crossEntropy' ? pickEdge('labelSmoothing') : 0,
    optimizer: pick<() => OptimizerSettings>([
      () => ({ kind: 'sgd' }),
      () => ({ kind: 'momentum', momentum: pickEdge('momentum') }),
      () => ({
        ...{ kind: 'adam', beta1: pickEdge('adam.beta1'), beta2: pickEdge('adam.beta2') },
        // If a gradient is 0 except for rounding errors, a small ε would turn these into whole steps.
        epsilon: pickEdge('adam.epsilon'),
      }),
    ])(),
  };
  if (oneIn(3)) {
    const learning = steps.slice(0, -1).filter(({ layer }) => layer.trainableWeights.length > 0);
    const frozen = learning.slice(0, from(1, 3));
    for (const { layer } of frozen) layer.trainable = false;
    noted('first layers frozen', frozen.length);
  }
  return trial;
}
