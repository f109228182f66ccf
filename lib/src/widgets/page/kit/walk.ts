/**
 * A window that walks over an image: what the convolution and the pooling stepper share. Two tables, input and output,
 * with the window framed; a player, sliders for the geometry, the formula of the output size, and why a window does
 * not fit.
 */
import type { NDArray } from '../../../ndarray';
import type { Windows } from '../../../shape';
import { effectiveKernelSize } from '../../../shape';
import type { Block, Cells } from './cellGrid';
import { CELL_STYLE } from './cellGrid';
import { ChannelStack, STACK_STYLE } from './channelStack';
import type { Colouring } from './colours';
import { colouring } from './colours';
import type { Slider } from './controls';
import { segments, slider } from './controls';
import { h, set } from './dom';
import { shortNumber } from './numbers';
import { player } from './player';
import type { Fit, Geometry } from './window';
import { fit, formula, problemOf, reach } from './window';

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
  /** Which sliders there are, by their labels, and how far they go. */
  readonly sliders: readonly { readonly of: SliderName; readonly label: string; readonly most: number }[];
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

type SliderName = 'size' | 'stride' | 'padding' | 'dilation';

const WIDEST_CELL = 38;
/** What a sign between two tables takes, with the gaps around it, in pixels. */
const SIGN_ROOM = 52;

export class Walk {
  readonly #o: WalkOptions;
  #geometry: Geometry;
  #fit: Fit = { windows: undefined, problem: undefined };
  #y: NDArray | undefined;
  #channel = 0;
  #outChannel = 0;
  readonly #imageColour: Colouring;
  readonly #input: ChannelStack;
  readonly #output: ChannelStack;
  readonly #captions = [0, 1, 2].map(() => h('figcaption', { class: 'caption' }));
  // Can be scrolled where the products of a large kernel are wider than the page.
  readonly #explained = h('div', {
    class: 'explained',
    role: 'group',
    'aria-label': 'How the number came about',
    tabindex: 0,
  });
  readonly #formula = h('div', { class: 'formula' });
  readonly #problem = h('p', { class: 'problem', role: 'status' });
  readonly #spoken = h('p', { class: 'spoken', 'aria-live': 'polite' });
  readonly #player = player(
    () => this.#show(),
    h('button', { type: 'button', onclick: () => this.#reset() }, 'Reset'),
  );
  readonly #sliders: readonly { readonly of: SliderName; readonly slider: Slider }[];

  constructor(
    readonly root: HTMLElement,
    o: WalkOptions,
  ) {
    this.#o = o;
    this.#geometry = o.geometry;
    this.#imageColour = colouring(o.image.data);
    this.#input = new ChannelStack(o.image.shape[3], (row, column) => this.#moveNear(row, column));
    this.#output = new ChannelStack(o.outChannels, (row, column) => this.#moveTo(row, column));
    this.#sliders = o.sliders.map(({ of, label, most }) => {
      const value = valueOf(o.geometry, of);
      const least = of === 'padding' ? 0 : 1;
      const range = { least, most: Math.max(most, value), value };
      return { of, slider: slider(label, range, (to) => this.#change(of, to)) };
    });
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
    this.#fit = fit(this.#geometry);
    try {
      this.#y = this.#fit.windows && this.#o.compute(this.#geometry, this.#fit.windows);
    } catch (error) {
      // Some operations refuse windows that would fit, such as one that lies in the padding altogether.
      this.#y = undefined;
      this.#fit = { windows: undefined, problem: problemOf(error) };
    }
    const { windows } = this.#fit;
    const places = windows ? windows.rows.output * windows.columns.output : 0;
    if (places !== this.#player.places) this.#player.places = places;
    this.#writeFormula();
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
      'aria-label': 'Window on the input: the arrow keys move it',
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
    const sign = (text: string): HTMLElement => h('span', { class: 'sign', 'aria-hidden': 'true' }, text);
    this.root.append(
      ...(title ? [h('h3', {}, title)] : []),
      h(
        'div',
        { class: 'tables' },
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
      ),
      this.#explained,
      this.#player.element,
      h(
        'div',
        { class: 'geometry' },
        ...(this.#o.controls ?? []),
        h('div', { class: 'sliders' }, ...this.#sliders.map(({ slider }) => slider.element)),
        this.#formula,
        this.#problem,
      ),
      this.#spoken,
    );
  }

  #change(of: SliderName, value: number): void {
    this.#geometry = { ...this.#geometry, [of]: of === 'size' ? [value, value] : value };
    this.update();
  }

  #reset(): void {
    this.#geometry = this.#o.geometry;
    for (const { of, slider } of this.#sliders) slider.value = valueOf(this.#geometry, of);
    this.#o.reset();
    this.update();
    this.#player.place = 0;
  }

  /** Everything that does not depend on the window's place, and then what does. */
  #draw(): void {
    const { image, middle, outChannels } = this.#o;
    const { padding } = this.#geometry;
    const [, height, width, channels] = image.shape;
    const windows = this.#fit.windows;
    const y = this.#y;
    const side = this.#side();
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
      times(height, width, channels) + (padding > 0 ? ` + ${padding} around` : ''),
    );
    if (middle) {
      const rest = middle.draw(this.#geometry, side, this.#channel, this.#outChannel);
      caption(middleCaption, 'kernel', rest);
    }
    const colour = y && colouring(y.data);
    this.#output.draw(this.#outChannel, (channel): Cells => {
      if (!y || !colour)
        return { rows: 1, columns: 1, valueAt: () => undefined, colour: this.#imageColour, side };
      return {
        ...{ rows: y.shape[1], columns: y.shape[2], colour, side },
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

  /** The side of a cell with which all tables fit beside each other. */
  #side(): number {
    const { image, middle, signs } = this.#o;
    const columns = image.shape[2] + 2 * this.#geometry.padding + (this.#fit.windows?.columns.output ?? 1);
    // 34: a border and some room on both sides. Before it is in the page, as wide as a notebook's column.
    const width = (this.root.clientWidth || 700) - 34 - signs.length * SIGN_ROOM - 40;
    const beside = (side: number): number =>
      width - (middle?.width(this.#geometry, side) ?? 0) - columns * side;
    let side = WIDEST_CELL;
    while (side > 3 && beside(side) < 0) side--;
    return side;
  }

  /** What depends on the window's place. */
  #show(): void {
    const { windows, problem } = this.#fit;
    const y = this.#y;
    const input = this.#input.front.element;
    if (!windows || !y) {
      const [rows, columns] = this.#geometry.size.map((size) =>
        effectiveKernelSize(size, this.#geometry.dilation),
      );
      this.#input.mark([{ row: 0, column: 0, rows, columns, kind: 'fault' }]);
      this.#output.mark([]);
      this.#explained.replaceChildren();
      set(input, { 'aria-valuenow': 0, 'aria-valuemax': 0, 'aria-valuetext': 'no place' });
      return;
    }
    const { place, places } = this.#player;
    const [i, j] = [Math.floor(place / windows.columns.output), place % windows.columns.output];
    const spot = { windows, i, j, channel: this.#channel, outChannel: this.#outChannel };
    const { padding } = this.#geometry;
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

  #writeFormula(): void {
    const { image, size, dilation } = this.#geometry;
    const { windows, problem } = this.#fit;
    const isSquare = image[0] === image[1] && size[0] === size[1];
    const axes: readonly (0 | 1)[] = isSquare ? [0] : [0, 1];
    const outputs = windows && [windows.rows.output, windows.columns.output];
    const letters = dilation > 1 ? '⌊(M + 2p − d(k − 1) − 1) / s⌋ + 1' : '⌊(M + 2p − k) / s⌋ + 1';
    this.#formula.replaceChildren(
      h('span', { class: 'letters' }, ...inItalics(`N = ${letters}`)),
      ...axes.map((axis) =>
        h(
          'span',
          {},
          isSquare ? '' : axis === 0 ? 'height: ' : 'width: ',
          `= ${formula(this.#geometry, axis)} = `,
          h('b', {}, outputs ? String(outputs[axis]) : 'no place'),
        ),
      ),
    );
    this.#problem.textContent = !problem
      ? ''
      : windows
        ? `Does not fit: ${problem}. Libraries round down and never read them.`
        : `Does not fit: ${problem}. There is no output.`;
    this.root.classList.toggle('misfit', problem !== undefined);
    for (const { slider } of this.#sliders) slider.fault = problem !== undefined;
  }

  #key(event: KeyboardEvent): void {
    const { windows } = this.#fit;
    if (!windows) return;
    const columns = windows.columns.output;
    const { place, places } = this.#player;
    const column = place % columns;
    const targets: Readonly<Record<string, number>> = {
      ArrowLeft: column > 0 ? place - 1 : place,
      ArrowRight: column < columns - 1 ? place + 1 : place,
      ArrowUp: place >= columns ? place - columns : place,
      ArrowDown: place + columns < places ? place + columns : place,
      Home: 0,
      End: places - 1,
    };
    if (!(event.key in targets)) return;
    event.preventDefault();
    this.#player.place = targets[event.key];
  }

  /** Moves the window so that its middle lies nearest to a cell of the padded input. */
  #moveNear(row: number, column: number): void {
    const { windows } = this.#fit;
    if (!windows) return;
    const nearest = (cell: number, axis: Windows['rows']): number => {
      const middle = (effectiveKernelSize(axis.kernel, axis.dilation) - 1) / 2;
      return Math.round((cell - middle) / axis.stride);
    };
    this.#moveTo(nearest(row, windows.rows), nearest(column, windows.columns));
  }

  #moveTo(i: number, j: number): void {
    const { windows } = this.#fit;
    if (!windows) return;
    const within = (at: number, count: number): number => Math.max(0, Math.min(count - 1, at));
    const place = within(i, windows.rows.output) * windows.columns.output + within(j, windows.columns.output);
    if (place !== this.#player.place) this.#player.place = place;
  }
}

function valueOf(geometry: Geometry, of: SliderName): number {
  return of === 'size' ? Math.max(...geometry.size) : geometry[of];
}

function cell(row: number, column: number, kind: Block['kind']): Block {
  return { row, column, rows: 1, columns: 1, kind };
}

/** The window at a place, in cells of the padded input; with a dilation, the cells that it reads as well. */
function windowAt({ rows, columns }: Windows, i: number, j: number): Block[] {
  const [row, column] = [i * rows.stride, j * columns.stride];
  const spans = [rows, columns].map((axis) => effectiveKernelSize(axis.kernel, axis.dilation));
  const whole: Block = { row, column, rows: spans[0], columns: spans[1], kind: 'mark' };
  if (rows.dilation === 1 && columns.dilation === 1) return [whole];
  const taps = Array.from({ length: rows.kernel * columns.kernel }, (_, tap): Block => {
    const [u, v] = [Math.floor(tap / columns.kernel), tap % columns.kernel];
    return cell(row + u * rows.dilation, column + v * columns.dilation, 'tap');
  });
  return [...taps, whole];
}

/** The rows and columns of the padded input that no window reads because the last step does not fit. */
function unread({ rows, columns }: Windows): Block[] {
  const [height, width] = [rows, columns].map(({ input, before, after }) => input + before + after);
  const [bottom, right] = [rows, columns].map(reach);
  const below: Block = { row: bottom, column: 0, rows: height - bottom, columns: width, kind: 'unread' };
  const beside: Block = { row: 0, column: right, rows: bottom, columns: width - right, kind: 'unread' };
  return [below, beside].filter(({ rows, columns }) => rows > 0 && columns > 0);
}

function caption(element: HTMLElement, name: string, rest: string): void {
  element.replaceChildren(h('b', {}, name), `, ${rest}`);
}

/** Letters that stand for numbers. */
function inItalics(text: string): (Node | string)[] {
  return text.split(/([a-zA-Z])/).map((part, i) => (i % 2 === 1 ? h('i', {}, part) : part));
}

function times(height: number, width: number, channels: number): string {
  return `${height} × ${width}${channels > 1 ? ` × ${channels}` : ''}`;
}

export const WALK_STYLE = `${CELL_STYLE}${STACK_STYLE}
figure { margin: 0; }
.tables { display: grid; grid-template-rows: auto 1fr auto; grid-auto-flow: column; justify-content: start; gap: 6px 0; overflow-x: auto; padding: 3px; margin: -3px; }
.tables figure { display: grid; grid-row: 1 / 4; grid-template-rows: subgrid; }
.tables figure > :nth-child(2) { align-self: center; }
.sign { grid-row: 2; align-self: center; width: ${SIGN_ROOM}px; text-align: center; font-size: 22px; color: var(--faint); }
.stack.none { opacity: 0.4; }
.explained { margin: 16px 0; padding: 12px 14px; background: var(--soft); border-radius: 6px; overflow-x: auto; min-height: 46px; }
.explained b { color: var(--mark-text); font-size: 16px; }
.line { display: flex; align-items: center; gap: 8px; width: fit-content; }
.line > span { white-space: nowrap; }
.terms {
  display: grid; gap: 1px 5px; align-items: baseline; white-space: nowrap; padding: 0 8px;
  border: solid var(--edge); border-width: 0 1px; border-radius: 6px;
}
.terms.many { font-size: 12px; gap: 1px 3px; }
.term { text-align: center; }
.plus, .term.zero, .term.padding { color: var(--faint); }
.term.padding { text-decoration: underline dotted; text-underline-offset: 3px; }
.player { display: grid; grid-template-columns: auto 1fr auto; gap: 8px 20px; align-items: center; }
.geometry { margin-top: 16px; padding-top: 14px; border-top: 1px solid var(--rule); }
.formula { display: flex; flex-wrap: wrap; gap: 0 8px; margin-top: 12px; }
.formula .letters { color: var(--faint); }
.problem:not(:empty) { margin-top: 8px; padding: 8px 12px; border-left: 4px solid var(--fault); background: var(--fault-soft); color: var(--fault); border-radius: 0 6px 6px 0; }
.misfit .formula b { color: var(--fault); }
`;
