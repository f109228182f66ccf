/** How a number of a layer came about: the products, the sum, the function, written out with what `ops` computed. */
import type { NDArray } from '../../../ndarray';
import { conv2d } from '../../../ops/conv2d';
import type { PlainActivation, PlainLayer } from '../../../plainNetwork';
import type { LayerResult } from '../../forward';
import { h } from './dom';
import { factor, shortNumber } from './numbers';
import { imageSizes, indices, numberAt, sourceOf, windowsOf } from './place';
import type { Place } from './place';
import { pixelUnder } from './window';

/** Digits after the point: of factors, of sums. */
const DIGITS = { factor: 2, sum: 3 };
/** Of a dense layer's products, the largest are written out. */
const MOST_PRODUCTS = 12;

/** What the explanation of a number needs: the layer, its numbers, and which of them is looked at. */
export interface Looked {
  readonly layer: PlainLayer;
  readonly result: LayerResult;
  readonly place: Place;
  /** The input's channel whose products are written out. */
  readonly inChannel: number;
}

/** @param onChannel called with the input's channel that the reader chooses */
export function explain(looked: Looked, onChannel: (channel: number) => void): Node[] {
  const { layer, result, place } = looked;
  switch (layer.does) {
    case 'convolution':
      return explainConvolution(looked, onChannel);
    case 'dense':
      return explainDense(layer, result, place.channel);
    case 'maxPool':
    case 'averagePool':
      return explainPooling(layer, result, place);
    case 'activation':
      return activated(layer.activation, result, place, `x`);
    case 'normalization': {
      const [mean, variance, gamma, beta] = [layer.mean, layer.variance, layer.gamma, layer.beta].map(
        ({ data }) => data[place.channel],
      );
      const x = numberAt(result.x, place);
      const root = `√(${number(variance)} + ${String(layer.epsilon)})`;
      return [
        line('(x − mean) / √(variance + ε) · γ + β ='),
        line(
          `(${number(x)} − ${factor(mean)}) / ${root} · ${factor(gamma)} + ${factor(beta)} ≈ `,
          value(numberAt(result.y, place)),
        ),
      ];
    }
    case 'zeroPadding':
    case 'nothing': {
      const source = sourceOf(layer, result.x.shape, place);
      const words = source
        ? `the same number as input[${indices(result.x.shape, source)}]: `
        : 'a zero of the padding: ';
      return [line(words, value(numberAt(result.y, place)))];
    }
  }
}

function explainConvolution(
  { layer, result, place, inChannel }: Looked,
  onChannel: (channel: number) => void,
): Node[] {
  if (layer.does !== 'convolution') return [];
  const { kernel, bias } = layer;
  const [height, width, channels, filters] = kernel.shape;
  const pixels = Float64Array.from(pixelsUnder(layer, result.x, place).flat(), (pixel) => pixel ?? 0);
  const weights = kernel.data.filter((_, at) => at % filters === place.channel);
  const ofChannel = (values: Float64Array, channel: number): Float64Array =>
    values.filter((_, at) => at % channels === channel);
  const sums = Array.from({ length: channels }, (_, channel) => {
    const x: NDArray = { shape: [1, height, width, 1], data: ofChannel(pixels, channel) };
    const w: NDArray = { shape: [height, width, 1, 1], data: ofChannel(weights, channel) };
    return conv2d(x, w).data[0];
  });
  const [front, on] = [ofChannel(pixels, inChannel), ofChannel(weights, inChannel)];
  const terms = Array.from(front, (pixel, at) => [
    h('span', { class: 'plus' }, at > 0 ? '+' : ''),
    h(
      'span',
      { class: pixel === 0 ? 'term zero' : 'term' },
      `${shortNumber(pixel, DIGITS.factor)}\u00a0× ${factor(on[at])}`,
    ),
  ]).flat();
  const z = numberAt(result.z, place);
  const chosen = channels > 1 ? `input channel ${inChannel}:` : 'products:';
  const grid = h(
    'div',
    { class: 'terms', style: `grid-template-columns: repeat(${width}, auto auto)` },
    ...terms,
  );
  const all = sums.map((sum, channel) =>
    channels === 1
      ? h('span', {}, number(sum))
      : h(
          'button',
          {
            ...{ type: 'button', class: 'sum', 'aria-pressed': String(channel === inChannel) },
            ...{
              'aria-label': `input channel ${channel}: ${factor(sum)}`,
              onclick: () => onChannel(channel),
            },
          },
          factor(sum),
        ),
  );
  const added = bias ? ` + bias ${factor(bias.data[place.channel])}` : '';
  const what = channels > 1 ? 'all input channels:' : 'sum:';
  return [
    h('div', { class: 'line' }, h('span', {}, chosen), grid, h('span', {}, `≈ ${number(sums[inChannel])}`)),
    h(
      'p',
      { class: 'sums' },
      h('span', { class: 'what' }, what),
      ...between(all),
      `${added} ≈ `,
      value(z, layer.activation === 'linear'),
    ),
    ...afterSum(layer.activation, result, place),
  ];
}

/** The numbers under a window by its places in reading order, for each channel; undefined in the padding. */
function pixelsUnder(layer: PlainLayer, x: NDArray, { row, column }: Place): (number | undefined)[][] {
  const windows = windowsOf(layer, x.shape);
  if (!windows) return [];
  const channels = imageSizes(x.shape)[2];
  return Array.from({ length: windows.rows.kernel * windows.columns.kernel }, (_, at) => {
    const tap = [Math.floor(at / windows.columns.kernel), at % windows.columns.kernel] as const;
    const pixel = pixelUnder(windows, [row, column], tap);
    return Array.from({ length: channels }, (_, channel) =>
      pixel.isInside ? numberAt(x, { ...pixel, channel }) : undefined,
    );
  });
}

function explainPooling(
  layer: PlainLayer & { does: 'maxPool' | 'averagePool' },
  result: LayerResult,
  place: Place,
): Node[] {
  const pixels = pixelsUnder(layer, result.x, place).map((channels) => channels[place.channel]);
  const y = numberAt(result.y, place);
  const isMax = layer.does === 'maxPool';
  if (pixels.length > 64)
    return [line(`${isMax ? 'the largest' : 'the mean'} of ${pixels.length} numbers: `, value(y))];
  let isFirst = true;
  const terms = pixels
    .map((pixel) => {
      const wins = isMax && isFirst && pixel === y;
      if (wins) isFirst = false;
      return [
        h('span', { class: 'plus' }),
        h('span', { class: wins ? 'term winner' : 'term' }, pixel === undefined ? '–' : number(pixel)),
      ];
    })
    .flat();
  const style = `grid-template-columns: repeat(${layer.geometry.size[1]}, auto auto)`;
  return [
    h(
      'div',
      { class: 'line' },
      h('span', {}, isMax ? 'the largest of' : 'the mean of'),
      h('div', { class: 'terms', style }, ...terms),
      h('span', {}, '≈ ', value(y)),
    ),
  ];
}

/** Products of a unit, in the order of its inputs. */
export function productsOf({ shape, data }: NDArray, x: NDArray, unit: number): Float64Array {
  return x.data.map((input, i) => input * data[i * shape[1] + unit]);
}

function explainDense(layer: PlainLayer & { does: 'dense' }, result: LayerResult, unit: number): Node[] {
  const { kernel, bias } = layer;
  const products = productsOf(kernel, result.x, unit);
  const order = Array.from(products.keys()).sort((a, b) => Math.abs(products[b]) - Math.abs(products[a]));
  const largest = order.slice(0, MOST_PRODUCTS).filter((i) => products[i] !== 0);
  const z = result.z.data[unit];
  const b = bias ? bias.data[unit] : 0;
  const rest = largest.reduce((sum, i) => sum - products[i], z - b);
  const others = products.length - largest.length;
  const terms = largest.map((i) =>
    h(
      'div',
      {},
      h('span', { class: 'caption' }, `x[${i}]`),
      h('span', {}, `${number(result.x.data[i])} × ${factor(kernel.data[i * kernel.shape[1] + unit])}`),
      h('span', {}, `= ${number(products[i])}`),
    ),
  );
  const place: Place = { row: 0, column: 0, channel: unit };
  const count = (many: number): string => many.toLocaleString('en-US');
  const unseen = [
    ...(others > 0 ? [`the ${count(others)} others, ${number(rest)}`] : []),
    ...(bias ? [`the bias, ${number(b)}`] : []),
  ];
  return [
    h(
      'p',
      { class: 'what' },
      others > 0 ? `The largest of ${count(products.length)} products:` : 'The products:',
    ),
    h('div', { class: 'products' }, ...terms),
    h(
      'p',
      { class: 'sums' },
      unseen.length > 0 ? `with ${unseen.join(', and ')}: in total ≈ ` : 'in total ≈ ',
      value(z, layer.activation === 'linear'),
    ),
    ...afterSum(layer.activation, result, place),
  ];
}

/** What a layer's own activation makes of its sum z. */
function afterSum(activation: PlainActivation, result: LayerResult, place: Place): Node[] {
  return activation === 'linear' ? [] : activated(activation, { ...result, x: result.z }, place, 'z');
}

const FORMULAS: Readonly<Record<PlainActivation, (x: string) => string>> = {
  linear: (x) => x,
  relu: (x) => `max(0, ${x})`,
  sigmoid: (x) => `1 / (1 + e^(−${x}))`,
  tanh: (x) => `tanh(${x})`,
  softmax: (x) => `e^${x} / Σ e^${x}`,
};

/** @param name of the input, in the formula */
function activated(activation: PlainActivation, { x, y }: LayerResult, place: Place, name: string): Node[] {
  const [input, output] = [numberAt(x, place), numberAt(y, place)];
  const formula = FORMULAS[activation](name);
  if (activation !== 'softmax') {
    const numbers = FORMULAS[activation](factor(input));
    return [line(`${activation}: ${formula} = ${numbers} ≈ `, value(output))];
  }
  const sizes = imageSizes(x.shape);
  const first = place.channel - (place.channel % sizes[2]);
  const sum = x.data.subarray(first, first + sizes[2]).reduce((all, one) => all + Math.exp(one), 0);
  return [line(`softmax: ${formula} = e^${factor(input)} / ${number(sum)} ≈ `, value(output))];
}

function line(...parts: readonly (Node | string)[]): HTMLElement {
  return h('p', { class: 'sums' }, ...parts);
}

/** @param isResult whether it is the number that is looked at, and not one on the way to it */
function value(shown: number, isResult = true): HTMLElement {
  return h(isResult ? 'b' : 'span', { 'data-value': shown }, shortNumber(shown, 4));
}

function number(shown: number): string {
  return shortNumber(shown, DIGITS.sum);
}

function between(parts: readonly Node[]): Node[] {
  return parts.flatMap((part, i) => (i === 0 ? [part] : [h('span', { class: 'plus' }, ' + '), part]));
}

export const EXPLAIN_STYLE = `
.explained .sums { margin-top: 8px; line-height: 1.9; }
.explained .what { color: var(--faint); margin-right: 6px; }
.sum { min-height: 24px; padding: 0 6px; font-size: 13px; }
.sum[aria-pressed='true'], .sum[aria-pressed='true']:hover:not(:disabled) { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
@media print { .sum, .sum[aria-pressed='true'] { min-height: 0; padding: 0; border: 0; background: none; color: var(--ink); } }
.products { display: grid; grid-template-columns: repeat(auto-fill, minmax(250px, 1fr)); gap: 2px 24px; margin-top: 4px; }
.products div { display: grid; grid-template-columns: 56px 1fr 76px; align-items: baseline; }
.term.winner { font-weight: 700; color: var(--mark-text); }
`;
