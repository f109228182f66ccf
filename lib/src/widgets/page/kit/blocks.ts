/** What is marked in the tables of a walk: a window, the numbers it reads, what no window reads. */
import type { Windows } from '../../../shape';
import { effectiveKernelSize } from '../../../shape';
import type { Block } from './cellGrid';
import { reach } from './window';

export function cell(row: number, column: number, kind: Block['kind']): Block {
  return { row, column, rows: 1, columns: 1, kind };
}

/** The window at a place, in cells of the padded input; with a dilation, the cells that it reads as well. */
export function windowAt({ rows, columns }: Windows, i: number, j: number): Block[] {
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
export function unread({ rows, columns }: Windows): Block[] {
  const [height, width] = [rows, columns].map(({ input, before, after }) => input + before + after);
  const [bottom, right] = [rows, columns].map(reach);
  const below: Block = { row: bottom, column: 0, rows: height - bottom, columns: width, kind: 'unread' };
  const beside: Block = { row: 0, column: right, rows: bottom, columns: width - right, kind: 'unread' };
  return [below, beside].filter(({ rows, columns }) => rows > 0 && columns > 0);
}
