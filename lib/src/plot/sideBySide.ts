/** Several figures in one row: an input window, the kernel, the feature map. */
import { showsItself } from './bundle';
import { check, checkOptions, finite, isObject, shown } from '../check';
import type { OptionRules } from '../check';
import { checkFigure, checkList, checkTexts, textRules } from './checks';
import { largestOf } from './figure';
import type { Figure } from './figure';
import {
  COLUMN_WIDTH,
  FONT_FAMILY,
  framedLayout,
  INK,
  plainText,
  textWidth,
  TITLE_GAP,
  TITLE_SIZE,
  titleRoom,
  wrap,
} from './style';

export interface SideBySideOptions {
  readonly title?: string;
  /** Texts between the figures, one fewer than figures: `['∗', '=']` makes an equation. */
  readonly between?: readonly string[];
  readonly description?: string;
}

type Fields = Record<string, unknown>;

interface Panel {
  readonly data: readonly Fields[];
  readonly layout: Fields;
  readonly width: number;
  readonly height: number;
  readonly margin: { readonly l: number; readonly r: number; readonly t: number; readonly b: number };
  readonly title?: string;
}

const optionRules: OptionRules<SideBySideOptions> = { ...textRules, between: checkTexts };

const GAP = 16;
const SIGN_SIZE = 22;
/** Nothing gets smaller than this share of its size. */
const LEAST_FACTOR = 0.4;

/**
 * Figures in a row, with the middles of their plots on one line. A row that would be wider than a notebook's column is
 * shrunk as far as its numbers stay readable.
 *
 * @throws TypeError or RangeError when there are no figures, or the wrong number of texts between them
 * @example sideBySide([matrix(window), matrix(kernel), matrix([[sum]])], { between: ['∗', '='] })
 */
export function sideBySide(figures: readonly Figure[], o: SideBySideOptions = {}): Figure {
  const callee = 'sideBySide';
  checkList(callee, 'figures', figures, 'figures');
  Array.from(figures, (figure, i) => checkFigure(callee, figure, `figures[${i}]`));
  checkOptions(callee, o, optionRules);
  if (o.between && o.between.length !== figures.length - 1) {
    throw new RangeError(
      `${callee}: between has ${o.between.length} texts, expected ${figures.length - 1} for ${figures.length} figures`,
    );
  }
  const alone = figures.map((figure, i) => panelOf(figure, `figures[${i}]`));
  const signs = (o.between ?? []).reduce((sum, sign) => sum + (sign ? textWidth(sign, SIGN_SIZE) : 0), 0);
  const panels = shrunk(alone, COLUMN_WIDTH - GAP * (alone.length - 1) - signs);
  const gaps = panels.slice(1).map((_, i) => {
    const sign = o.between?.[i];
    return sign ? textWidth(sign, SIGN_SIZE) + GAP : GAP;
  });
  // Above and below the common middle line of the plots.
  const above = largestOf(panels, (panel) => panel.margin.t + plotHeight(panel) / 2);
  const below = largestOf(panels, (panel) => panel.margin.b + plotHeight(panel) / 2);
  const width = panels.reduce((sum, panel) => sum + panel.width, 0) + gaps.reduce((sum, gap) => sum + gap, 0);
  const height = above + below;
  const layout: Fields = {
    ...framedLayout({
      plotWidth: Math.round(width),
      plotHeight: Math.round(height),
      left: 0,
      right: 0,
      bottom: 0,
      top: 0,
      title: o.title,
    }),
    showlegend: panels.some((panel) => panel.layout.showlegend === true),
  };
  const data: object[] = [];
  const shapes: object[] = [];
  const annotations: object[] = [];
  let left = 0;
  panels.forEach((panel, i) => {
    const place = {
      // The panel's plot in Plotly's paper coordinates, which are fractions of the whole figure.
      x: (fraction: number) => (left + panel.margin.l + fraction * plotWidth(panel)) / width,
      y: (fraction: number) => 1 - (above + (0.5 - fraction) * plotHeight(panel)) / height,
    };
    const suffix = i === 0 ? '' : String(i + 1);
    const axes = { x: `x${suffix}`, y: `y${suffix}` };
    const legend = `legend${suffix}`;
    for (const trace of panel.data) {
      const bar = trace.colorbar as Fields | undefined;
      data.push({
        ...trace,
        xaxis: axes.x,
        yaxis: axes.y,
        ...(panel.layout.showlegend === true ? { legend, showlegend: true } : { showlegend: false }),
        ...(bar && {
          colorbar: {
            ...bar,
            x: place.x(1),
            y: place.y(0.5),
            yanchor: 'middle',
            len: plotHeight(panel),
            lenmode: 'pixels',
          },
        }),
      });
    }
    const { xaxis, yaxis } = panel.layout as { xaxis: Fields; yaxis: Fields };
    layout[`xaxis${suffix}`] = { ...xaxis, domain: [place.x(0), place.x(1)], anchor: axes.y };
    layout[`yaxis${suffix}`] = { ...yaxis, domain: [place.y(0), place.y(1)], anchor: axes.x };
    if (panel.layout.showlegend === true) {
      layout[legend] = { ...(panel.layout.legend as Fields), x: place.x(1), y: place.y(1) };
    }
    for (const shape of listOf(panel.layout.shapes)) shapes.push({ ...shape, xref: axes.x, yref: axes.y });
    for (const note of listOf(panel.layout.annotations))
      annotations.push({ ...note, xref: axes.x, yref: axes.y });
    if (panel.title) {
      annotations.push({
        ...note(panel.title, place.x(0.5), place.y(1)),
        yanchor: 'bottom',
        yshift: TITLE_GAP - 4,
        font: { size: TITLE_SIZE, color: INK },
      });
    }
    const sign = o.between?.[i];
    left += panel.width;
    if (sign) {
      annotations.push({
        ...note(sign, (left + gaps[i] / 2) / width, place.y(0.5)),
        yanchor: 'middle',
        font: { size: SIGN_SIZE, color: INK, family: FONT_FAMILY },
      });
    }
    left += gaps[i] ?? 0;
  });
  return showsItself({
    data,
    layout: { ...layout, barmode: 'group', bargap: 0.25, shapes, annotations },
    description: o.description ?? describe(figures, o),
  });
}

function panelOf({ data, layout }: Figure, name: string): Panel {
  const fields = layout as Fields & Pick<Panel, 'width' | 'height' | 'margin'> & { title?: { text: string } };
  if (fields.xaxis2)
    throw new TypeError('sideBySide: a figure is itself made by sideBySide, expected single figures');
  const { width, height, margin, title, xaxis, yaxis } = fields;
  if (data.length === 0) throw new TypeError(`sideBySide: ${name}.data is [], expected a trace`);
  for (const [field, value] of Object.entries({ margin, xaxis, yaxis })) {
    if (isObject(value)) continue;
    throw new TypeError(`sideBySide: ${name}.layout.${field} is ${shown(value)}, expected an object`);
  }
  for (const [field, value] of Object.entries({ width, height }))
    check('sideBySide', `${name}.layout.${field}`, value, finite({ from: 0 }));
  for (const side of ['l', 'r', 't', 'b'] as const)
    check('sideBySide', `${name}.layout.margin.${side}`, margin[side], finite({ from: 0 }));
  return { data: data as readonly Fields[], layout: fields, width, height, margin, title: title?.text };
}

/** Panels with smaller plots where they would be wider than `available` together, as far as each can shrink. */
function shrunk(panels: readonly Panel[], available: number): readonly Panel[] {
  for (let factor = 1; factor >= LEAST_FACTOR; factor -= 0.02) {
    const fitted = panels.map((panel) => scaled(panel, Math.max(factor, leastFactor(panel))));
    if (fitted.reduce((sum, panel) => sum + panel.width, 0) <= available) return fitted;
  }
  return panels.map((panel) => scaled(panel, leastFactor(panel)));
}

/** How far a panel can shrink: until its numbers fill their cells; an image grid, which has labels, not at all. */
function leastFactor(panel: Panel): number {
  if (listOf(panel.layout.annotations).length > 0) return 1;
  const cells = cellsOf(panel);
  const written = panel.data.filter((trace) => trace.mode === 'text');
  if (!cells || written.length === 0) return LEAST_FACTOR;
  const needed = written.flatMap((trace) => {
    const size = (trace.textfont as { size: number }).size;
    return (trace.text as readonly string[]).map((text) => Math.max(1.7 * size, textWidth(text, size) + 4));
  });
  return Math.min(1, (largestOf(needed, (width) => width) * cells[0].length) / plotWidth(panel));
}

function scaled(panel: Panel, factor: number): Panel {
  const cells = cellsOf(panel);
  const side = cells && plotWidth(panel) / cells[0].length;
  // Cells stay a whole number of pixels wide, so that all look equally large; a chart keeps its height.
  const exact = side && side * factor >= 1 ? Math.floor(side * factor + 1e-6) / side : factor;
  return withRoomForTitle({
    ...panel,
    width: panel.width - Math.round(plotWidth(panel) * (1 - exact)),
    height: panel.height - (cells ? Math.round(plotHeight(panel) * (1 - exact)) : 0),
  });
}

/** A title that is now wider than its panel is broken into lines; a single word that is still wider widens the panel. */
function withRoomForTitle(panel: Panel): Panel {
  const { margin, title } = panel;
  if (title === undefined) return panel;
  const besides = Math.min(margin.l, margin.r);
  if (textWidth(title, TITLE_SIZE) <= plotWidth(panel) + 2 * besides) return panel;
  const lines = wrap(title.replaceAll('<br>', ' '), TITLE_SIZE, plotWidth(panel) + 2 * besides);
  const needed = Math.ceil((textWidth(lines, TITLE_SIZE) - plotWidth(panel)) / 2);
  const [l, r] = [Math.max(margin.l, needed), Math.max(margin.r, needed)];
  const t = Math.max(margin.t, titleRoom(lines));
  return {
    ...panel,
    title: lines,
    margin: { ...margin, l, r, t },
    width: panel.width + l - margin.l + r - margin.r,
    height: panel.height + t - margin.t,
  };
}

function cellsOf(panel: Panel): readonly (readonly unknown[])[] | undefined {
  return panel.data[0].z as readonly (readonly unknown[])[] | undefined;
}

function plotWidth({ width, margin }: Panel): number {
  return width - margin.l - margin.r;
}

function plotHeight({ height, margin }: Panel): number {
  return height - margin.t - margin.b;
}

function listOf(value: unknown): readonly object[] {
  return Array.isArray(value) ? (value as readonly object[]) : [];
}

function note(text: string, x: number, y: number): object {
  return { text, x, y, xref: 'paper', yref: 'paper', xanchor: 'center', showarrow: false, borderpad: 0 };
}

function describe(figures: readonly Figure[], o: SideBySideOptions): string {
  const head = o.title ? `“${plainText(o.title)}”` : 'Side by side';
  return `${head}: ${figures.map((figure) => figure.description).join(' | ')}`;
}
