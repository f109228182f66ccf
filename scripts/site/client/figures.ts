/**
 * Figures that move and widgets, loaded when they come into view. A figure is an SVG until then, and stays one where it
 * does not fit: Plotly's figures have a size of their own. A chart has a second layout for such a place. A widget is a
 * still picture until then.
 */
import type { NarrowChart } from '../notebook/narrow';

interface PlotlyFigure {
  readonly data: readonly object[];
  readonly layout: { readonly width: number };
  readonly config: object;
}

declare global {
  interface Window {
    Plotly?: { react(el: HTMLElement, data: unknown, layout: object, config: object): Promise<unknown> };
    convlabFigure(base: string, figure: PlotlyFigure, narrow?: NarrowChart): void;
    convlabWidget(base: string, html: string, scripts: readonly string[]): void;
  }
}

export function startFigures(): void {
  window.convlabFigure = (base, figure, narrow) => void drawFigure(base, figure, narrow);
  window.convlabWidget = showWidget;
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting || !(target instanceof HTMLElement)) continue;
        near.unobserve(target);
        const { widget, figure, scripts } = target.dataset;
        const width = Number(target.querySelector('img')?.getAttribute('width'));
        const isDrawn = width <= target.clientWidth || 'narrow' in target.dataset;
        const data = widget ?? (isDrawn ? figure : undefined);
        if (data !== undefined) void load(data);
        for (const script of scripts?.split(' ') ?? []) void load(script);
      }
    },
    // What grows when it is drawn does so before it is seen.
    { rootMargin: '100px' },
  );
  for (const place of document.querySelectorAll('[data-figure], [data-widget], [data-scripts]'))
    near.observe(place);
}

const loading = new Map<string, Promise<void>>();

/** Runs a script of the site, once. */
function load(source: string): Promise<void> {
  const known = loading.get(source);
  if (known) return known;
  const loaded = new Promise<void>((done, fail) => {
    const script = document.createElement('script');
    script.src = source;
    script.onload = () => done();
    script.onerror = () => fail(new Error(`${source} cannot be loaded`));
    document.head.append(script);
  });
  loading.set(source, loaded);
  return loaded;
}

async function drawFigure(base: string, wide: PlotlyFigure, narrow?: NarrowChart): Promise<void> {
  await load('assets/plotly.js');
  for (const figure of document.querySelectorAll<HTMLElement>(`[data-figure="${base}.js"]`)) {
    const picture = figure.querySelector('img');
    if (!picture) continue;
    const plot = document.createElement('div');
    plot.className = 'plot';
    // One picture for those who hear the page, with the words of the still one.
    plot.setAttribute('role', 'img');
    plot.setAttribute('aria-label', picture.alt);
    figure.append(plot);
    let width = 0;
    const draw = async (): Promise<void> => {
      if (figure.clientWidth === width) return;
      width = figure.clientWidth;
      const { data, layout, config } =
        narrow && width < wide.layout.width ? narrowed(wide, narrow, width) : wide;
      await window.Plotly?.react(plot, data, layout, config);
    };
    await draw();
    picture.remove();
    // A phone that is turned.
    if (narrow) addEventListener('resize', () => void draw());
  }
}

/** @param room in pixels; the chart takes all of it, but is not wider than looks good */
function narrowed(
  { data, config }: PlotlyFigure,
  { layout, texts }: NarrowChart,
  room: number,
): PlotlyFigure {
  const width = Math.min(room, 1.5 * layout.width);
  const bare = { text: undefined, texttemplate: undefined };
  return {
    data: texts ? data : data.map((trace) => ({ ...trace, ...bare })),
    layout: { ...layout, width },
    config,
  };
}

function showWidget(base: string, html: string, scripts: readonly string[]): void {
  for (const place of document.querySelectorAll<HTMLElement>(`[data-widget="${base}.js"]`))
    place.innerHTML = html;
  for (const source of scripts) void load(source);
}
