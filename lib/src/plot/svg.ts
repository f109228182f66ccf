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
import type * as jsdom from 'jsdom';
import { checkFigure } from './checks';
import type { Figure } from './figure';
import { giveCanvas, giveTextMeasure } from './headlessDom';
import { leanSvg } from './leanSvg';

/** The part of Plotly that is used here. */
interface Plotly {
  newPlot(element: object, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  purge(element: object): void;
  readonly Snapshot: { toSVG(element: object, format: 'svg'): string };
}

interface Renderer {
  draw(figure: Figure): string;
}

/** Loaded on first use: it takes half a second, for which a script without pictures need not wait. */
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
        // Drawn by now; but if it were purged before its promise is settled, Plotly would reject the promise.
        void drawing.finally(remove);
        return leanSvg(Plotly.Snapshot.toSVG(element, 'svg'), hash);
      } catch (error) {
        remove();
        throw error;
      }
    },
  };
}
