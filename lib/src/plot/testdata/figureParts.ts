/** The parts of drawn figures that tests examine. */
import { JSDOM } from 'jsdom';
import { PNG } from 'pngjs';
import type { Figure } from '../draw';
import { toPlotly, toSvg } from '../draw';
import { textWidth } from '../text';

export type Trace = Record<string, unknown> & {
  z: (number | null)[][];
  x: unknown[];
  y: unknown[];
  text: string[];
  customdata?: string[];
};
export interface Axis {
  range: [number, number];
  domain: [number, number];
  tickvals?: number[];
  ticktext?: string[];
}
export type Layout = Record<string, unknown> & {
  width: number;
  height: number;
  xaxis: Axis;
  yaxis: Axis;
  shapes: { path: string; line: { color: string } }[];
  annotations: { text: string; x: number; y: number; font: { size: number } }[];
};

export const traces = (figure: Figure): Trace[] => toPlotly(figure).data as unknown as Trace[];
export const layoutOf = (figure: Figure): Layout => toPlotly(figure).layout as unknown as Layout;

/** The numbers written in the cells, by row and column. */
export function written(figure: Figure): Record<string, string> {
  const texts = traces(figure).filter((trace) => trace.mode === 'text');
  return Object.fromEntries(
    texts.flatMap(({ x, y, text }) => text.map((value, i) => [`${String(y[i])},${String(x[i])}`, value])),
  );
}

export const parse = (svg: string): Document =>
  new JSDOM(svg, { contentType: 'image/svg+xml' }).window.document;

/** A line of text in a picture: its box, in pixels of the picture. */
export interface DrawnText {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The texts of a picture, with the room that they take at most. */
export function drawnTexts(figure: Figure): DrawnText[] {
  return [...parse(toSvg(figure)).querySelectorAll('text')].map((element) => {
    const [x, y, size] = ['x', 'y', 'font-size'].map((name) => Number(element.getAttribute(name)));
    const text = element.textContent ?? '';
    const width = textWidth(text, size);
    const left = { start: x, middle: x - width / 2, end: x - width }[
      String(element.getAttribute('text-anchor'))
    ];
    if (left === undefined) throw new Error(`no text-anchor: ${element.outerHTML}`);
    const corners = [onPage(element, left, y - 0.75 * size), onPage(element, left + width, y + 0.2 * size)];
    const [[x1, y1], [x2, y2]] = corners;
    return {
      text,
      left: Math.min(x1, x2),
      right: Math.max(x1, x2),
      top: Math.min(y1, y2),
      bottom: Math.max(y1, y2),
    };
  });
}

/** A point of an element in the picture's coordinates, by the transforms of the element and all that contain it. */
export function onPage(element: Element, x: number, y: number): [number, number] {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const steps = [...(at.getAttribute('transform') ?? '').matchAll(/(\w+)\(([^)]*)\)/g)].reverse();
    for (const [, kind, list] of steps) {
      const [a, b = 0, c = 0] = list.split(/[\s,]+/).map(Number);
      if (kind === 'translate') [x, y] = [x + a, y + b];
      else if (kind === 'rotate') {
        const [sin, cos] = [Math.sin((a * Math.PI) / 180), Math.cos((a * Math.PI) / 180)];
        [x, y] = [b + (x - b) * cos - (y - c) * sin, c + (x - b) * sin + (y - c) * cos];
      } else throw new Error(`unknown transform ${kind}`);
    }
  }
  return [x, y];
}

/** Red, green, blue and opacity of a picture's first image, at the middle of each cell. */
export function cellsOf(figure: Figure, height: number, width: number): number[][][] {
  const source = /href="data:image\/png;base64,([^"]+)"/.exec(toSvg(figure))?.[1] ?? '';
  const image = PNG.sync.read(Buffer.from(source, 'base64'));
  return Array.from({ length: height }, (_, i) =>
    Array.from({ length: width }, (_, j) => {
      const x = Math.floor(((j + 0.5) * image.width) / width);
      const y = Math.floor(((i + 0.5) * image.height) / height);
      return [...image.data.subarray(4 * (y * image.width + x), 4 * (y * image.width + x) + 4)];
    }),
  );
}
