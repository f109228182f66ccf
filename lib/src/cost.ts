/** What a layer costs: how many numbers it learns, and how much it computes for one image. */
import { checkWhole } from './check';
import type { Padding, Pair } from './shape';
import { planWindows } from './shape';

export interface LayerCost {
  /** Numbers that are learned. */
  readonly parameters: number;
  /** Multiplications with an addition each, for one image; the ones with a padded zero count too. */
  readonly multiplyAdds: number;
}

/**
 * The cost of a convolution with `filters` kernels: (kh·kw·inChannels + 1)·filters parameters and
 * outHeight·outWidth·filters·kh·kw·inChannels multiply-adds.
 *
 * @param o.input `[height, width, channels]` of one image
 * @example convCost({ input: [28, 28, 1], kernel: 5, filters: 10, padding: 1 }).parameters // 260
 */
export function convCost(o: {
  readonly input: readonly [number, number, number];
  readonly kernel: Pair;
  readonly filters: number;
  readonly strides?: Pair;
  readonly padding?: Padding;
  readonly dilations?: Pair;
  /** Default true. */
  readonly bias?: boolean;
}): LayerCost & { readonly output: readonly [number, number, number] } {
  const { rows, columns } = planWindows('convCost', [o.input[0], o.input[1]], o.kernel, o);
  checkWhole('convCost', 'input[2] (channels)', o.input[2], 1);
  checkWhole('convCost', 'filters', o.filters, 1);
  const weights = rows.kernel * columns.kernel * o.input[2] * o.filters;
  return {
    output: [rows.output, columns.output, o.filters],
    parameters: weights + (o.bias === false ? 0 : o.filters),
    multiplyAdds: rows.output * columns.output * weights,
  };
}

/**
 * The cost of a dense layer: (inputs + 1)·outputs parameters and inputs·outputs multiply-adds.
 *
 * @example denseCost({ inputs: 32 * 32 * 3, outputs: 1, bias: false }).parameters // 3072
 */
export function denseCost(o: {
  readonly inputs: number;
  readonly outputs: number;
  /** Default true. */
  readonly bias?: boolean;
}): LayerCost {
  checkWhole('denseCost', 'inputs', o.inputs, 1);
  checkWhole('denseCost', 'outputs', o.outputs, 1);
  const weights = o.inputs * o.outputs;
  return { parameters: weights + (o.bias === false ? 0 : o.outputs), multiplyAdds: weights };
}

/**
 * The cost of a pooling layer: nothing to learn and nothing to multiply, `reads` numbers to compare or to add.
 *
 * @example poolCost({ input: [26, 26, 10], size: 2 }).output // [13, 13, 10]
 */
export function poolCost(o: {
  readonly input: readonly [number, number, number];
  readonly size: Pair;
  /** Default: the size. */
  readonly strides?: Pair;
  readonly padding?: Padding;
}): LayerCost & { readonly output: readonly [number, number, number]; readonly reads: number } {
  const options = { strides: o.strides ?? o.size, padding: o.padding };
  const { rows, columns } = planWindows('poolCost', [o.input[0], o.input[1]], o.size, options, 'size');
  checkWhole('poolCost', 'input[2] (channels)', o.input[2], 1);
  const positions = rows.output * columns.output * o.input[2];
  return {
    output: [rows.output, columns.output, o.input[2]],
    parameters: 0,
    multiplyAdds: 0,
    reads: positions * rows.kernel * columns.kernel,
  };
}
