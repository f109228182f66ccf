/** A table of coloured cells, with their numbers where they are large enough, and frames around those looked at. */
import type { Colouring } from './colours';
import { h, set, svg } from './dom';
import { shortNumber } from './numbers';

export interface Cells {
  readonly rows: number;
  readonly columns: number;
  /** The number of a cell; undefined in the padding, which has no colour and stands for 0. */
  readonly valueAt: (row: number, column: number) => number | undefined;
  readonly colour: Colouring;
  /** Of a cell, in pixels. */
  readonly side: number;
  /** Default true: where cells are large enough. */
  readonly written?: boolean;
}

/** A rectangle of cells; it may reach beyond the table. */
export interface Block {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
  readonly kind: 'mark' | 'tap' | 'fault' | 'unread';
}

/** Below this, numbers in cells cannot be read. */
const LEAST_FONT = 8.5;
/** Smaller cells, and more of them, have no lines between them: they would hide the picture. */
const LEAST_RULED = 15;
const MOST_RULED = 300;

export class CellGrid {
  readonly element: HTMLElement;
  /** Colours alone, a pixel for each cell: drawn in no time, however many there are. */
  readonly #canvas = h('canvas', { 'aria-hidden': 'true' });
  readonly #drawing = svg('svg', { 'aria-hidden': 'true' });
  readonly #numbers = svg('g');
  readonly #lines = svg('path', { class: 'lines' });
  readonly #blocks = svg('g');
  #side = 1;

  /** @param onPick called with the cell that the pointer is pressed on or dragged to */
  constructor(onPick?: (row: number, column: number) => void) {
    this.#drawing.append(this.#numbers, this.#lines, this.#blocks);
    this.element = h('div', { class: 'cells' }, this.#canvas, this.#drawing);
    if (onPick) this.#followPointer(onPick);
  }

  draw(cells: Cells): void {
    const { rows, columns, side } = cells;
    this.#side = side;
    const [width, height] = [columns * side, rows * side];
    set(this.element, { style: `width: ${width}px; height: ${height}px` });
    set(this.#drawing, { width, height, viewBox: `0 0 ${width} ${height}` });
    this.#paint(cells);
    this.#write(cells);
    const isRuled = side >= LEAST_RULED && rows * columns <= MOST_RULED;
    const lines = [`M0 0H${width}V${height}H0Z`];
    for (let i = 1; isRuled && i < rows; i++) lines.push(`M0 ${i * side}H${width}`);
    for (let j = 1; isRuled && j < columns; j++) lines.push(`M${j * side} 0V${height}`);
    set(this.#lines, { d: lines.join('') });
  }

  #paint({ rows, columns, valueAt, colour }: Cells): void {
    set(this.#canvas, { width: columns, height: rows });
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    const image = context.createImageData(columns, rows);
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, at += 4) {
        const value = valueAt(i, j);
        if (value === undefined) continue; // transparent
        image.data.set(colour(value).rgb, at);
        image.data[at + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
  }

  /** The numbers, where all of them can be read. */
  #write({ rows, columns, valueAt, colour, side, written = true }: Cells): void {
    this.#numbers.replaceChildren();
    if (!written || side < LEAST_RULED || rows * columns > MOST_RULED) return;
    const values = Array.from({ length: rows * columns }, (_, at) =>
      valueAt(Math.floor(at / columns), at % columns),
    );
    const texts = values.map((value) => shortNumber(value ?? 0));
    const longest = Math.max(...texts.map((text) => text.length));
    const fontSize = Math.min(14, (side - 5) / (0.58 * longest));
    if (fontSize < LEAST_FONT) return;
    set(this.#numbers, { 'font-size': fontSize });
    const parts = texts.map((text, at) => {
      const [x, y] = [((at % columns) + 0.5) * side, (Math.floor(at / columns) + 0.5) * side];
      const value = values[at];
      const look = value === undefined ? 'class="padding"' : `fill="${colour(value).ink}"`;
      return `<text x="${x}" y="${y}" ${look}>${text}</text>`;
    });
    this.#numbers.innerHTML = parts.join('');
  }

  /** Frames and shades cells, instead of those of before. */
  mark(blocks: readonly Block[]): void {
    const side = this.#side;
    const rectangle = ({ row, column, rows, columns }: Block, look: string): SVGRectElement =>
      svg('rect', {
        ...{ x: column * side, y: row * side, width: columns * side, height: rows * side },
        class: look,
      });
    const framed = blocks.filter(({ kind }) => kind !== 'unread');
    this.#blocks.replaceChildren(
      // Below all frames: it would cut those that touch.
      ...framed.map((block) => rectangle(block, 'halo')),
      ...blocks.map((block) => rectangle(block, block.kind)),
    );
  }

  #followPointer(onPick: (row: number, column: number) => void): void {
    const pick = (event: PointerEvent): void => {
      const box = this.element.getBoundingClientRect();
      // The picture may be drawn smaller than it is.
      const scale = this.#drawing.width.baseVal.value / box.width;
      const at = (offset: number): number => Math.floor((offset * scale) / this.#side);
      onPick(at(event.clientY - box.top), at(event.clientX - box.left));
    };
    set(this.element, {
      onpointerdown: (event: PointerEvent) => {
        if (event.button !== 0) return;
        this.element.setPointerCapture(event.pointerId);
        pick(event);
      },
      onpointermove: (event: PointerEvent) => {
        if (this.element.hasPointerCapture(event.pointerId)) pick(event);
      },
    });
    this.element.classList.add('picked');
  }
}

export const CELL_STYLE = `
.cells { position: relative; max-width: 100%; background: var(--soft); }
.cells canvas { display: block; width: 100%; height: 100%; image-rendering: pixelated; }
.cells svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
.cells text {
  font-family: Helvetica, Arial, sans-serif; text-anchor: middle; dominant-baseline: central; pointer-events: none;
}
.cells text.padding { fill: var(--faint); }
.cells .lines { fill: none; stroke: var(--edge); stroke-opacity: 0.5; }
.cells.picked { cursor: pointer; touch-action: none; }
.cells rect { fill: none; }
.cells .halo { stroke: var(--paper); stroke-width: 5; opacity: 0.75; }
.cells .mark { stroke: var(--mark); stroke-width: 3; }
.cells .tap { stroke: var(--mark); stroke-width: 1.5; }
.cells .fault { fill: var(--fault); fill-opacity: 0.12; stroke: var(--fault); stroke-width: 3; stroke-dasharray: 6 4; }
.cells .unread { fill: var(--fault); fill-opacity: 0.32; }
`;
