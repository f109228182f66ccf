/** A layer at work: its input, its kernel and its output as tables, with the number that is looked at framed in each. */
import type { NDArray } from '../../../ndarray';
import type { PlainLayer } from '../../../plainNetwork';
import type { LayerResult } from '../../forward';
import { sizesText } from '../../volumes';
import { windowAt } from './blocks';
import type { Block } from './cellGrid';
import { CellGrid } from './cellGrid';
import { colouring } from './colours';
import { h, set } from './dom';
import { productsOf } from './explain';
import { shortNumber } from './numbers';
import { imageSizes, isList, numberAt, sourceOf, windowsOf } from './place';
import type { Place } from './place';
import { caption, isStacked, NARROW_SIGN_ROOM, sign } from './tables';

/** In pixels: the width of a table, and that of a cell. */
const WIDTHS = { least: 140, most: 286 };
const CELL = 36;
const SIGN_ROOM = 44;

export interface WorkbenchOptions {
  readonly layer?: PlainLayer;
  readonly result: LayerResult;
  /** What there is for all tables beside each other, in pixels. */
  readonly width: number;
  /** The shape that a list had before it was flattened. */
  readonly origin?: readonly number[];
  /** A number was pointed at, for a look (`isPinned` false) or to stay. Undefined: no longer pointed at. */
  onPlace(place: Place | undefined, isPinned: boolean): void;
}

/** Made anew for each layer and image. */
export class Workbench {
  readonly element = h('div', { class: 'tables' });
  readonly #o: WorkbenchOptions;
  readonly #input = new CellGrid();
  readonly #kernel = new CellGrid();
  readonly #output: CellGrid;
  readonly #captions = [0, 1, 2].map(() => h('figcaption', { class: 'caption' }));
  readonly #widest: number;
  #drawn = '';

  constructor(o: WorkbenchOptions) {
    this.#o = o;
    const { layer } = o;
    const stacked = isStacked(o.width);
    this.element.classList.toggle('stacked', stacked);
    // Three tables and two signs, with a pixel around each; or a sign before each table.
    const room = stacked ? o.width - NARROW_SIGN_ROOM : (o.width - 2 * SIGN_ROOM) / 3;
    this.#widest = Math.max(WIDTHS.least, Math.min(WIDTHS.most, Math.floor(room) - 4));
    this.#output = new CellGrid((row, column) => this.#o.onPlace(this.#placeAt(row, column), true));
    this.#followPointer();
    set(this.#output.element, {
      ...{ tabindex: 0, role: 'slider', 'aria-label': 'Number in the output: choose it with the arrow keys' },
      ...{ 'aria-valuemin': 0, 'aria-valuemax': o.result.y.data.length - 1 },
    });
    for (const { element } of [this.#input, this.#kernel]) set(element, { 'aria-hidden': 'true' });
    const [input, kernel, output] = this.#captions;
    const hasKernel = layer?.does === 'convolution' || layer?.does === 'dense';
    this.element.append(
      ...(layer
        ? [h('figure', {}, input, this.#input.element), sign(layer.does === 'convolution' ? '∗' : '→')]
        : []),
      ...(hasKernel
        ? [h('figure', {}, kernel, this.#kernel.element), sign(layer.does === 'convolution' ? '=' : '→')]
        : []),
      h('figure', {}, output, this.#output.element),
    );
  }

  draw(place: Place, inChannel: number): void {
    const { layer, result } = this.#o;
    const list = isList(result.y.shape);
    const key = `${list ? '' : place.channel} ${inChannel}`;
    const isSame = this.#drawn === key;
    this.#drawn = key;
    if (!isSame) this.#drawOutput(place.channel);
    this.#output.mark([this.#blockOf(result.y.shape, place)]);
    const value = numberAt(result.y, place);
    const where = list ? `number ${place.channel}` : `row ${place.row}, column ${place.column}`;
    set(this.#output.element, {
      'aria-valuenow': this.#indexOf(place),
      'aria-valuetext': `${where}: ${shortNumber(value, 4)}`,
    });
    if (layer) this.#drawWork(layer, place, inChannel);
  }

  #drawOutput(channel: number): void {
    const { y } = this.#o.result;
    this.#table(this.#output, y, channel);
    const [height, width, channels] = imageSizes(y.shape);
    const what = isList(y.shape) ? `${channels} numbers` : `channel ${channel}, ${height} × ${width}`;
    caption(this.#captions[2], 'output', what);
  }

  #drawWork(layer: PlainLayer, place: Place, inChannel: number): void {
    const { x } = this.#o.result;
    const [height, width, channels] = imageSizes(x.shape);
    const list = isList(x.shape);
    const windows = windowsOf(layer, x.shape);
    const [top, left] = windows ? [windows.rows.before, windows.columns.before] : [0, 0];
    const frame = windows
      ? { rows: top + windows.rows.after, columns: left + windows.columns.after }
      : undefined;
    const source = sourceOf(layer, x.shape, place);
    const own = source?.channel ?? Math.min(place.channel, channels - 1);
    const from = layer.does === 'convolution' ? inChannel : own;
    this.#table(this.#input, x, from, frame && { ...frame, top, left });
    caption(
      this.#captions[0],
      'input',
      list ? `${channels} numbers` : `channel ${from}, ${height} × ${width}`,
    );
    if (windows) {
      // A layer over the whole image has one place.
      const [i, j] = layer.outputShape.length === 1 ? [0, 0] : [place.row, place.column];
      this.#input.mark(windowAt(windows, i, j));
    } else this.#input.mark(source ? [this.#blockOf(x.shape, source)] : []);
    if (layer.does === 'convolution') {
      const { shape, data } = layer.kernel;
      const [rows, columns, , filters] = shape;
      const slice = data.filter(
        (_, at) => at % filters === place.channel && Math.floor(at / filters) % shape[2] === inChannel,
      );
      this.#table(
        this.#kernel,
        { shape: [1, rows, columns, 1], data: slice },
        0,
        undefined,
        colouring(layer.kernel.data, 'diverging'),
      );
      caption(this.#captions[1], 'kernel', `${rows} × ${columns}`);
    }
    if (layer.does === 'dense') {
      const products = productsOf(layer.kernel, x, place.channel);
      // Where the list was an image before, its products are drawn as that image, its channels beside each other.
      const image = this.#o.origin
        ? unrolled({ shape: [1, ...this.#o.origin], data: products })
        : { shape: [1, products.length], data: products };
      this.#table(this.#kernel, image, 0, undefined, colouring(products, 'diverging'));
      caption(
        this.#captions[1],
        'products',
        this.#o.origin ? `as ${sizesText(this.#o.origin)}` : `${products.length} numbers`,
      );
    }
  }

  /** @param frame the padding that is drawn around */
  #table(
    grid: CellGrid,
    values: NDArray,
    channel: number,
    frame?: { readonly rows: number; readonly columns: number; readonly top: number; readonly left: number },
    colour = colouring(values.data),
  ): void {
    const list = isList(values.shape);
    const [height, width, channels] = imageSizes(values.shape);
    const [rows, columns] = list
      ? listSizes(channels)
      : [height + (frame?.rows ?? 0), width + (frame?.columns ?? 0)];
    const side = this.#side(rows, columns);
    grid.draw({
      ...{ rows, columns, colour, side },
      valueAt: (i, j) => {
        if (list) return values.data[i * columns + j];
        const [row, column] = [i - (frame?.top ?? 0), j - (frame?.left ?? 0)];
        if (row < 0 || row >= height || column < 0 || column >= width) return undefined;
        return numberAt(values, { row, column, channel });
      },
    });
  }

  #blockOf(shape: readonly number[], { row, column, channel }: Place): Block {
    if (!isList(shape)) return { row, column, rows: 1, columns: 1, kind: 'mark' };
    const [, columns] = listSizes(imageSizes(shape)[2]);
    return {
      row: Math.floor(channel / columns),
      column: channel % columns,
      rows: 1,
      columns: 1,
      kind: 'mark',
    };
  }

  /** The number in a cell of the output; undefined beside the table. */
  #placeAt(row: number, column: number): Place | undefined {
    const { shape } = this.#o.result.y;
    const [height, width, channels] = imageSizes(shape);
    if (isList(shape)) {
      const [rows, columns] = listSizes(channels);
      const channel = row * columns + column;
      const isInside = row >= 0 && row < rows && column >= 0 && column < columns && channel < channels;
      return isInside ? { row: 0, column: 0, channel } : undefined;
    }
    const isInside = row >= 0 && row < height && column >= 0 && column < width;
    return isInside ? { row, column, channel: -1 } : undefined;
  }

  #indexOf({ row, column, channel }: Place): number {
    const { shape } = this.#o.result.y;
    return isList(shape) ? channel : row * imageSizes(shape)[1] + column;
  }

  /** The place to which an arrow key leads. */
  afterKey(key: string, place: Place): Place | undefined {
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ...{ ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] },
    };
    if (!(key in steps)) return undefined;
    const { row, column } = this.#blockOf(this.#o.result.y.shape, place);
    const [down, right] = steps[key];
    return this.#placeAt(row + down, column + right) ?? place;
  }

  get output(): HTMLElement {
    return this.#output.element;
  }

  /** What is under the pointer is looked at until it leaves. */
  #followPointer(): void {
    const { element } = this.#output;
    const list = isList(this.#o.result.y.shape);
    set(element, {
      onpointermove: (event: PointerEvent) => {
        if (event.pointerType !== 'mouse' || event.buttons > 0) return;
        const box = element.getBoundingClientRect();
        const [height, width, channels] = imageSizes(this.#o.result.y.shape);
        const [rows, columns] = list ? listSizes(channels) : [height, width];
        this.#o.onPlace(
          this.#placeAt(
            Math.floor(((event.clientY - box.top) * rows) / box.height),
            Math.floor(((event.clientX - box.left) * columns) / box.width),
          ),
          false,
        );
      },
      onpointerleave: () => this.#o.onPlace(undefined, false),
    });
  }

  /** Of a cell. */
  #side(rows: number, columns: number): number {
    return Math.max(3, Math.min(CELL, Math.floor(this.#widest / Math.max(rows, columns))));
  }
}

/** Rows and columns in which a list is drawn. */
function listSizes(length: number): readonly [rows: number, columns: number] {
  // As nearly square as it fills its rows.
  let columns = Math.ceil(Math.sqrt(length));
  while (columns < 2 * Math.sqrt(length) && length % columns > 0) columns++;
  if (length % columns > 0) columns = Math.ceil(Math.sqrt(length));
  return [Math.ceil(length / columns), columns];
}

/** An image of many channels as one picture, in which the channels stand beside and below each other. */
function unrolled({ shape, data }: NDArray): NDArray {
  const [, height, width, channels] = shape;
  const across = Math.ceil(Math.sqrt(channels));
  const down = Math.ceil(channels / across);
  const picture = new Float64Array(down * height * across * width);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const [row, column] = [Math.floor(c / across) * height + i, (c % across) * width + j];
        picture[row * across * width + column] = data[(i * width + j) * channels + c];
      }
    }
  }
  return { shape: [1, down * height, across * width, 1], data: picture };
}

export const WORKBENCH_STYLE = `
.tables { align-items: start; }
.tables .sign { align-self: center; width: ${SIGN_ROOM}px; }
.cells:focus:not(:focus-visible) { outline: none; }
`;
