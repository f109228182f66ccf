/** The channels of an image as a stack of tables: one in front, the next ones showing behind it. */
import { CellGrid } from './cellGrid';
import type { Block, Cells } from './cellGrid';
import { h } from './dom';

/** How many are seen behind the first, and how far each is moved, in pixels. */
const MOST_BEHIND = 3;
const STEP = 7;

export class ChannelStack {
  readonly element: HTMLElement;
  readonly front: CellGrid;
  readonly #behind: readonly CellGrid[];

  constructor(
    readonly channels: number,
    onPick?: (row: number, column: number) => void,
  ) {
    this.front = new CellGrid(onPick);
    this.#behind = Array.from({ length: Math.min(MOST_BEHIND, channels - 1) }, () => new CellGrid());
    // The farthest first, so that nearer ones cover it.
    const cards = this.#behind.map((grid, i) => ({ grid, depth: i + 1 })).reverse();
    const cardAt = ({ grid, depth }: (typeof cards)[number]): HTMLElement =>
      h(
        'div',
        {
          class: 'behind',
          'aria-hidden': 'true',
          style: `left: ${depth * STEP}px; top: ${(this.#behind.length - depth) * STEP}px`,
        },
        grid.element,
      );
    const room = `padding: ${this.#behind.length * STEP}px ${this.#behind.length * STEP}px 0 0`;
    this.element = h('div', { class: 'stack', style: room }, ...cards.map(cardAt), this.front.element);
  }

  /** @param front the channel in front @param cells of a channel */
  draw(front: number, cells: (channel: number) => Cells): void {
    this.front.draw(cells(front));
    this.#behind.forEach((grid, i) =>
      grid.draw({ ...cells((front + i + 1) % this.channels), written: false }),
    );
  }

  mark(blocks: readonly Block[]): void {
    this.front.mark(blocks);
  }
}

export const STACK_STYLE = `
.stack { position: relative; width: fit-content; max-width: 100%; }
.stack .behind { position: absolute; opacity: 0.5; }
.stack > :last-child { position: relative; box-shadow: 0 0 0 1px var(--paper); }
`;
