/** The still picture of a stepper: its tables in a row, as figures. */
import { heatMap, matrix, sideBySide } from '../plot';
import type { Scale } from '../plot';
import { toSvg } from '../plot/draw';
import { windowCells } from '../plot/windowCells';
import type { Rows } from '../rows';
import type { Still } from './host';

interface Table {
  readonly title: string;
  readonly rows: Rows;
  readonly scale?: Scale;
  /** [height, width] of the frame around the first cells. */
  readonly window?: readonly [number, number];
  /** The sign between it and the table before it. */
  readonly sign?: string;
}

/** A larger table is drawn as colours, without its numbers. */
const MOST_WRITTEN = 12;

export function stillRow(name: string, tables: readonly Table[]): Still {
  const sizes = tables.map(({ title, rows }) => `${title} ${rows.length} × ${rows[0].length}`);
  const description = `${name}, to walk through: ${sizes.join(', ')}`;
  const row = sideBySide(
    tables.map(({ rows, scale, window }, i) => {
      const options = { title: sizes[i], scale, highlight: window && windowCells(0, 0, ...window) };
      const isWritten = Math.max(rows.length, rows[0].length) <= MOST_WRITTEN;
      return isWritten ? matrix(rows, options) : heatMap(rows, { ...options, colourBar: false });
    }),
    { description, between: tables.slice(1).map(({ sign = '' }) => sign) },
  );
  return { description, picture: () => toSvg(row) };
}

/** Rows with `padding` cells of this value on each side; NaN draws them empty. */
export function framed(rows: Rows, padding: number, value: number): Rows {
  const width = rows[0].length + 2 * padding;
  const empty = Array.from({ length: padding }, () => Array<number>(width).fill(value));
  const sides = Array<number>(padding).fill(value);
  return [...empty, ...rows.map((row) => [...sides, ...row, ...sides]), ...empty];
}
