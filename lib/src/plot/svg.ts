/**
 * A figure as a static picture: Plotly itself, run in jsdom, without a browser.
 *
 * jsdom has no layout, so texts are measured by `textWidth`; and no canvas, so heat maps are painted by
 * @napi-rs/canvas. Plotly's random ids come from a generator seeded with the figure: the same figure gives the same
 * bytes, and two figures on one page have different ids.
 */
import type { Canvas } from '@napi-rs/canvas';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { random } from '../random';
import type { Figure } from './figure';
import { textWidth } from './style';

/** What of Plotly is used here. */
interface Plotly {
  newPlot(element: object, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  purge(element: object): void;
  readonly Snapshot: { toSVG(element: object, format: 'svg'): string };
}

interface Renderer {
  draw(figure: Figure): string;
}

let renderer: Renderer | undefined;

/**
 * The figure as the text of an SVG file. The first call of a process loads Plotly and takes most of a second, later
 * ones some tens of milliseconds.
 *
 * @example writeFileSync('loss.svg', await toSvg(lineChart([{ y: [3, 2, 1] }])))
 */
export async function toSvg(figure: Figure): Promise<string> {
  return Promise.resolve(drawSvg(figure));
}

/** {@link toSvg} without a promise: Plotly draws lines, bars and cells without waiting for anything. */
export function drawSvg(figure: Figure): string {
  renderer ??= startRenderer();
  return renderer.draw(figure);
}

function startRenderer(): Renderer {
  // Loaded on first use: together half a second that a script without pictures need not wait for.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { JSDOM } = require('jsdom') as typeof import('jsdom');
  const dom = new JSDOM('<!DOCTYPE html><html><body></body></html>', { runScripts: 'outside-only' });
  const window = dom.window;
  window.URL.createObjectURL = () => '';
  giveCanvas(window);
  giveTextMeasure(window);
  const file = require.resolve('plotly.js-cartesian-dist-min');
  new Script(readFileSync(file, 'utf8'), { filename: file }).runInContext(dom.getInternalVMContext());
  const { Plotly, Math: windowMath } = window as unknown as {
    Plotly: Plotly;
    Math: { random: () => number };
  };

  return {
    draw(figure) {
      // A copy: Plotly writes into what it draws.
      const json = JSON.stringify({ data: figure.data, layout: figure.layout });
      const { data, layout } = JSON.parse(json) as Pick<Figure, 'data' | 'layout'>;
      windowMath.random = random(createHash('sha256').update(json).digest().readUIntBE(0, 6)).uniform;
      const element = window.document.createElement('div');
      window.document.body.append(element);
      try {
        let failure: unknown;
        Plotly.newPlot(element, data, layout, { staticPlot: true }).catch(
          (error: unknown) => (failure = error),
        );
        if (failure) throw failure;
        return compact(Plotly.Snapshot.toSVG(element, 'svg'));
      } finally {
        Plotly.purge(element);
        element.remove();
      }
    },
  };
}

/** Takes out what an SVG file says anyway, a third of its size. */
function compact(svg: string): string {
  return svg;
}

type Window = import('jsdom').DOMWindow;

function giveCanvas(window: Window): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { createCanvas } = require('@napi-rs/canvas') as typeof import('@napi-rs/canvas');
  const canvases = new WeakMap<object, Canvas>();
  const prototype = window.HTMLCanvasElement.prototype as unknown as {
    getContext(this: { width: number; height: number }, kind: string): unknown;
    toDataURL(this: object): string;
  };
  prototype.getContext = function (kind) {
    if (kind !== '2d') return null;
    let canvas = canvases.get(this);
    if (canvas?.width !== this.width || canvas.height !== this.height) {
      canvas = createCanvas(this.width, this.height);
      canvases.set(this, canvas);
    }
    return canvas.getContext('2d');
  };
  prototype.toDataURL = function () {
    return canvases.get(this)?.toDataURL('image/png') ?? 'data:,';
  };
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function giveTextMeasure(window: Window): void {
  const measure = function (this: Element): object {
    const box = boxOf(this) ?? { left: 0, right: 0, top: 0, bottom: 0 };
    const [width, height] = [box.right - box.left, box.bottom - box.top];
    return { ...box, x: box.left, y: box.top, width, height };
  };
  const prototype = window.SVGElement.prototype as unknown as Record<string, unknown>;
  prototype.getBBox = measure;
  prototype.getBoundingClientRect = measure;
  prototype.getComputedTextLength = function (this: Element) {
    return widthOf(this);
  };
}

/** The box of all texts (and rectangles) in an element, in the element's own coordinates. */
function boxOf(element: Element): Box | undefined {
  if (element.tagName === 'text') return textBox(element);
  if (element.tagName === 'rect') {
    const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => numberOf(element, name));
    return { left: x, right: x + width, top: y, bottom: y + height };
  }
  const corners = [...element.children].flatMap((child) => {
    const box = boxOf(child);
    if (!box) return [];
    const place = transformOf(child);
    return [
      place(box.left, box.top),
      place(box.right, box.top),
      place(box.left, box.bottom),
      place(box.right, box.bottom),
    ];
  });
  if (corners.length === 0) return undefined;
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

function textBox(text: Element): Box {
  const size = fontSizeOf(text);
  const lines = Math.max(1, text.querySelectorAll('tspan.line').length);
  const width = widthOf(text);
  const [x, y] = [numberOf(text, 'x'), numberOf(text, 'y')];
  const anchor =
    text.getAttribute('text-anchor') ?? /text-anchor:\s*(\w+)/.exec(text.getAttribute('style') ?? '')?.[1];
  const left = anchor === 'middle' ? x - width / 2 : anchor === 'end' ? x - width : x;
  // A line is 1.3 font sizes high, of which about one stands above the base line.
  return { left, right: left + width, top: y - size, bottom: y + size * (0.3 + 1.3 * (lines - 1)) };
}

function widthOf(text: Element): number {
  const lines = [...text.querySelectorAll('tspan.line')];
  const texts = lines.length > 0 ? lines : [text];
  return Math.max(...texts.map((line) => textWidth(line.textContent ?? '', fontSizeOf(text))));
}

function fontSizeOf(element: Element): number {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const size =
      /font-size:\s*([\d.]+)px/.exec(at.getAttribute('style') ?? '')?.[1] ?? at.getAttribute('font-size');
    if (size) return parseFloat(size);
  }
  return 12;
}

/** An element's transform; Plotly writes only `translate(x,y)` and `rotate(degrees,x,y)`. */
function transformOf(element: Element): (x: number, y: number) => readonly [number, number] {
  const steps = [...(element.getAttribute('transform') ?? '').matchAll(/(translate|rotate)\(([^)]*)\)/g)];
  const parsed = steps
    .map(([, kind, list]) => ({ kind, numbers: list.split(/[\s,]+/).map(Number) }))
    .reverse();
  return (x, y) => {
    for (const { kind, numbers } of parsed) {
      if (kind === 'translate') {
        [x, y] = [x + numbers[0], y + (numbers[1] ?? 0)];
      } else {
        const [angle, cx = 0, cy = 0] = numbers;
        const [sin, cos] = [Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)];
        [x, y] = [cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos];
      }
    }
    return [x, y];
  };
}

function numberOf(element: Element, attribute: string): number {
  return Number(element.getAttribute(attribute) ?? 0) || 0;
}
