/**
 * A figure as a static picture: Plotly itself, run in jsdom, without a browser.
 *
 * jsdom has no layout, so texts are measured by `textWidth`; and no canvas, so heat maps are painted by
 * @napi-rs/canvas. Plotly's random ids are replaced by ids made from the figure: the same figure gives the same bytes,
 * and two figures on one page have different ids.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';
import type * as napiCanvas from '@napi-rs/canvas';
import type * as jsdom from 'jsdom';
import { checkFigure } from './figure';
import type { Figure } from './figure';
import { FONT_FAMILY, textWidth } from './style';

/** What of Plotly is used here. */
interface Plotly {
  newPlot(element: object, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  purge(element: object): void;
  readonly Snapshot: { toSVG(element: object, format: 'svg'): string };
}

interface Renderer {
  draw(figure: Figure): string;
}

/** Loads on first use: half a second that a script without pictures need not wait for. */
const load = createRequire(__filename);

let renderer: Renderer | undefined;

/**
 * The figure as the text of an SVG file. The first call of a process loads Plotly and takes most of a second, later
 * ones some tens of milliseconds.
 *
 * @example writeFileSync('loss.svg', await toSvg(lineChart([{ y: [3, 2, 1] }])))
 */
export async function toSvg(figure: Figure): Promise<string> {
  checkFigure('toSvg', figure);
  return Promise.resolve(drawSvg(figure));
}

/** {@link toSvg} without a promise: Plotly draws lines, bars and cells without waiting for anything. */
export function drawSvg(figure: Figure): string {
  renderer ??= startRenderer();
  return renderer.draw(figure);
}

function startRenderer(): Renderer {
  const { JSDOM } = load('jsdom') as typeof jsdom;
  const dom = new JSDOM('<!DOCTYPE html><html><body></body></html>', { runScripts: 'outside-only' });
  const window = dom.window;
  window.URL.createObjectURL = () => '';
  giveCanvas(window);
  giveTextMeasure(window);
  const file = load.resolve('plotly.js-cartesian-dist-min');
  new Script(readFileSync(file, 'utf8'), { filename: file }).runInContext(dom.getInternalVMContext());
  const { Plotly } = window as unknown as { Plotly: Plotly };

  return {
    draw(figure) {
      // A copy: Plotly writes into what it draws.
      const json = JSON.stringify({ data: figure.data, layout: figure.layout });
      const { data, layout } = JSON.parse(json) as Pick<Figure, 'data' | 'layout'>;
      const hash = createHash('sha256').update(json).digest('hex').slice(0, 10);
      const element = window.document.createElement('div');
      window.document.body.append(element);
      const remove = (): void => {
        Plotly.purge(element);
        element.remove();
      };
      try {
        const drawing = Plotly.newPlot(element, data, layout, { staticPlot: true });
        // Drawn by now, but not done: purged before its promise is settled, Plotly would reject it.
        void drawing.finally(remove);
        return compact(Plotly.Snapshot.toSVG(element, 'svg'), hash);
      } catch (error) {
        remove();
        throw error;
      }
    },
  };
}

/** What an element would get anyway, and the font family, which the root element has. */
const NEEDLESS =
  /^(font-family:.*|fill-opacity:1|stroke-opacity:1|opacity:1|white-space:pre|vector-effect:none)$/;

/**
 * Makes Plotly's SVG fit to be stored: half the size, without classes that a page's style sheets could mean, and with
 * ids of its own, numbered after the figure's hash.
 */
function compact(svg: string, hash: string): string {
  const references = [...new Set([...svg.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id))];
  const renamed = new Map(references.map((id, i) => [id, `f${hash}-${i}`]));
  const lean = svg.replace(/<[a-z][^>]*>/gi, (tag) =>
    tag
      .replace(/ class="([^"]*)"/, (_, names: string) =>
        /\bcrisp\b/.test(names) ? ' shape-rendering="crispEdges"' : '',
      )
      .replace(/ data-[a-z]+="[^"]*"/g, '')
      .replace(/ style="([^"]*)"/, (_, style: string) => leanStyle(style))
      .replace(/ (d|x|y|width|height|transform)="[^"]*"/g, (attribute) =>
        attribute.replace(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2)))),
      )
      .replace(/ id="([^"]*)"/, (_, id: string) => (renamed.has(id) ? ` id="${renamed.get(id)}"` : ''))
      .replace(/url\(#([^)]+)\)/g, (_, id: string) => `url(#${renamed.get(id)})`),
  );
  return withoutEmptyGroups(lean).replace('<svg', `<svg font-family="${FONT_FAMILY}"`);
}

function leanStyle(style: string): string {
  const kept = style
    .split(/;(?![^(]*\))/)
    .map((declaration) => declaration.trim().replace(/:\s+/, ':'))
    .filter((declaration) => declaration !== '' && !NEEDLESS.test(declaration))
    .map((declaration) =>
      declaration.replace(/rgb\((\d+), (\d+), (\d+)\)/, (_, ...rgb: string[]) => hex(rgb)),
    );
  return kept.length > 0 ? ` style="${kept.join(';')}"` : '';
}

function hex(rgb: readonly string[]): string {
  return `#${rgb
    .slice(0, 3)
    .map((value) => Number(value).toString(16).padStart(2, '0'))
    .join('')}`;
}

function withoutEmptyGroups(svg: string): string {
  const less = svg.replace(
    /<(g|defs)( [^>]*)?\/>|<(g|defs)( [^>]*[^/])?><\/\3>|<path\/>|<clipPath><rect[^>]*\/><\/clipPath>/g,
    '',
  );
  return less === svg ? svg : withoutEmptyGroups(less);
}

function giveCanvas(window: jsdom.DOMWindow): void {
  const { createCanvas } = load('@napi-rs/canvas') as typeof napiCanvas;
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
    // Plotly paints a pixel a cell and asks for `image-rendering: pixelated`, which Safari and some viewers ignore:
    // there small images would be blurred. Enlarged, only the cells' edges are.
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

function giveTextMeasure(window: jsdom.DOMWindow): void {
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
