/**
 * What jsdom lacks and Plotly needs: a canvas to paint heat maps on (@napi-rs/canvas), and the sizes of texts, which
 * `textWidth` computes because there is no layout.
 */
import { createRequire } from 'node:module';
import type * as napiCanvas from '@napi-rs/canvas';
import type * as jsdom from 'jsdom';
import { textWidth } from './style';

export function giveCanvas(window: jsdom.DOMWindow): void {
  const { createCanvas } = createRequire(__filename)('@napi-rs/canvas') as typeof napiCanvas;
  const canvases = new WeakMap<object, napiCanvas.Canvas>();
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
    const canvas = canvases.get(this);
    if (!canvas) return 'data:,';
    // Plotly paints one pixel for each cell and asks for `image-rendering: pixelated`. Safari and some viewers ignore that
    // and blur small images; of an enlarged one they blur only the edges of the cells.
    const factor = Math.max(1, Math.floor(128 / Math.max(canvas.width, canvas.height)));
    const large = createCanvas(canvas.width * factor, canvas.height * factor);
    const context = large.getContext('2d');
    context.imageSmoothingEnabled = false;
    context.drawImage(canvas, 0, 0, large.width, large.height);
    return large.toDataURL('image/png');
  };
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export function giveTextMeasure(window: jsdom.DOMWindow): void {
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
  // A line is 1.3 font sizes high, about one of them above the baseline.
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
