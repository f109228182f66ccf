/** What a layer costs: how many numbers it learns, and how much it computes for one image. */
import { anything, check, checkOptions, flag, shown, whole } from './check';
import type { Check, OptionRules } from './check';
import type { Padding, Pair, WindowOptions } from './shape';
import { planWindows } from './shape';

export interface LayerCost {
  /** Numbers that are learned. */
  readonly parameters: number;
  /** Multiplications with an addition each, for one image; the ones with a padded zero count too. */
  readonly multiplyAdds: number;
}

export interface ConvCostOptions extends WindowOptions {
  /** `[height, width, channels]` of one image. */
  readonly input: readonly [number, number, number];
  readonly kernel: Pair;
  readonly filters: number;
  /** Default true. */
  readonly bias?: boolean;
}

/** [height, width, channels] of an image, whose height and width are checked with the window over it. */
const imageSizes: Check = (callee, name, value) => {
  if (!Array.isArray(value) || value.length !== 3) {
    throw new TypeError(`${callee}: ${name} is ${shown(value)}, expected [height, width, channels]`);
  }
  check(callee, `${name}[2] (channels)`, value[2], whole(1));
};

const convCostRules: OptionRules<ConvCostOptions> = {
  input: imageSizes,
  kernel: anything,
  filters: whole(1),
  stride: anything,
  padding: anything,
  dilation: anything,
  strides: anything,
  dilations: anything,
  bias: flag,
};

/**
 * The cost of a convolution with `filters` kernels: (kh·kw·inChannels + 1)·filters parameters and
 * outHeight·outWidth·filters·kh·kw·inChannels multiply-adds.
 *
 * @example convCost({ input: [28, 28, 1], kernel: 5, filters: 10, padding: 1 }).parameters // 260
 */
export function convCost(
  o: ConvCostOptions,
): LayerCost & { readonly output: readonly [number, number, number] } {
  checkOptions('convCost', o, convCostRules, { required: ['input', 'kernel', 'filters'], open: true });
  const { rows, columns } = planWindows('convCost', [o.input[0], o.input[1]], o.kernel, o);
  const weights = rows.kernel * columns.kernel * o.input[2] * o.filters;
  return {
    output: [rows.output, columns.output, o.filters],
    parameters: weights + (o.bias === false ? 0 : o.filters),
    multiplyAdds: rows.output * columns.output * weights,
  };
}

export interface DenseCostOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Default true. */
  readonly bias?: boolean;
}

const denseCostRules: OptionRules<DenseCostOptions> = { inputs: whole(1), outputs: whole(1), bias: flag };

/**
 * The cost of a dense layer: (inputs + 1)·outputs parameters and inputs·outputs multiply-adds.
 *
 * @example denseCost({ inputs: 32 * 32 * 3, outputs: 1, bias: false }).parameters // 3072
 */
export function denseCost(o: DenseCostOptions): LayerCost {
  checkOptions('denseCost', o, denseCostRules, { required: ['inputs', 'outputs'], open: true });
  const weights = o.inputs * o.outputs;
  return { parameters: weights + (o.bias === false ? 0 : o.outputs), multiplyAdds: weights };
}

export interface PoolCostOptions {
  /** `[height, width, channels]` of one image. */
  readonly input: readonly [number, number, number];
  readonly size: Pair;
  /** Default: the size. */
  readonly stride?: Pair;
  readonly padding?: Padding;
  /** @deprecated The old name of {@link stride}. */
  readonly strides?: Pair;
}

const poolCostRules: OptionRules<PoolCostOptions> = {
  input: imageSizes,
  size: anything,
  stride: anything,
  padding: anything,
  strides: anything,
};

/**
 * The cost of a pooling layer: nothing to learn and nothing to multiply, `reads` numbers to compare or to add.
 *
 * @example poolCost({ input: [26, 26, 10], size: 2 }).output // [13, 13, 10]
 */
export function poolCost(
  o: PoolCostOptions,
): LayerCost & { readonly output: readonly [number, number, number]; readonly reads: number } {
  checkOptions('poolCost', o, poolCostRules, { required: ['input', 'size'], open: true });
  const { rows, columns } = planWindows('poolCost', [o.input[0], o.input[1]], o.size, o, 'size', o.size);
  const positions = rows.output * columns.output * o.input[2];
  return {
    output: [rows.output, columns.output, o.input[2]],
    parameters: 0,
    multiplyAdds: 0,
    reads: positions * rows.kernel * columns.kernel,
  };
}
