/** The convolution stepper, in the page. What it is made of: `widgets/convolutionStepper.ts`. */
import type { NDArray } from '../../ndarray';
import type { ConvolutionStepperData } from '../convolutionStepper';
import { colouring } from './kit/colours';
import { convolve, resizeKernel } from './kit/convolution';
import type { Convolution } from './kit/convolution';
import { h } from './kit/dom';
import type { WidgetModule } from './kit/host';
import { KERNEL_STYLE, KernelEditor } from './kit/kernelEditor';
import { factor, isRounded, shortNumber } from './kit/numbers';
import { stage } from './kit/stage';
import { Walk, WALK_STYLE } from './kit/walk';
import type { Spot } from './kit/walk';
import { pixelUnder } from './kit/window';

/** As far as the sliders go. */
const MOST = { size: 7, stride: 4, padding: 3, dilation: 3 };
/** The side of a cell in which a number can be typed, in pixels; of a large kernel, and of one up to 4 × 4. */
const LEAST_EDITABLE = [28, 34] as const;

const widget: WidgetModule<ConvolutionStepperData> = {
  render({ model, el }) {
    const image = model.get('x');
    const given = model.get('kernel');
    const bias = model.get('bias');
    const [height, width] = given.shape;
    const [rows, columns] = [Math.max(height, MOST.size), Math.max(width, MOST.size)];
    // All numbers that the kernel has had: made smaller and larger again, it has them back.
    let kept = resizeKernel(given, [rows, columns]);
    /** What is edited: the channel and the filter in front. */
    let front = [0, 0];
    let shown: { readonly kernel: NDArray; readonly result: Convolution } | undefined;

    const editor = new KernelEditor((u, v, value) => {
      kept = { ...kept, data: kept.data.slice() };
      kept.data[offset(kept, u, v, front[0], front[1])] = value;
      walk.update();
    });
    const side = (size: number, cell: number): number => Math.max(cell, LEAST_EDITABLE[size > 4 ? 0 : 1]);
    const walk: Walk = new Walk(stage(el, WALK_STYLE + KERNEL_STYLE + STYLE), {
      title: model.get('title'),
      image,
      geometry: {
        image: [image.shape[1], image.shape[2]],
        size: [height, width],
        stride: model.get('stride'),
        padding: model.get('padding'),
        dilation: model.get('dilation'),
      },
      sliders: [
        { of: 'size', label: 'kernel size k', most: MOST.size },
        { of: 'stride', label: 'stride s', most: MOST.stride },
        { of: 'padding', label: 'padding p', most: MOST.padding },
        { of: 'dilation', label: 'dilation d', most: MOST.dilation },
      ],
      outChannels: given.shape[3],
      channelwise: false,
      signs: ['∗', '='],
      middle: {
        element: editor.element,
        width: ({ size }, cell) => size[1] * (side(size[1], cell) + 1),
        draw({ size }, cell, channel, filter) {
          front = [channel, filter];
          const table = Array.from({ length: size[0] }, (_, u) =>
            Array.from({ length: size[1] }, (_, v) => kept.data[offset(kept, u, v, channel, filter)]),
          );
          editor.draw(table, colouring(kept.data, 'diverging'), side(size[1], cell), 'kernel');
          return `${size[0]} × ${size[1]}`;
        },
      },
      compute(geometry, windows) {
        const kernel = resizeKernel(kept, geometry.size);
        const result = convolve(image, kernel, bias, windows);
        shown = { kernel, result };
        return result.y;
      },
      explain: (spot) => (shown ? explain(spot, shown.kernel, shown.result, bias) : []),
      reset: () => (kept = resizeKernel(given, [rows, columns])),
    });
  },
};

export default widget;

/** The products of a spot, as many in a line as the kernel has columns, and what they add up to. */
function explain(
  { windows, i, j, channel, outChannel }: Spot,
  kernel: NDArray,
  { y, byChannel, pixels }: Convolution,
  bias: NDArray | undefined,
): readonly Node[] {
  const [height, width, channels, filters] = kernel.shape;
  const place = i * windows.columns.output + j;
  let rounded = false;
  const number = (value: number): number => {
    rounded ||= isRounded(value);
    return value;
  };
  const terms: HTMLElement[] = [];
  for (let u = 0; u < height; u++) {
    for (let v = 0; v < width; v++) {
      const pixel = number(
        pixels.data[place * height * width * channels + (u * width + v) * channels + channel],
      );
      const weight = number(kernel.data[offset(kernel, u, v, channel, outChannel)]);
      const { isInside } = pixelUnder(windows, [i, j], [u, v]);
      const look = !isInside ? 'term padding' : pixel * weight === 0 ? 'term zero' : 'term';
      const text = `${shortNumber(pixel)}\u00a0× ${factor(weight)}`;
      terms.push(
        h('span', { class: 'plus' }, u + v > 0 ? '+' : ''),
        h('span', { class: look, title: isInside ? undefined : 'padding' }, text),
      );
    }
  }
  const sums = byChannel.map((map) => number(map.data[place * filters + outChannel]));
  const added = bias ? number(bias.data[outChannel]) : undefined;
  const value = number(y.data[place * filters + outChannel]);
  const equals = rounded ? '≈' : '=';
  const total = h('b', { 'data-value': value }, shortNumber(value, 4));
  const spot = filters > 1 ? `${i}, ${j}, ${outChannel}` : `${i}, ${j}`;
  const name = `y[${spot}]`;
  const grid = h(
    'div',
    {
      class: width > 4 ? 'terms many' : 'terms',
      style: `grid-template-columns: repeat(${width}, auto auto)`,
    },
    ...terms,
  );
  const bare = channels === 1 && added === undefined;
  const parts = [
    ...(channels > 1 ? sums.map((sum) => factor(sum)) : [factor(sums[0])]),
    ...(added === undefined ? [] : [`${factor(added)}`]),
  ].join(' + ');
  if (bare) {
    return [h('div', { class: 'line' }, h('span', {}, `${name} =`), grid, h('span', {}, equals, ' ', total))];
  }
  return [
    h(
      'div',
      { class: 'line' },
      h('span', {}, channels > 1 ? `channel ${channel}:` : 'products:'),
      grid,
      h('span', {}, `${equals} ${shortNumber(sums[channel], 4)}`),
    ),
    h(
      'p',
      { class: 'all' },
      `${name} = ${parts} ${equals} `,
      total,
      h('span', { class: 'caption' }, wordsFor(channels, added !== undefined)),
    ),
  ];
}

function wordsFor(channels: number, hasBias: boolean): string {
  const what = [channels > 1 ? 'the channels’ sums' : 'the sum', ...(hasBias ? ['the bias'] : [])];
  return `   (${what.join(' and ')})`;
}

function offset(kernel: NDArray, u: number, v: number, channel: number, filter: number): number {
  const [, columns, channels, filters] = kernel.shape;
  return ((u * columns + v) * channels + channel) * filters + filter;
}

const STYLE = `
.all { margin-top: 8px; }
`;
