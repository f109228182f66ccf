/** A pooling to walk through: the window on the input, and what of it is kept. */
import { checkOptions, oneOf, text, whole } from '../check';
import type { OptionRules } from '../check';
import type { NDArray } from '../ndarray';
import { avgPool2d, maxPool2d } from '../ops/pool2d';
import type { Rows } from '../rows';
import { rowsOf } from '../rows';
import { named, oneImage } from './arrays';
import type { Widget } from './host';
import { widget } from './host';
import { framed, stillRow } from './still';

export interface PoolingStepperOptions {
  /** What is kept of a window. Default `'max'`. */
  readonly kind?: 'max' | 'average';
  /** Height and width of the window. Default 2. */
  readonly size?: number;
  /** Pixels between two places of the window. Default: the size, so that windows lie side by side. */
  readonly stride?: number;
  /** On each side of the image; it has no value and never counts. Default 0. */
  readonly padding?: number;
  readonly title?: string;
  /** @deprecated The old name of {@link stride}. */
  readonly strides?: number;
}

/** What the page gets. */
export interface PoolingStepperData {
  /** `[1, height, width, channels]` */
  readonly x: NDArray;
  readonly kind: 'max' | 'average';
  readonly size: readonly [number, number];
  readonly stride: number;
  readonly padding: number;
  readonly title?: string;
}

const rules: OptionRules<PoolingStepperOptions> = {
  kind: oneOf('max', 'average'),
  size: whole(1),
  stride: whole(1),
  strides: whole(1),
  padding: whole(0),
  title: text,
};

/**
 * A pooling of one's own numbers to walk through: the window moves over the image, and what it keeps is written out;
 * the maximum or the average, size, stride and padding can be changed. All numbers are computed by {@link maxPool2d}
 * and {@link avgPool2d}, in the page.
 *
 * @param x rows of numbers, or `[1, height, width, channels]`; at most 64 × 64 pixels
 * @returns an object that shows itself where it is the last expression of a cell
 * @throws TypeError or RangeError for more than one image, and for what the operation refuses
 * @example poolingStepper([[1, 5, 2, 0], [3, 2, 0, 1]], { kind: 'max' })
 */
export function poolingStepper(x: Rows | NDArray, o: PoolingStepperOptions = {}): Widget {
  const callee = 'poolingStepper';
  const image = oneImage(callee, x);
  checkOptions(callee, o, rules);
  const { kind = 'max', size = 2, padding = 0, title } = o;
  const pool = kind === 'max' ? maxPool2d : avgPool2d;
  const y = named(callee, () => pool(image, { size, stride: o.stride, strides: o.strides, padding }));
  const stride = o.stride ?? o.strides ?? size;
  const data: PoolingStepperData = { x: image, kind, size: [size, size], stride, padding, title };
  return widget(
    'poolingStepper',
    { ...data },
    stillRow(title ? `Pooling “${title}”` : 'Pooling', [
      { title: 'x', rows: framed(rowsOf(image), padding, NaN), window: [size, size] },
      { title: kind === 'max' ? 'y, maximum' : 'y, average', rows: rowsOf(y), window: [1, 1], sign: '→' },
    ]),
  );
}
