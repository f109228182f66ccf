/**
 * Figures that move and widgets, loaded when they come into view. A figure is an SVG until then, and stays one where it
 * does not fit: Plotly's figures have a size of their own. A widget is a still picture until then.
 */

interface PlotlyFigure {
  readonly data: unknown;
  readonly layout: { readonly width: number };
  readonly config: object;
}

declare global {
  interface Window {
    Plotly?: { newPlot(el: HTMLElement, data: unknown, layout: object, config: object): Promise<unknown> };
    convlabFigure(base: string, figure: PlotlyFigure): void;
    convlabWidget(base: string, html: string, scripts: readonly string[]): void;
  }
}

export function startFigures(): void {
  window.convlabFigure = (base, figure) => void drawFigure(base, figure);
  window.convlabWidget = showWidget;
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting || !(target instanceof HTMLElement)) continue;
        near.unobserve(target);
        const { widget, figure, scripts } = target.dataset;
        const data = widget ?? (fits(target) ? figure : undefined);
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

function fits(figure: HTMLElement): boolean {
  return Number(figure.querySelector('img')?.getAttribute('width')) <= figure.clientWidth;
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

async function drawFigure(base: string, { data, layout, config }: PlotlyFigure): Promise<void> {
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
    await window.Plotly?.newPlot(plot, data, layout, config);
    picture.remove();
  }
}

function showWidget(base: string, html: string, scripts: readonly string[]): void {
  for (const place of document.querySelectorAll<HTMLElement>(`[data-widget="${base}.js"]`))
    place.innerHTML = html;
  for (const source of scripts) void load(source);
}
