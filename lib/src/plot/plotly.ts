/** A scene as Plotly's JSON, which JupyterLab, VS Code and a window draw so that one can zoom and read values off. */
import { LEGEND_SAMPLE } from './charts';
import { BAR_DISTANCE, BAR_WIDTH, barTickCount, barTicks } from './colourBar';
import { GRID, RULE, TEXT } from './colours';
import {
  annotation,
  escaped,
  hasLetters,
  inTemplate,
  NUMBERS,
  numberOfCell,
  page,
  ticksAt,
  VALUE_ON_BAR,
} from './plotlyText';
import { BAR_GAP, pointSize } from './scene';
import type { Axis, BarsMark, CellsMark, LineMark, Mark, NumbersMark, Plot, Scene } from './scene';
import { packedRows, storedGrid, storedList } from './stored';
import { FONT_FAMILY, FONT_SIZE, SMALL_SIZE } from './text';
import { axisTicks, isExtreme, isFarFromZero } from './ticks';

/** What Plotly draws: lists of numbers may be typed arrays in base64. */
export interface PlotlyFigure {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
}

const CLEAR = 'rgba(0,0,0,0)';

/** A plot with the names of its axes and the fractions of the picture that it takes. */
interface Place {
  readonly plot: Plot;
  /** '' for the first plot, else 2, 3, … */
  readonly suffix: string;
  /** A place in pixels of the plot, in fractions of the picture, as Plotly counts: from the lower left. */
  readonly x: (pixels: number) => number;
  readonly y: (pixels: number) => number;
}

export function scenePlotly({ width, height, plots, labels }: Scene): PlotlyFigure {
  const places = plots.map(({ plot, left, top }, i): Place => ({
    plot,
    suffix: i === 0 ? '' : String(i + 1),
    x: (pixels) => fraction((left + pixels) / width),
    y: (pixels) => fraction(1 - (top + pixels) / height),
  }));
  return {
    data: places.flatMap((place) => place.plot.marks.flatMap((mark) => traceOf(place, mark))),
    layout: {
      width,
      height,
      autosize: false,
      margin: { l: 0, r: 0, t: 0, b: 0, pad: 0 },
      paper_bgcolor: CLEAR,
      plot_bgcolor: CLEAR,
      font: { family: FONT_FAMILY, size: FONT_SIZE, color: RULE },
      hoverlabel: { font: { family: FONT_FAMILY, size: FONT_SIZE } },
      showlegend: plots.some(({ plot }) => plot.legend),
      ...Object.fromEntries(places.flatMap((place) => Object.entries(layoutOf(place)))),
      shapes: places.flatMap(shapesOf),
      annotations: [
        ...labels.map(({ text, x, y, size, turned }) => ({
          ...annotation(text, size),
          x: fraction(x / width),
          y: fraction(1 - y / height),
          xref: 'paper',
          yref: 'paper',
          yanchor: 'middle',
          ...(turned && { textangle: -90 }),
        })),
        ...places.flatMap(({ plot, suffix }) =>
          (plot.labels ?? []).map(({ text, x, y, size }) => ({
            ...annotation(text, size),
            ...{ x, y, xref: `x${suffix}`, yref: `y${suffix}`, yanchor: 'top' },
          })),
        ),
      ],
    },
    config: { displayModeBar: false, responsive: false },
  };
}

/** The axes and the legend of a plot. */
function layoutOf(place: Place): Record<string, unknown> {
  const { plot, suffix, x, y } = place;
  const has = (kind: Mark['mark']): boolean => plot.marks.some(({ mark }) => mark === kind);
  return {
    [`xaxis${suffix}`]: {
      ...axisOf(plot.x, plot.width),
      domain: [x(0), x(plot.width)],
      anchor: `y${suffix}`,
    },
    [`yaxis${suffix}`]: {
      ...axisOf(plot.y, plot.height),
      ...(has('line') || has('bars') ? { zeroline: true, zerolinecolor: RULE } : {}),
      // Cells stay square however one zooms; those of a map that would be as thin as a hair are not.
      ...(plot.y.look === 'cells' && isSquare(plot) && { scaleanchor: `x${suffix}`, constrain: 'domain' }),
      domain: [y(plot.height), y(0)],
      anchor: `x${suffix}`,
    },
    ...(has('bars') && { barmode: 'group', bargap: BAR_GAP }),
    ...(has('line') && {
      hovermode: 'x unified',
      hoverlabel: {
        bgcolor: TEXT.light.ground,
        font: { family: FONT_FAMILY, size: FONT_SIZE, color: TEXT.light.ink },
      },
    }),
    ...(plot.legend && {
      [`legend${suffix}`]: {
        ...{ x: x(plot.width + 8), xanchor: 'left', y: y(0), yanchor: 'top', bgcolor: CLEAR },
        ...{ itemwidth: LEGEND_SAMPLE - 6, borderwidth: 0 },
      },
    }),
  };
}

/** Whether a unit is as long on both axes. */
function isSquare({ x, y, width, height }: Plot): boolean {
  const across = width / Math.abs(x.range[1] - x.range[0]);
  const up = height / Math.abs(y.range[1] - y.range[0]);
  return Math.abs(across - up) < 1e-6 * up;
}

/** @param length in pixels */
function axisOf(axis: Axis, length: number): Record<string, unknown> {
  const { range, log, ticks, turned, look } = axis;
  const common = {
    type: log ? 'log' : 'linear',
    // For the ends of a logarithmic axis, Plotly wants the exponents.
    range: log ? range.map(Math.log10) : [...range],
  };
  if (ticks === undefined) return { ...common, visible: false };
  return {
    ...common,
    ...(axis.grid ? { gridcolor: GRID } : { showgrid: false }),
    zeroline: false,
    tickangle: turned ? -90 : 0,
    ...(look === 'chart'
      ? { showline: true, linecolor: RULE, ticks: 'outside', ticklen: 4, tickcolor: RULE }
      : { ticks: '', ticklabelstandoff: 3, tickfont: { size: SMALL_SIZE } }),
    ...ticksOf(axis, length),
  };
}

function ticksOf(axis: Axis, length: number): Record<string, unknown> {
  const { ticks, log, range } = axis;
  if (typeof ticks === 'object' && 'names' in ticks) return ticksAt(axisTicks(axis, length));
  const isFar = !log && isFarFromZero(range);
  return {
    // Plotly's own ticks of a logarithmic axis, such as 2.5 × 10⁴, run into each other, and numbers of many digits are
    // wider than their margin.
    ...(log || isFar ? ticksAt(axisTicks(axis, length)) : NUMBERS),
    ...(isFar && { hoverformat: ',.15~g' }),
    ...(typeof ticks === 'object' && !isFar && { tickmode: 'linear', tick0: 0, dtick: ticks.every }),
    exponentformat: log ? 'power' : exponents(range),
    separatethousands: true,
  };
}

/** 10⁻¹⁴ where its zeros, written out, would be as wide as the plot. */
function exponents(range: Axis['range']): 'power' | 'none' {
  return isExtreme(Math.max(...range.map(Math.abs))) ? 'power' : 'none';
}

function traceOf(place: Place, mark: Mark): Record<string, unknown>[] {
  const { plot, suffix } = place;
  const axes = { xaxis: `x${suffix}`, yaxis: `y${suffix}` };
  switch (mark.mark) {
    case 'cells':
      return [{ ...cellsTrace(place, mark), ...axes }];
    case 'numbers':
      return numbersTraces(mark).map((trace) => ({ ...trace, ...axes }));
    case 'segments':
      return [];
    case 'line':
    case 'bars': {
      const trace = mark.mark === 'line' ? lineTrace(plot, mark) : barsTrace(mark);
      const name = mark.name !== undefined && { name: page(mark.name) };
      // Plotly would call a line without a name “trace 1”.
      const legend = name && plot.legend ? { legend: `legend${suffix}` } : { showlegend: false };
      return [{ ...trace, ...name, ...legend, ...axes }];
    }
  }
}

function cellsTrace({ plot, x, y }: Place, mark: CellsMark): Record<string, unknown> {
  const { rows, left, top, side, range, axes, name } = mark;
  const isFar = isFarFromZero(range);
  const grid = storedGrid(rows, range);
  const packed = packedRows(grid);
  const z = numberOfCell(grid.stored.flat(), 'dtype' in packed && packed.dtype === 'f4', isFar);
  return {
    type: 'heatmap',
    z: packed,
    ...{ x0: left + side / 2, dx: side, y0: top + side / 2, dy: side },
    zmin: range[0],
    zmax: range[1],
    colorscale: mark.colours,
    ...(mark.isPalette
      ? { hoverinfo: 'skip' }
      : {
          hoverongaps: false,
          hovertemplate: axes
            ? `${axes[0]} %{y}, ${axes[1]} %{x}: ${z}<extra></extra>`
            : `${z}<extra>${inTemplate(name ?? '')}</extra>`,
        }),
    showscale: mark.bar ?? false,
    ...(mark.bar && {
      colorbar: {
        ...{ x: x(plot.width + BAR_DISTANCE), xpad: 0, thickness: BAR_WIDTH },
        ...{ y: y(plot.height / 2), yanchor: 'middle', len: plot.height, lenmode: 'pixels', ypad: 0 },
        ...{ outlinewidth: 1, outlinecolor: RULE, ticks: '', tickfont: { size: SMALL_SIZE } },
        ...(isFar
          ? ticksAt(barTicks(range, plot.height))
          : { nticks: barTickCount(plot.height) + 1, ...NUMBERS }),
        ...(hasLetters(Math.max(...range.map(Math.abs))) && {
          exponentformat: exponents(range),
          separatethousands: true,
        }),
      },
    }),
  };
}

/** One trace for each ink. */
function numbersTraces({ numbers, size }: NumbersMark): Record<string, unknown>[] {
  return [...new Set(numbers.map(({ ink }) => ink))].map((ink) => {
    const written = numbers.filter((number) => number.ink === ink);
    return {
      type: 'scatter',
      mode: 'text',
      x: written.map(({ column }) => column),
      y: written.map(({ row }) => row),
      text: written.map(({ text }) => (ink === undefined ? page(text) : text)),
      textfont: { size, color: ink ?? RULE },
      cliponaxis: false,
      hoverinfo: 'skip',
      showlegend: false,
    };
  });
}

function lineTrace(plot: Plot, mark: LineMark): Record<string, unknown> {
  const { x, y, name, colour, line, points } = mark;
  return {
    type: 'scatter',
    mode: line === 'none' ? 'markers' : points ? 'lines+markers' : 'lines',
    x: storedList(drawable(x, plot.x)),
    y: storedList(drawable(y, plot.y)),
    // Plotly leaves out points of a smooth curve, and that is visible.
    line: { color: colour, width: 2, simplify: y.length > 500, dash: line === 'dashed' ? 'dash' : 'solid' },
    marker: { color: colour, size: pointSize(mark) },
    cliponaxis: false,
    hovertemplate: `%{y}<extra>${inTemplate(name ?? '')}</extra>`,
  };
}

/** Gaps where a logarithmic axis has no place for a value: Plotly would join the points before and after it. */
function drawable(values: readonly number[], { log }: Axis): readonly number[] {
  return log ? values.map((value) => (value > 0 ? value : NaN)) : values;
}

function barsTrace({ labels, values, colour, name, texts }: BarsMark): Record<string, unknown> {
  return {
    type: 'bar',
    // By their places: where labels are numbers, Plotly takes the place of a tick for the label of another bar.
    x: labels.map((_, i) => i),
    y: storedList(values),
    customdata: labels.map(escaped),
    marker: { color: colour },
    hovertemplate: `%{customdata}: %{y}<extra>${inTemplate(name ?? '')}</extra>`,
    ...(texts && {
      text: texts,
      texttemplate: VALUE_ON_BAR,
      textposition: 'outside',
      textangle: 0,
      // A number may be wider than its bar; it should not be shrunk to fit.
      constraintext: 'none',
      cliponaxis: false,
      textfont: { size: SMALL_SIZE },
    }),
  };
}

function shapesOf({ plot, suffix }: Place): object[] {
  return plot.marks.flatMap((mark) => {
    if (mark.mark !== 'segments') return [];
    const path = mark.segments.map(([x1, y1, x2, y2]) => `M${x1},${y1}L${x2},${y2}`).join('');
    const line = { color: mark.colour, width: mark.width };
    return [{ type: 'path', path, xref: `x${suffix}`, yref: `y${suffix}`, line, layer: 'above' }];
  });
}

/** Six decimals: a thousandth of a pixel. */
function fraction(value: number): number {
  return Number(value.toFixed(6));
}
