/** A table of coloured cells, with their numbers where they are large enough, and frames around those looked at. */
import type { Colouring } from './colours';
import { set, svg } from './dom';
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
/** Below this, lines between cells would hide them. */
const LEAST_RULED = 15;

export class CellGrid {
  readonly element = svg('svg', { class: 'cells' });
  #cells = svg('g');
  #blocks = svg('g');
  #side = 1;

  /** @param onPick called with the cell that the pointer is pressed on or dragged to */
  constructor(onPick?: (row: number, column: number) => void) {
    this.element.append(this.#cells, this.#blocks);
    if (onPick) this.#followPointer(onPick);
  }

  draw({ rows, columns, valueAt, colour, side, written = true }: Cells): void {
    this.#side = side;
    const [width, height] = [columns * side + 2, rows * side + 2];
    set(this.element, { width, height, viewBox: `-1 -1 ${width} ${height}` });
    const texts: string[] = [];
    let longest = 1;
    if (written && side >= 16) {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const text = shortNumber(valueAt(i, j) ?? 0);
          texts.push(text);
          longest = Math.max(longest, text.length);
        }
      }
    }
    const fontSize = Math.min(14, (side - 5) / (0.58 * longest));
    const isWritten = texts.length > 0 && fontSize >= LEAST_FONT;
    const parts: string[] = [];
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const value = valueAt(i, j);
        const { fill, ink } = value === undefined ? { fill: '', ink: '' } : colour(value);
        const [x, y] = [j * side, i * side];
        const look = value === undefined ? 'class="padding"' : `fill="${fill}"`;
        parts.push(`<rect x="${x}" y="${y}" width="${side}" height="${side}" ${look}/>`);
        if (!isWritten) continue;
        const textLook = value === undefined ? 'class="padding"' : `fill="${ink}"`;
        parts.push(
          `<text x="${x + side / 2}" y="${y + side / 2}" ${textLook}>${texts[i * columns + j]}</text>`,
        );
      }
    }
    parts.push(`<rect class="border" width="${columns * side}" height="${rows * side}"/>`);
    set(this.#cells, { 'font-size': fontSize });
    this.element.classList.toggle('ruled', side >= LEAST_RULED);
    this.#cells.innerHTML = parts.join('');
  }

  /** Frames and shades cells, instead of those of before. */
  mark(blocks: readonly Block[]): void {
    const side = this.#side;
    this.#blocks.replaceChildren(
      ...blocks.flatMap(({ row, column, rows, columns, kind }) => {
        const place = {
          x: column * side,
          y: row * side,
          width: columns * side,
          height: rows * side,
        };
        if (kind === 'unread') return [svg('rect', { ...place, class: 'unread' })];
        return [svg('rect', { ...place, class: 'halo' }), svg('rect', { ...place, class: kind })];
      }),
    );
  }

  #followPointer(onPick: (row: number, column: number) => void): void {
    const pick = (event: PointerEvent): void => {
      const box = this.element.getBoundingClientRect();
      // The picture may be drawn smaller than it is.
      const scale = this.element.width.baseVal.value / box.width;
      const at = (offset: number): number => Math.floor((offset * scale - 1) / this.#side);
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
.cells { display: block; max-width: 100%; height: auto; overflow: visible; }
.cells text { font-family: Helvetica, Arial, sans-serif; text-anchor: middle; dominant-baseline: central; pointer-events: none; }
.cells.ruled rect { stroke: var(--rule); }
.cells rect.border { fill: none; stroke: var(--edge); }
.cells rect.padding { fill: var(--soft); }
.cells text.padding { fill: var(--faint); }
.cells.picked { cursor: pointer; touch-action: none; }
.cells rect.halo { fill: none; stroke: var(--paper); stroke-width: 5; opacity: 0.75; }
.cells rect.mark { fill: none; stroke: var(--mark); stroke-width: 3; }
.cells rect.tap { fill: none; stroke: var(--mark); stroke-width: 1.5; }
.cells rect.fault { fill: var(--fault); fill-opacity: 0.12; stroke: var(--fault); stroke-width: 3; stroke-dasharray: 6 4; }
.cells rect.unread { stroke: none; fill: var(--fault); fill-opacity: 0.32; }
`;
