/** Draw a digit, in the page. What it is made of: `widgets/drawDigit.ts`. */
import type { NDArray } from '../../ndarray';
import type { PlainNetwork } from '../../plainNetwork';
import { inverse, warpImage } from '../../warp';
import type { DrawDigitData } from '../drawDigit';
import type { LayerResult } from '../forward';
import { forward } from '../forward';
import { mnistForm } from '../mnistForm';
import { unpackNetwork } from '../packedNetwork';
import { sizesText } from '../volumes';
import { colouring } from './kit/colours';
import { slider } from './kit/controls';
import { h, set } from './kit/dom';
import type { WidgetModule } from './kit/host';
import { Pixels, PIXELS_STYLE } from './kit/pixels';
import { Sheet, SHEET_STYLE } from './kit/sheet';
import { stage } from './kit/stage';

/** As far as the sliders go: degrees and pixels, each way. */
const MOST = { rotate: 90, shift: 10 };
/** In pixels. */
const SEEN = 140;
const MAP = 42;

const widget: WidgetModule<DrawDigitData> = {
  render({ model, el }) {
    const network = unpackNetwork(model.get('network'));
    const example = model.get('example');
    const root = stage(el, SHEET_STYLE + PIXELS_STYLE + STYLE);
    const seen = new Pixels(28, 28, SEEN);
    set(seen.element, { role: 'img' });
    const bars = new Bars(network.layers[network.layers.length - 1].outputShape[0]);
    const maps = new Maps(network);
    const spoken = h('p', { class: 'spoken', 'aria-live': 'polite' });
    const clock = h('span', { class: 'caption' });
    const source = h('span', { class: 'caption' });

    const grey = colouring([1]);
    let frame = 0;
    const compute = (unfinished: boolean): void => {
      const form = sheet.isEmpty ? example : mnistForm(sheet.ink());
      const image = moved(form, rotate.value, [down.value, right.value]);
      const start = performance.now();
      const results = forward(network, image);
      const milliseconds = performance.now() - start;
      const y = results[results.length - 1].y;
      seen.draw(image, 0, grey);
      maps.draw(results);
      const said = bars.draw(y.data);
      clock.textContent = sheet.isEmpty ? '' : `computed in this page in ${milliseconds.toFixed(1)} ms`;
      set(seen.element, { 'aria-label': `The 28 × 28 pixels that the network sees. ${said}` });
      if (!unfinished) spoken.textContent = said;
    };
    const sheet = new Sheet((unfinished) => {
      source.textContent = sheet.isEmpty
        ? 'an example'
        : 'your digit, scaled to 20 × 20, its centre of mass in the middle';
      for (const button of [undo, clear]) button.disabled = sheet.isEmpty;
      // While one draws, once for each picture that the screen shows.
      cancelAnimationFrame(frame);
      if (unfinished) frame = requestAnimationFrame(() => compute(true));
      else compute(false);
    });
    const onMove = (): void => compute(false);
    const signed = (unit: string) => (value: number) => `${value < 0 ? '−' : ''}${Math.abs(value)}${unit}`;
    const rotate = slider(
      'turned',
      { least: -MOST.rotate, most: MOST.rotate, value: 0 },
      onMove,
      signed('°'),
    );
    const shifts = { least: -MOST.shift, most: MOST.shift, value: 0 };
    const right = slider('moved right', shifts, onMove, signed(' px'));
    const down = slider('moved down', shifts, onMove, signed(' px'));
    const undo = h('button', { type: 'button', onclick: () => sheet.undo() }, 'Undo');
    const clear = h('button', { type: 'button', onclick: () => sheet.clear() }, 'Clear');
    const toZero = (): void => {
      for (const one of [rotate, right, down]) one.value = 0;
      compute(false);
    };
    const reset = h('button', { type: 'button', onclick: toZero }, 'Reset');
    root.append(
      h(
        'div',
        { class: 'table' },
        h(
          'section',
          { class: 'drawing' },
          h('h4', {}, 'Your drawing'),
          sheet.element,
          h('div', { class: 'row' }, undo, clear),
          h(
            'p',
            { class: 'caption hint' },
            'Mouse, finger or pen. With keys: arrows move the pen, space lowers and lifts it.',
          ),
        ),
        h(
          'section',
          { class: 'seen' },
          h('h4', {}, 'What the network sees'),
          seen.element,
          source,
          h('div', { class: 'moves' }, rotate.element, right.element, down.element, reset),
        ),
        h('section', { class: 'answer' }, h('h4', {}, 'What it answers'), bars.element, clock),
      ),
      ...maps.elements,
      spoken,
    );
    sheet.clear();
    spoken.textContent = '';
  },
};

export default widget;

/** The image turned about its middle and moved, as `transform` does. */
function moved(image: NDArray, rotate: number, shift: readonly [number, number]): NDArray {
  if (rotate === 0 && shift[0] === 0 && shift[1] === 0) return image;
  const target = new Float32Array(image.data.length);
  const map = inverse({ rotate, shift, scale: 1, shear: 0 });
  warpImage(Float32Array.from(image.data), target, 0, [28, 28, 1], { map });
  return { shape: image.shape, data: Float64Array.from(target) };
}

/** What the network gives for each class, the largest in orange. */
class Bars {
  readonly element: HTMLElement;
  readonly #rows: readonly {
    readonly row: HTMLElement;
    readonly bar: HTMLElement;
    readonly number: HTMLElement;
  }[];

  constructor(classes: number) {
    this.#rows = Array.from({ length: classes }, (_, digit) => {
      const bar = h('div', { class: 'bar' });
      const number = h('td', { class: 'number' });
      const rail = h('td', { class: 'rail' }, bar);
      return { row: h('tr', {}, h('th', { scope: 'row' }, String(digit)), rail, number), bar, number };
    });
    const caption = h('caption', { class: 'spoken' }, 'The network’s output for each digit');
    this.element = h(
      'table',
      { class: 'bars' },
      caption,
      h('tbody', {}, ...this.#rows.map(({ row }) => row)),
    );
  }

  /** @returns the answer in words */
  draw(values: Float64Array): string {
    const best = values.indexOf(Math.max(...values));
    const sum = values.reduce((a, b) => a + b, 0);
    const areProbabilities = values.every((value) => value >= 0) && Math.abs(sum - 1) < 1e-6;
    const size = areProbabilities ? 1 : Math.max(...values.map(Math.abs)) || 1;
    const written = (value: number): string =>
      areProbabilities ? `${(100 * value).toFixed(1)} %` : value.toPrecision(3);
    this.#rows.forEach(({ row, bar, number }, digit) => {
      const value = values[digit];
      row.classList.toggle('best', digit === best);
      bar.style.width = `${Math.max(0, (100 * value) / size)}%`;
      number.textContent = written(value).replace('-', '−');
      set(number, { 'data-value': value });
    });
    return `The network answers ${best}: ${written(values[best])}`;
  }
}

/** The feature maps of each convolution, as the layers on each number alone leave them. */
class Maps {
  readonly elements: readonly HTMLElement[];
  readonly #rows: readonly { readonly at: number; readonly maps: readonly Pixels[] }[];

  constructor({ layers }: PlainNetwork) {
    const places = layers.flatMap(({ does, outputShape }, i) => {
      if (does !== 'convolution' || outputShape[0] * outputShape[1] < 4) return [];
      let at = i;
      while (layers[at + 1]?.does === 'activation' || layers[at + 1]?.does === 'normalization') at++;
      return [{ at, names: layers.slice(i, at + 1).map(({ name }) => name), outputShape }];
    });
    const rows = places.map(({ at, names, outputShape }) => {
      const [height, width, channels] = outputShape;
      const maps = Array.from({ length: channels }, () => new Pixels(height, width, MAP));
      const pictures = h(
        'div',
        { class: 'maps', role: 'img', 'aria-label': `${channels} feature maps` },
        ...maps.map(({ element }) => element),
      );
      const title = h(
        'h4',
        {},
        names.join(', '),
        h('span', { class: 'caption' }, ` feature maps, ${sizesText(outputShape)}`),
      );
      return { at, maps, element: h('section', { class: 'layer' }, title, pictures) };
    });
    this.#rows = rows;
    this.elements = rows.map(({ element }) => element);
  }

  draw(results: readonly LayerResult[]): void {
    for (const { at, maps } of this.#rows) {
      const { y } = results[at];
      const colour = colouring(y.data);
      maps.forEach((pixels, channel) => pixels.draw(y, channel, colour));
    }
  }
}

const STYLE = `
h4 { margin: 0; font-size: 14px; font-weight: 600; }
h4 .caption { font-weight: 400; }
.table { display: grid; grid-template-columns: 280px 200px minmax(220px, 1fr); gap: 16px 32px; align-items: start; }
@container (max-width: 760px) { .table { grid-template-columns: 280px minmax(0, 1fr); } .answer { grid-column: 1 / -1; } }
@container (max-width: 520px) { .table { grid-template-columns: minmax(0, 1fr); } }
section { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; justify-items: start; min-width: 0; }
.seen > .pixels { border-radius: 4px; }
.seen .caption { min-height: 38px; }
.moves { display: grid; gap: 8px; width: 100%; justify-items: start; }
.moves .slider { width: 100%; }
.answer { justify-items: stretch; }
.bars { border-collapse: collapse; width: 100%; }
.bars tr { height: 27px; }
.bars th { width: 22px; text-align: left; font-weight: 600; padding: 0; }
.bars td { padding: 0; }
.bars .rail { background: linear-gradient(var(--soft), var(--soft)) center / 100% 18px no-repeat; }
.bar { height: 18px; background: var(--accent); border-radius: 0 3px 3px 0; }
.bars .number { width: 68px; text-align: right; color: var(--faint); }
.best .bar { background: var(--mark); }
.best th, .best .number { color: var(--mark-text); font-weight: 700; }
.layer { margin-top: 16px; padding-top: 12px; border-top: 1px solid var(--rule); }
.maps { display: flex; flex-wrap: wrap; gap: 4px; }
@media print { .drawing:has(.empty) { display: none; } }
`;
