/**
 * How big things become: output sizes, padding rules, receptive fields.
 *
 * A window of k numbers that touches every d-th pixel spans the effective kernel size
 *   e = d·(k − 1) + 1.
 * On an axis of n pixels with `before` and `after` zeros added, moved s pixels at a time, it takes
 *   ⌊(n + before + after − e) / s⌋ + 1 positions
 * (Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285).
 */
import { anything, checkOptions, checkWhole, oneOf, shown, whole } from './check';
import type { OptionRules, OptionsForm } from './check';

/** The same for both axes, or `[height, width]`. */
export type Pair = number | readonly [number, number];

/** Zeros around an image: `'valid'` is none, `'same'` keeps ⌈n/s⌉, a number or `[height, width]` is on each side. */
export type Padding = Pair | 'valid' | 'same' | ExplicitPadding;

/** `[[top, bottom], [left, right]]`. */
export type ExplicitPadding = readonly [readonly [number, number], readonly [number, number]];

/** Padding of one axis: on each side, by rule, or `[before, after]`. */
export type AxisPadding = number | 'valid' | 'same' | readonly [number, number];

/** A window on one axis, all resolved to numbers. Position o begins at pixel o·stride − before. */
export interface WindowAxis {
  readonly input: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Zeros added before (top, left) and after (bottom, right). */
  readonly before: number;
  readonly after: number;
  /** How many positions the window takes. */
  readonly output: number;
}

/** Where a window of an image goes: one {@link WindowAxis} down the rows, one along the columns. */
export interface Windows {
  readonly rows: WindowAxis;
  readonly columns: WindowAxis;
}

/** A convolution or pooling layer, on one axis. */
export interface ChainLayer {
  readonly kernel: number;
  /** Default 1. */
  readonly stride?: number;
  /** Default `'valid'`, no padding. */
  readonly padding?: AxisPadding;
  /** Default 1. */
  readonly dilation?: number;
}

/** The window of a convolution on an image. */
export interface WindowOptions {
  /** Pixels between two positions of the window. Default 1. */
  readonly stride?: Pair;
  /** Zeros around the image. Default `'valid'`, none. */
  readonly padding?: Padding;
  /** Pixels between two numbers of the kernel on the image. Default 1, next to each other. */
  readonly dilation?: Pair;
  /** @deprecated The old name of {@link stride}. */
  readonly strides?: Pair;
  /** @deprecated The old name of {@link dilation}. */
  readonly dilations?: Pair;
}

export interface OutputSizeOptions extends ChainLayer {
  /** What to do when the last step does not fit. Default `'floor'`, as every framework does for convolution. */
  readonly rounding?: 'floor' | 'ceil' | 'exact';
}

/**
 * The number of positions of a window on an axis of `input` pixels: ⌊(input + 2p − k) / s⌋ + 1 for padding p on
 * each side, and ⌈input / s⌉ for `'same'`.
 *
 * `'ceil'` adds the last, incomplete position; it is the plain formula with ⌈ ⌉ (PyTorch's `ceil_mode` drops that
 * position again where it would begin beyond the image). `'exact'` refuses, as CS231n does.
 *
 * @throws RangeError for sizes that are not whole, for a window larger than the padded axis, and under `'exact'`
 *   when the window does not fit a whole number of times
 * @example outputSize(28, { kernel: 5, padding: 1 }) // 26
 */
export function outputSize(input: number, options: OutputSizeOptions): number {
  checkOptions(
    'outputSize',
    options,
    { ...layerRules, rounding: oneOf('floor', 'ceil', 'exact') },
    layerForm,
  );
  const axis = oneAxis('outputSize', '', input, options);
  const { rounding = 'floor' } = options;
  const span = effectiveKernelSize(axis.kernel, axis.dilation);
  const way = axis.input + axis.before + axis.after - span;
  if (rounding === 'exact' && way % axis.stride !== 0) {
    throw new RangeError(
      `outputSize: (${axis.input} + ${axis.before + axis.after} − ${span}) / ${axis.stride} + 1 = ` +
        `${way / axis.stride + 1}, expected a whole number; a window of ${span} at stride ${axis.stride} leaves ` +
        `${way % axis.stride} of ${axis.input + axis.before + axis.after} pixels over`,
    );
  }
  return rounding === 'ceil' && options.padding !== 'same' ? Math.ceil(way / axis.stride) + 1 : axis.output;
}

/**
 * The pixels that a kernel of `kernel` numbers spans when it touches every `dilation`-th: d·(k − 1) + 1.
 *
 * @example effectiveKernelSize(3, 2) // 5
 */
export function effectiveKernelSize(kernel: number, dilation = 1): number {
  checkWhole('effectiveKernelSize', 'kernel', kernel, 1);
  checkWhole('effectiveKernelSize', 'dilation', dilation, 1);
  return dilation * (kernel - 1) + 1;
}

/**
 * The zeros that `padding` means on one axis, `[before, after]`.
 *
 * `'same'` is TensorFlow's rule: ⌈n/s⌉ positions need max(0, (⌈n/s⌉ − 1)·s + e − n) zeros in all, and the odd one
 * goes after the last pixel (bottom, right).
 *
 * @example resolvePadding(28, { kernel: 2, padding: 'same' }) // [0, 1]
 */
export function resolvePadding(input: number, options: ChainLayer): readonly [number, number] {
  checkOptions('resolvePadding', options, layerRules, layerForm);
  const { before, after } = oneAxis('resolvePadding', '', input, options);
  return [before, after];
}

const layerRules: OptionRules<ChainLayer> = {
  kernel: whole(1),
  stride: whole(1),
  padding: anything,
  dilation: whole(1),
};
const layerForm: OptionsForm = { required: ['kernel'], open: true };

export interface ReceptiveField {
  /** Pixels of the input that one unit depends on. */
  readonly size: number;
  /** Pixels of the input between the fields of two neighbouring units. */
  readonly jump: number;
  /** The first pixel of unit 0's field; negative where the field reaches into the padding. */
  readonly start: number;
  /** Units on this axis. */
  readonly output: number;
}

/**
 * What the units after each layer of a chain see of the input, on one axis: unit i after layer l depends on the
 * pixels start + i·jump … start + i·jump + size − 1. With e the effective kernel size,
 *   size ← size + (e − 1)·jump,   start ← start − before·jump,   jump ← jump·stride.
 *
 * @param input pixels of the axis
 * @returns one entry a layer
 * @example receptiveField(28, [{ kernel: 3 }, { kernel: 2, stride: 2 }]).at(-1) // { size: 4, jump: 2, start: 0, output: 13 }
 */
export function receptiveField(input: number, layers: readonly ChainLayer[]): ReceptiveField[] {
  checkWhole('receptiveField', 'input', input, 1);
  if (!Array.isArray(layers)) {
    throw new TypeError(
      `receptiveField: layers is ${shown(layers)}, expected a list of layers such as [{ kernel: 3 }]`,
    );
  }
  let field: ReceptiveField = { size: 1, jump: 1, start: 0, output: input };
  return Array.from(layers as readonly ChainLayer[], (layer, i) => {
    checkOptions('receptiveField', layer, layerRules, {
      ...layerForm,
      name: `layers[${i}]`,
      prefix: `layers[${i}].`,
    });
    const axis = oneAxis('receptiveField', `layer ${i}`, field.output, layer);
    field = {
      size: field.size + (effectiveKernelSize(axis.kernel, axis.dilation) - 1) * field.jump,
      jump: field.jump * axis.stride,
      start: field.start - axis.before * field.jump,
      output: axis.output,
    };
    return field;
  });
}

/**
 * Resolves a window over an image of `[height, width]` pixels. `callee` and `kernelName` are for its errors, which
 * are the errors of the operation that calls it.
 *
 * @param besides the stride where none is given
 */
export function planWindows(
  callee: string,
  image: readonly [number, number],
  kernel: Pair,
  o: WindowOptions,
  kernelName = 'kernel',
  besides: Pair = 1,
): Windows {
  const { padding = 'valid' } = o;
  const sizes = pair(callee, kernelName, kernel, 1);
  const strides = renamedPair(callee, o, 'stride', 'strides', besides);
  const dilations = renamedPair(callee, o, 'dilation', 'dilations', 1);
  const paddings = axisPaddings(callee, padding);
  const plan = (axis: 0 | 1): WindowAxis =>
    windowAxis(callee, axis === 0 ? 'height' : 'width', image[axis], sizes[axis], {
      stride: strides[axis],
      dilation: dilations[axis],
      padding: paddings[axis],
    });
  return { rows: plan(0), columns: plan(1) };
}

/** `[height, width]` of an option that has an old name too. */
function renamedPair(
  callee: string,
  o: WindowOptions,
  name: 'stride' | 'dilation',
  oldName: 'strides' | 'dilations',
  besides: Pair,
): readonly [number, number] {
  const [value, oldValue] = [o[name], o[oldName]];
  if (oldValue === undefined) return pair(callee, name, value === undefined ? besides : value, 1);
  if (value === undefined) return pair(callee, oldName, oldValue, 1);
  throw new TypeError(`${callee}: ${name} and ${oldName} are both given, expected ${name} alone`);
}

/** `[height, width]` of a {@link Pair}, checked. */
function pair(callee: string, name: string, value: Pair, lowest: number): readonly [number, number] {
  if (!Array.isArray(value)) {
    if (typeof value === 'number') {
      checkWhole(callee, name, value, lowest);
      return [value, value];
    }
    throw new TypeError(`${callee}: ${name} is ${shown(value)}, expected a number or [height, width]`);
  }
  if (value.length !== 2) {
    throw new RangeError(`${callee}: ${name} is ${shown(value)}, expected a number or [height, width]`);
  }
  const [height, width] = value as readonly unknown[];
  checkWhole(callee, `${name}[0]`, height, lowest);
  checkWhole(callee, `${name}[1]`, width, lowest);
  return [height, width];
}

/** The padding of the rows and of the columns. */
function axisPaddings(callee: string, padding: Padding): readonly [AxisPadding, AxisPadding] {
  if (padding === 'valid' || padding === 'same') return [padding, padding];
  if (isExplicit(padding)) return padding;
  if (typeof padding === 'number' || Array.isArray(padding)) return pair(callee, 'padding', padding, 0);
  throw new TypeError(
    `${callee}: padding is ${shown(padding)}, expected a number, [height, width], 'valid', 'same' or ` +
      '[[top, bottom], [left, right]]',
  );
}

function isExplicit(padding: Padding): padding is ExplicitPadding {
  return Array.isArray(padding) && padding.length === 2 && padding.some((side) => Array.isArray(side));
}

/** {@link windowAxis} with the defaults of the functions that work on one axis. */
function oneAxis(callee: string, where: string, input: number, layer: ChainLayer): WindowAxis {
  const { kernel, stride = 1, dilation = 1, padding = 'valid' } = layer;
  return windowAxis(callee, where, input, kernel, { stride, dilation, padding });
}

/** Resolves a window on one axis. `where` says in errors which axis or layer it is ('height', 'layer 2', or ''). */
function windowAxis(
  callee: string,
  where: string,
  input: number,
  kernel: number,
  o: { readonly stride: number; readonly dilation: number; readonly padding: AxisPadding },
): WindowAxis {
  checkWhole(callee, label('input', where), input, 1);
  checkWhole(callee, label('kernel', where), kernel, 1);
  checkWhole(callee, label('stride', where), o.stride, 1);
  checkWhole(callee, label('dilation', where), o.dilation, 1);
  const span = o.dilation * (kernel - 1) + 1;
  const [before, after] = paddingOf(callee, where, input, span, o);
  const way = input + before + after - span;
  if (way < 0) {
    const padded = before + after === 0 ? 'the input has' : 'the padded input has';
    throw new RangeError(
      `${callee}: ${label('the window', where)} spans ${span} pixels, ${padded} ${input + before + after}`,
    );
  }
  const output = Math.floor(way / o.stride) + 1;
  return { input, kernel, stride: o.stride, dilation: o.dilation, before, after, output };
}

function paddingOf(
  callee: string,
  where: string,
  input: number,
  span: number,
  o: { readonly stride: number; readonly padding: AxisPadding },
): readonly [number, number] {
  const { padding } = o;
  if (padding === 'valid') return [0, 0];
  if (padding === 'same') {
    const total = Math.max(0, (Math.ceil(input / o.stride) - 1) * o.stride + span - input);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  if (typeof padding === 'number') {
    checkWhole(callee, label('padding', where), padding, 0);
    return [padding, padding];
  }
  if (!Array.isArray(padding) || padding.length !== 2) {
    throw new TypeError(
      `${callee}: ${label('padding', where)} is ${shown(padding)}, expected a number, [before, after], 'valid' or 'same'`,
    );
  }
  const [before, after] = padding as readonly unknown[];
  checkWhole(callee, label('padding before', where), before, 0);
  checkWhole(callee, label('padding after', where), after, 0);
  return [before, after];
}

/** `stride`, or `stride (height)`. */
function label(name: string, where: string): string {
  return where === '' ? name : `${name} (${where})`;
}
