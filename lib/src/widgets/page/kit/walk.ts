/**
 * A window that walks over an image: what the convolution and the pooling stepper share. Two tables, input and output,
 * with the window framed; a player, sliders for the geometry, the formula of the output size, and why a window does
 * not fit.
 */
import type { NDArray } from '../../../ndarray';
import type { Windows } from '../../../shape';
import { effectiveKernelSize } from '../../../shape';
import { cell, unread, windowAt } from './blocks';
import type { Block, Cells } from './cellGrid';
import { ChannelStack } from './channelStack';
import type { Colouring } from './colours';
import { colouring } from './colours';
import { segments } from './controls';
import { h, set } from './dom';
import type { SliderOf } from './geometrySliders';
import { GeometrySliders } from './geometrySliders';
import { shortNumber } from './numbers';
import { player, PLAYER_STYLE } from './player';
import { FORMULA_STYLE, SizeFormula } from './sizeFormula';
import { caption, isStacked, NARROW_SIGN_ROOM, sign, SIGN_ROOM, TABLES_STYLE } from './tables';
import type { Fit, Geometry } from './window';
import { fit, placeByKey, placeNear, placeOf, problemOf } from './window';

/** A place of the window, and what is looked at there. */
export interface Spot {
  readonly windows: Windows;
  /** Row and column of the output. */
  readonly i: number;
  readonly j: number;
  /** The channel of the input and that of the output that are in front. */
  readonly channel: number;
  readonly outChannel: number;
}

export interface WalkOptions {
  readonly title?: string;
  /** `[1, height, width, channels]` */
  readonly image: NDArray;
  readonly geometry: Geometry;
  readonly sliders: readonly SliderOf[];
  readonly outChannels: number;
  /** Whether each channel is worked on alone, so that the output's channel is the input's. */
  readonly channelwise: boolean;
  /** What stands between input and output. */
  readonly middle?: Middle;
  readonly signs: readonly string[];
  /** The output `[1, outHeight, outWidth, outChannels]`, anew after every change. */
  compute(geometry: Geometry, windows: Windows): NDArray;
  /** How the number at a spot came about. */
  explain(spot: Spot): readonly Node[];
  /** A pixel to point out in the window: [row, column] of the image. Default none. */
  pointOut?(spot: Spot): readonly [number, number] | undefined;
  /** Controls of this stepper alone, above the sliders. */
  readonly controls?: readonly HTMLElement[];
  /** Back to how it was. */
  reset(): void;
}

/** A table between input and output. */
export interface Middle {
  readonly element: HTMLElement;
  /** In pixels, with cells of the input of `side` pixels. */
  width(geometry: Geometry, side: number): number;
  /** @returns its caption */
  draw(geometry: Geometry, side: number, channel: number, outChannel: number): string;
}

const WIDEST_CELL = 38;
/** What a caption takes in one line. */
const LEAST_TABLE = 128;

export class Walk {
  readonly #o: WalkOptions;
  #fit: Fit = { windows: undefined, problem: undefined };
  #y: NDArray | undefined;
  #channel = 0;
  #outChannel = 0;
  readonly #imageColour: Colouring;
  readonly #input: ChannelStack;
  readonly #output: ChannelStack;
  readonly #tables = h('div', { class: 'tables' });
  readonly #captions = [0, 1, 2].map(() => h('figcaption', { class: 'caption' }));
  // Can be scrolled where the products of a large kernel are wider than the page.
  readonly #explained = h('div', {
    class: 'explained',
    role: 'group',
    'aria-label': 'How this number is computed',
    tabindex: 0,
  });
  readonly #formula = new SizeFormula();
  readonly #spoken = h('p', { class: 'spoken', 'aria-live': 'polite' });
  readonly #player = player(
    () => this.#show(),
    h('button', { type: 'button', onclick: () => this.#reset() }, 'Reset'),
  );
  readonly #sliders: GeometrySliders;

  constructor(
    readonly root: HTMLElement,
    o: WalkOptions,
  ) {
    this.#o = o;
    this.#imageColour = colouring(o.image.data);
    this.#input = new ChannelStack(o.image.shape[3], (row, column) => {
      if (this.#fit.windows) this.#moveTo(placeNear(this.#fit.windows, row, column));
    });
    this.#output = new ChannelStack(o.outChannels, (row, column) => {
      if (this.#fit.windows) this.#moveTo(placeOf(this.#fit.windows, row, column));
    });
    this.#sliders = new GeometrySliders(o.geometry, o.sliders, () => this.update());
    this.#build();
    this.update();
    // A cell that is folded away has no width until it is opened.
    let width = root.clientWidth;
    new ResizeObserver(() => {
      if (root.clientWidth === width) return;
      width = root.clientWidth;
      this.#draw();
    }).observe(root);
  }

  /** After a change of what `compute` works with. */
  update(): void {
    this.#fit = fit(this.#sliders.geometry);
    try {
      this.#y = this.#fit.windows && this.#o.compute(this.#sliders.geometry, this.#fit.windows);
    } catch (error) {
      // Some operations refuse windows that would fit, such as one that lies in the padding altogether.
      this.#y = undefined;
      this.#fit = { windows: undefined, problem: problemOf(error) };
    }
    const { windows } = this.#fit;
    const places = windows ? windows.rows.output * windows.columns.output : 0;
    if (places !== this.#player.places) this.#player.places = places;
    const isMisfit = this.#fit.problem !== undefined;
    this.#formula.write(this.#sliders.geometry, this.#fit);
    this.root.classList.toggle('misfit', isMisfit);
    this.#sliders.fault = isMisfit;
    this.#draw();
  }

  #build(): void {
    const { title, image, outChannels, channelwise, middle, signs } = this.#o;
    const channels = image.shape[3];
    const pick = (legend: string, count: number, onChange: (chosen: number) => void): Node[] => {
      if (count === 1) return [];
      const choices = Array.from({ length: count }, (_, i) => String(i));
      return [segments(legend, choices, 0, onChange)];
    };
    const input = this.#input.front.element;
    set(input, {
      tabindex: 0,
      role: 'slider',
      'aria-label': 'Window on the input: move it with the arrow keys',
      'aria-valuemin': 0,
      onkeydown: (event: KeyboardEvent) => this.#key(event),
    });
    set(this.#output.front.element, { 'aria-hidden': 'true' });
    const [inputCaption, middleCaption, outputCaption] = this.#captions;
    const onChannel = (channel: number): void => {
      this.#channel = channel;
      if (channelwise) this.#outChannel = channel;
      this.#draw();
    };
    const onFilter = (filter: number): void => {
      this.#outChannel = filter;
      this.#draw();
    };
    this.#tables.append(
      h('figure', {}, inputCaption, this.#input.element, ...pick('channel', channels, onChannel)),
      sign(signs[0]),
      ...(middle ? [h('figure', {}, middleCaption, middle.element), sign(signs[1])] : []),
      h(
        'figure',
        {},
        outputCaption,
        this.#output.element,
        ...(channelwise ? [] : pick('filter', outChannels, onFilter)),
      ),
    );
    this.root.append(
      ...(title ? [h('h3', {}, title)] : []),
      this.#tables,
      this.#explained,
      this.#player.element,
      h(
        'div',
        { class: 'geometry' },
        ...(this.#o.controls ?? []),
        this.#sliders.element,
        ...this.#formula.elements,
      ),
      this.#spoken,
    );
  }

  #reset(): void {
    this.#sliders.reset();
    this.#o.reset();
    this.update();
    this.#player.place = 0;
  }

  /** Everything that does not depend on the window's place, and then what does. */
  #draw(): void {
    const { image, middle, outChannels } = this.#o;
    const { padding } = this.#sliders.geometry;
    const [, height, width, channels] = image.shape;
    const windows = this.#fit.windows;
    const y = this.#y;
    const [side, outSide] = this.#sides();
    const at = ({ shape, data }: NDArray, row: number, column: number, channel: number): number =>
      data[(row * shape[2] + column) * shape[3] + channel];
    const isInside = (row: number, column: number): boolean =>
      row >= 0 && row < height && column >= 0 && column < width;
    this.#input.draw(this.#channel, (channel) => ({
      ...{ rows: height + 2 * padding, columns: width + 2 * padding, colour: this.#imageColour, side },
      valueAt: (row, column) =>
        isInside(row - padding, column - padding)
          ? at(image, row - padding, column - padding, channel)
          : undefined,
    }));
    const [inputCaption, middleCaption, outputCaption] = this.#captions;
    caption(
      inputCaption,
      'input x',
      times(height, width, channels) + (padding > 0 ? ` with padding ${padding}` : ''),
    );
    if (middle) {
      const rest = middle.draw(this.#sliders.geometry, side, this.#channel, this.#outChannel);
      caption(middleCaption, 'kernel', rest);
    }
    const colour = y && colouring(y.data);
    this.#output.draw(this.#outChannel, (channel): Cells => {
      if (!y || !colour)
        return { rows: 1, columns: 1, valueAt: () => undefined, colour: this.#imageColour, side: outSide };
      return {
        ...{ rows: y.shape[1], columns: y.shape[2], colour, side: outSide },
        valueAt: (row, column) => at(y, row, column, channel),
      };
    });
    caption(
      outputCaption,
      'output y',
      windows ? times(windows.rows.output, windows.columns.output, outChannels) : 'none',
    );
    this.#output.element.classList.toggle('none', !windows);
    this.#show();
  }

  /** The sides of a cell of the input and of the output with which all tables fit in, in pixels. */
  #sides(): readonly [input: number, output: number] {
    const { image, middle, signs } = this.#o;
    const { geometry } = this.#sliders;
    const columns = [image.shape[2] + 2 * geometry.padding, this.#fit.windows?.columns.output ?? 1];
    // 34: a border and some room on both sides. Before it is in the page, as wide as a notebook's column.
    const width = (this.root.clientWidth || 700) - 34;
    const middleWidth = (side: number): number => middle?.width(geometry, side) ?? 0;
    const largest = (fits: (side: number) => boolean): number => {
      let side = WIDEST_CELL;
      while (side > 3 && !fits(side)) side--;
      return side;
    };
    // Room for the channels behind.
    const behind = 20;
    const stacked = isStacked(width);
    this.#tables.classList.toggle('stacked', stacked);
    if (!stacked) {
      const room = width - signs.length * SIGN_ROOM - 2 * behind;
      const side = largest((side) => middleWidth(side) + (columns[0] + columns[1]) * side <= room);
      return [side, side];
    }
    const input = largest((side) => columns[0] * side <= width - behind);
    const room = width - signs.length * NARROW_SIGN_ROOM - middleWidth(input) - behind;
    const output = largest((side) => columns[1] * side <= room);
    // Where little is left beside the kernel, the output takes a line of its own.
    const alone = largest((side) => columns[1] * side <= width - behind);
    const isBeside = room >= LEAST_TABLE && 2 * output >= Math.min(input, alone);
    return [input, Math.min(input, isBeside ? output : alone)];
  }

  /** What depends on the window's place. */
  #show(): void {
    const { windows, problem } = this.#fit;
    const y = this.#y;
    const input = this.#input.front.element;
    if (!windows || !y) {
      this.#input.mark([this.#tooLarge()]);
      this.#output.mark([]);
      this.#explained.replaceChildren();
      set(input, { 'aria-valuenow': 0, 'aria-valuemax': 0, 'aria-valuetext': 'no output' });
      return;
    }
    const { place, places } = this.#player;
    const [i, j] = [Math.floor(place / windows.columns.output), place % windows.columns.output];
    const spot = { windows, i, j, channel: this.#channel, outChannel: this.#outChannel };
    const { padding } = this.#sliders.geometry;
    const pixel = this.#o.pointOut?.(spot);
    this.#input.mark([
      ...(problem ? unread(windows) : []),
      ...windowAt(windows, i, j),
      ...(pixel ? [cell(pixel[0] + padding, pixel[1] + padding, 'tap')] : []),
    ]);
    this.#output.mark([cell(i, j, 'mark')]);
    this.#explained.replaceChildren(...this.#o.explain(spot));
    const value = y.data[place * y.shape[3] + this.#outChannel];
    const said = `row ${i}, column ${j}: ${shortNumber(value, 4)}`;
    set(input, { 'aria-valuenow': place, 'aria-valuemax': places - 1, 'aria-valuetext': said });
    if (!this.#player.isPlaying) this.#spoken.textContent = said;
  }

  /** A window without a place: to the edge of the input, and over it where it is too wide, but not over what is beside. */
  #tooLarge(): Block {
    const { image, size, padding, dilation } = this.#sliders.geometry;
    const spans = size.map((one) => effectiveKernelSize(one, dilation));
    const [height, width] = image.map((pixels) => pixels + 2 * padding);
    const [rows, columns] = [Math.min(spans[0], height), Math.min(spans[1], width + 0.3)];
    return { row: 0, column: 0, rows, columns, kind: 'fault' };
  }

  #key(event: KeyboardEvent): void {
    const { windows } = this.#fit;
    const place = windows && placeByKey(windows, this.#player.place, event.key);
    if (place === undefined) return;
    event.preventDefault();
    this.#player.place = place;
  }

  #moveTo(place: number): void {
    if (place !== this.#player.place) this.#player.place = place;
  }
}

function times(height: number, width: number, channels: number): string {
  return `${height} × ${width}${channels > 1 ? ` × ${channels}` : ''}`;
}

export const WALK_STYLE = `${TABLES_STYLE}${PLAYER_STYLE}${FORMULA_STYLE}
.geometry { margin-top: 16px; padding-top: 14px; border-top: 1px solid var(--rule); }
`;
