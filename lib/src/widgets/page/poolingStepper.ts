/** The pooling stepper, in the page. What it is made of: `widgets/poolingStepper.ts`. */
import type { NDArray } from '../../ndarray';
import { im2col } from '../../ops/im2col';
import { avgPool2d, maxPool2d } from '../../ops/pool2d';
import type { PoolingStepperData } from '../poolingStepper';
import { segments } from './kit/controls';
import { h } from './kit/dom';
import type { WidgetModule } from './kit/host';
import { factor, isRounded, shortNumber } from './kit/numbers';
import { stage } from './kit/stage';
import { Walk, WALK_STYLE } from './kit/walk';
import type { Spot } from './kit/walk';
import { pixelUnder } from './kit/window';

/** As far as the sliders go. */
const MOST = { size: 7, stride: 7, padding: 3 };
const KINDS = ['max', 'average'] as const;

interface Pooled {
  readonly y: NDArray;
  /** `[places, size · size · channels]`: the pixels of each window, 0 in the padding. */
  readonly pixels: NDArray;
}

interface Pixel {
  readonly value: number;
  readonly row: number;
  readonly column: number;
  readonly isInside: boolean;
}

const widget: WidgetModule<PoolingStepperData> = {
  render({ model, el }) {
    const image = model.get('x');
    const size = model.get('size');
    let kind = model.get('kind');
    let pooled: Pooled | undefined;
    const chooser = segments('keep the', KINDS, KINDS.indexOf(kind), (chosen) => {
      kind = KINDS[chosen];
      walk.update();
    });
    const walk: Walk = new Walk(stage(el, WALK_STYLE + STYLE), {
      title: model.get('title'),
      image,
      geometry: {
        image: [image.shape[1], image.shape[2]],
        size,
        stride: model.get('stride'),
        padding: model.get('padding'),
        dilation: 1,
      },
      sliders: [
        { of: 'size', label: 'window size k', most: MOST.size },
        { of: 'stride', label: 'stride s', most: MOST.stride },
        { of: 'padding', label: 'padding p', most: MOST.padding },
      ],
      outChannels: image.shape[3],
      channelwise: true,
      signs: ['→'],
      controls: [chooser],
      compute({ size, stride, padding }) {
        const y = (kind === 'max' ? maxPool2d : avgPool2d)(image, { size, stride, padding });
        pooled = { y, pixels: im2col(image, { kernel: size, stride, padding }) };
        return y;
      },
      explain: (spot) => (pooled ? explain(kind, spot, pooled) : []),
      pointOut(spot) {
        if (!pooled || kind === 'average') return undefined;
        const { row, column } = winnerOf(pixelsAt(spot, pooled));
        return [row, column];
      },
      reset: () => undefined,
    });
  },
};

export default widget;

function explain(kind: PoolingStepperData['kind'], spot: Spot, pooled: Pooled): readonly Node[] {
  const { windows, i, j, channel } = spot;
  const { y } = pooled;
  const pixels = pixelsAt(spot, pooled);
  const winner = winnerOf(pixels);
  const terms = pixels.flatMap((pixel, at) => {
    const text = kind === 'max' ? shortNumber(pixel.value) : factor(pixel.value);
    const look = !pixel.isInside ? 'padding' : kind === 'max' && pixel === winner ? 'winner' : '';
    return [
      h('span', { class: 'plus' }, kind === 'average' && at > 0 ? '+' : ''),
      pixel.isInside
        ? h('span', { class: `term ${look}` }, text)
        : h('span', { class: 'term padding', title: 'padding: does not count' }, '–'),
    ];
  });
  const value = y.data[(i * windows.columns.output + j) * y.shape[3] + channel];
  const count = pixels.filter(({ isInside }) => isInside).length;
  const isExact = ![...pixels.map((pixel) => pixel.value), value].some((number) => isRounded(number));
  const name = `y[${y.shape[3] > 1 ? `${i}, ${j}, ${channel}` : `${i}, ${j}`}]`;
  return [
    h(
      'div',
      { class: 'line' },
      h('span', {}, `${name} = ${kind === 'max' ? 'the largest of' : 'the sum of'}`),
      h(
        'div',
        { class: 'terms', style: `grid-template-columns: repeat(${windows.columns.kernel}, auto auto)` },
        ...terms,
      ),
      h(
        'span',
        {},
        `${kind === 'average' ? `/ ${count} ` : ''}${isExact ? '=' : '≈'} `,
        h('b', { 'data-value': value }, shortNumber(value, 4)),
      ),
    ),
  ];
}

/** The pixels of a window, in reading order. */
function pixelsAt({ windows, i, j, channel }: Spot, { y, pixels }: Pooled): Pixel[] {
  const { rows, columns } = windows;
  const channels = y.shape[3];
  const first = (i * columns.output + j) * rows.kernel * columns.kernel * channels;
  return Array.from({ length: rows.kernel * columns.kernel }, (_, at) => ({
    value: pixels.data[first + at * channels + channel],
    ...pixelUnder(windows, [i, j], [Math.floor(at / columns.kernel), at % columns.kernel]),
  }));
}

/** The first of the largest, which is the one that `maxPool2d` takes. */
function winnerOf(pixels: readonly Pixel[]): Pixel {
  return pixels
    .filter(({ isInside }) => isInside)
    .reduce((best, pixel) => (pixel.value > best.value ? pixel : best));
}

const STYLE = `
.geometry > .segments { margin-bottom: 12px; }
.term.winner { font-weight: 700; color: var(--mark-text); }
`;
