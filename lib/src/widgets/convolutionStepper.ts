/** A convolution to walk through: the window, the kernel and the map side by side, with the products written out. */
import { anything, checkOptions, text, whole } from '../check';
import type { OptionRules } from '../check';
import type { NDArray } from '../ndarray';
import { conv2d } from '../ops/conv2d';
import type { Rows } from '../rows';
import { rowsOf } from '../rows';
import { effectiveKernelSize } from '../shape';
import { kernelOf, named, oneImage } from './arrays';
import type { Widget } from './host';
import { widget } from './host';
import { framed, stillRow } from './still';

export interface ConvolutionStepperOptions {
  /** `[outChannels]`, added to the sums. Default none. */
  readonly bias?: NDArray;
  /** Pixels between two places of the window. Default 1. */
  readonly stride?: number;
  /** Zeros on each side of the image. Default 0. */
  readonly padding?: number;
  /** Pixels between two numbers of the kernel on the image. Default 1. */
  readonly dilation?: number;
  readonly title?: string;
  /** @deprecated The old name of {@link stride}. */
  readonly strides?: number;
  /** @deprecated The old name of {@link dilation}. */
  readonly dilations?: number;
}

/** What the page gets. */
export interface ConvolutionStepperData {
  /** `[1, height, width, inChannels]` */
  readonly x: NDArray;
  /** `[kernelHeight, kernelWidth, inChannels, outChannels]` */
  readonly kernel: NDArray;
  readonly bias?: NDArray;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  readonly title?: string;
}

const rules: OptionRules<ConvolutionStepperOptions> = {
  bias: anything, // conv2d checks it
  stride: whole(1),
  strides: whole(1),
  padding: whole(0),
  dilation: whole(1),
  dilations: whole(1),
  title: text,
};

/**
 * A convolution of one's own numbers to walk through: the window moves over the image, the products of its place are
 * written out, the kernel's numbers can be changed, and so can kernel size, stride, padding and dilation. All numbers
 * are computed by {@link conv2d}, in the page.
 *
 * @param x rows of numbers, or `[1, height, width, inChannels]`; at most 64 × 64 pixels
 * @param kernel rows of numbers, or `[kernelHeight, kernelWidth, inChannels, outChannels]`
 * @returns an object that shows itself where it is the last expression of a cell
 * @throws TypeError or RangeError for more than one image, and for what `conv2d` refuses
 * @example convolutionStepper([[0, 9, 0], [0, 9, 0], [0, 9, 9]], [[-1, 1]], { padding: 1 })
 */
export function convolutionStepper(
  x: Rows | NDArray,
  kernel: Rows | NDArray,
  o: ConvolutionStepperOptions = {},
): Widget {
  const callee = 'convolutionStepper';
  const image = oneImage(callee, x);
  const filters = kernelOf(callee, kernel);
  checkOptions(callee, o, rules);
  const { bias, title, padding = 0, ...steps } = o;
  const y = named(callee, () => conv2d(image, filters, bias, { ...steps, padding }));
  const stride = o.stride ?? o.strides ?? 1;
  const dilation = o.dilation ?? o.dilations ?? 1;
  const data: ConvolutionStepperData = {
    ...{ x: image, kernel: filters, bias },
    ...{ stride, padding, dilation, title },
  };
  const [height, width, inChannels, outChannels] = filters.shape;
  const span = [effectiveKernelSize(height, dilation), effectiveKernelSize(width, dilation)] as const;
  const firstFilter = { shape: [1, height, width, inChannels * outChannels], data: filters.data };
  return widget(
    'convolutionStepper',
    { ...data },
    stillRow(title ? `Convolution “${title}”` : 'Convolution', [
      { title: 'x', rows: framed(rowsOf(image), padding, 0), window: span },
      { title: 'kernel', rows: rowsOf(firstFilter), scale: 'diverging', sign: '∗' },
      ...(bias ? [{ title: 'bias', rows: [[bias.data[0]]], scale: 'diverging' as const, sign: '+' }] : []),
      { title: 'y', rows: rowsOf(y), window: [1, 1], sign: '=' },
    ]),
  );
}
