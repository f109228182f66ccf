/** Small networks of random layers with random geometry, from a seed. */
import { random } from '../../random';
import { planWindows } from '../../shape';
import type { LossName } from '../types';
import type { Batch, Step, TestNetwork } from './networks';
import * as make from './networks';

export interface Trial {
  readonly network: TestNetwork;
  readonly batch: Batch;
  readonly loss: LossName;
  readonly threads: number;
}

const ACTIVATIONS = ['linear', 'linear', 'relu', 'relu', 'sigmoid', 'tanh'] as const;

export function randomTrial(seed: number): Trial {
  const generator = random(seed);
  const from = (lowest: number, highest: number): number => lowest + generator.below(highest - lowest + 1);
  const pick = <T>(values: readonly T[]): T => values[generator.below(values.length)];
  const two = (lowest: number, highest: number): [number, number] => [
    from(lowest, highest),
    from(lowest, highest),
  ];
  const shape: [number, number, number] = [from(5, 13), from(5, 13), pick([1, 1, 2, 3, 4, 5])];
  let [height, width, channels] = shape;
  const steps: Step[] = [];
  /** Whether windows of this size still fit; if so, the image is that much smaller from now on. */
  const fits = (
    kernel: [number, number],
    o: { strides: [number, number]; padding: 'valid' | 'same'; dilations?: [number, number] },
  ): boolean => {
    const span = [0, 1].map((axis) => (kernel[axis] - 1) * (o.dilations?.[axis] ?? 1) + 1);
    if (o.padding === 'valid' && (span[0] > height || span[1] > width)) return false;
    const { rows, columns } = planWindows('test', [height, width], kernel, o);
    [height, width] = [rows.output, columns.output];
    return true;
  };
  const pool = (kind: 'max' | 'average'): void => {
    const size = pick<[number, number]>([[2, 2], [2, 2], [3, 3], two(1, 3)]);
    const strides = pick<[number, number]>([size, size, [2, 2], two(1, 3)]);
    const padding = pick(['valid', 'same'] as const);
    if (fits(size, { strides, padding })) steps.push(make.pool(kind, size, strides, padding));
  };
  const convolution = (): void => {
    const kernel = pick<[number, number]>([[3, 3], [5, 5], two(1, 4)]);
    const strides: [number, number] = generator.below(4) === 0 ? two(1, 3) : [1, 1];
    const dilations: [number, number] =
      strides[0] * strides[1] === 1 && generator.below(4) === 0 ? two(1, 2) : [1, 1];
    const padding = pick(['valid', 'same'] as const);
    if (!fits(kernel, { strides, padding, dilations })) return;
    channels = from(1, 13);
    const activation = pick(ACTIVATIONS);
    const bias = generator.below(4) > 0;
    steps.push(
      make.convolution({ filters: channels, kernel, strides, padding, dilations, activation, bias }),
    );
  };
  for (let i = from(1, 4); i > 0; i--) {
    convolution();
    if (generator.below(6) === 0) steps.push(make.normalization());
    if (generator.below(5) === 0)
      steps.push(make.activation(pick(['relu', 'tanh', 'sigmoid', 'softmax'] as const)));
    if (generator.below(2) === 0) pool(pick(['max', 'max', 'max', 'average'] as const));
    if (generator.below(4) === 0) steps.push(make.activation('relu'));
    if (generator.below(5) === 0) {
      const [rows, columns] = [two(0, 2), two(0, 2)];
      steps.push(make.zeroPadding([rows, columns]));
      height += rows[0] + rows[1];
      width += columns[0] + columns[1];
    }
  }
  if (generator.below(4) === 0) {
    // Another shape of the same numbers, and on as an image.
    steps.push(make.reshape([width, height, channels]));
    [height, width] = [width, height];
    convolution();
  }
  if (generator.below(4) === 0) steps.push(make.globalPool(pick(['max', 'average'] as const)));
  else steps.push(make.flatten());
  if (generator.below(2) === 0)
    steps.push(make.dense(from(1, 21), pick(ACTIVATIONS), generator.below(4) > 0));
  if (generator.below(6) === 0) steps.push(make.normalization());
  const loss = pick(['crossEntropy', 'crossEntropy', 'hinge', 'meanSquaredError'] as const);
  steps.push(make.dense(from(2, 11), pick(['linear', 'softmax'] as const)));
  const network = make.network(shape, steps, seed);
  const batch = make.batch(network, from(3, 19), seed + 1);
  return { network, batch, loss, threads: from(1, 3) };
}
