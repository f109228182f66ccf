/** The parts of a figure that tests examine. */
import type { Figure } from '../figure';

export type Trace = Record<string, unknown> & {
  z: (number | null)[][];
  x: unknown[];
  y: unknown[];
  text: string[];
};
export interface Axis {
  range: [number, number];
  domain: [number, number];
}
export type Layout = Record<string, unknown> & {
  width: number;
  height: number;
  margin: { l: number; r: number; t: number; b: number };
  xaxis: Axis;
  yaxis: Axis;
  shapes: { path?: string; line: { color: string } }[];
  annotations: { text: string; x: number; y: number; font: { size: number } }[];
};

export const traces = (figure: Figure): Trace[] => figure.data as unknown as Trace[];
export const layoutOf = (figure: Figure): Layout => figure.layout as Layout;

/** The numbers written in the cells, by row and column. */
export function written(figure: Figure): Record<string, string> {
  const texts = traces(figure).filter((trace) => trace.mode === 'text');
  return Object.fromEntries(
    texts.flatMap(({ x, y, text }) => text.map((value, i) => [`${String(y[i])},${String(x[i])}`, value])),
  );
}
