/**
 * How every figure looks: colours, fonts, sizes. Sizes are in pixels; a notebook's column is about 700 wide.
 */
import { FONT_WIDTHS } from './fontWidths';

/** The widest a figure gets. */
export const COLUMN_WIDTH = 700;

export const INK = '#24292f';
export const FAINT_INK = '#6e7781';
export const RULE = '#d0d7de';
const PAPER = '#ffffff';
/** Frames around highlighted cells: visible on black, on white and on both ends of the diverging scale. */
export const HIGHLIGHT = '#f28e00';

export const FONT_SIZE = 13;
export const TITLE_SIZE = 15;
/** From a title's last baseline to the plot. */
export const TITLE_GAP = 9;
export const SMALL_SIZE = 11;
/** There is one of these on every system; `textWidth` reckons with the widest, so that what fits here fits there. */
export const FONT_FAMILY = 'Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif';

/** Colours of lines and bars: Okabe and Ito's palette, which colour-blind people can tell apart too; yellow left out. */
export const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#000000'] as const;

/**
 * Colours of cells. `gray`: black is the least, white the most, as in the pixels of a digit. `diverging`: blue below
 * zero, white at zero, red above. `sequential`: white is the least, dark blue the most.
 */
export type Scale = 'gray' | 'diverging' | 'sequential';

export type ColourStops = readonly (readonly [position: number, colour: string])[];

const DIVERGING = ['#2166ac', '#67a9cf', '#d1e5f0', '#f7f7f7', '#fddbc7', '#ef8a62', '#b2182b'];
const SEQUENTIAL = [
  '#f7fbff',
  '#deebf7',
  '#c6dbef',
  '#9ecae1',
  '#6baed6',
  '#4292c6',
  '#2171b5',
  '#08519c',
  '#08306b',
];

export const SCALES: Readonly<Record<Scale, ColourStops>> = {
  gray: stops(['#000000', '#ffffff']),
  diverging: stops(DIVERGING),
  sequential: stops(SEQUENTIAL),
};

/** The sequential colours, crowded towards the small end, so that one error beside a thousand hits is visible. */
export const SEQUENTIAL_SQUARED: ColourStops = SCALES.sequential.map(([t, colour]) => [t * t, colour]);

function stops(colours: readonly string[]): ColourStops {
  return colours.map((colour, i) => [i / (colours.length - 1), colour]);
}

/** Text without Plotly's tags (`<b>`, `<sub>`, …). */
export function plainText(text: string): string {
  return text.replace(/<br\s*\/?>/g, ' ').replace(/<\/?[a-z]+>/g, '');
}

/**
 * How wide a text is at most, in pixels, in the faces of the family that are named. Reckoned, not measured: the same on
 * every machine whatever its fonts. The widest line counts.
 */
export function textWidth(text: string, fontSize: number): number {
  const lines = text.split(/<br\s*\/?>/).map((line) => {
    let sum = 0;
    for (const character of plainText(line)) sum += characterWidth(character.codePointAt(0) as number);
    return sum;
  });
  return (Math.max(...lines) * fontSize) / 1000;
}

function characterWidth(code: number): number {
  for (const [first, widths] of FONT_WIDTHS) {
    const width = widths[code - first];
    if (width) return width;
  }
  // In another face, of which nothing is known; ideographs and most symbols are squares.
  return 1000;
}

/** Breaks a text into lines no wider than `width` where it has spaces. */
export function wrap(text: string, fontSize: number, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (lines.length > 0 && textWidth(longer, fontSize) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('<br>');
}

/** How many lines a text has. */
export function lineCount(text: string): number {
  return text.split(/<br\s*\/?>/).length;
}

/** The room above a plot for a title of one or more lines. */
export function titleRoom(title: string): number {
  return Math.ceil(16 + lineCount(title) * TITLE_SIZE * 1.3);
}

/** The colour of a scale at a position, as red, green, blue in 0..255; positions beyond an end get its colour. */
export function colourAt(colours: ColourStops, position: number): readonly number[] {
  const at = Math.min(1, Math.max(0, position));
  const after = Math.max(
    1,
    colours.findIndex(([stop]) => stop >= at),
  );
  const [[low, from], [high, to]] = [colours[after - 1], colours[after]];
  const share = (at - low) / (high - low);
  return [1, 3, 5].map((i) => {
    const [a, b] = [parseInt(from.slice(i, i + 2), 16), parseInt(to.slice(i, i + 2), 16)];
    return a + share * (b - a);
  });
}

/** Black or white, whichever has the higher contrast on a colour (relative luminance of WCAG 2). */
export function inkOn(colour: readonly number[]): '#000000' | '#ffffff' {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (luminance + 0.05) ** 2 > 0.05 * 1.05 ? '#000000' : '#ffffff';
}

/** The size of the plot and the room that is needed around it, in pixels. */
export interface Frame {
  readonly plotWidth: number;
  readonly plotHeight: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  /** Space above the plot if there is no title. Default 12. */
  readonly top?: number;
  readonly title?: string;
}

/**
 * The layout that all figures share: a plot of exactly the size asked for, the margins asked for, and the title centred
 * over the plot, on as many lines as it needs, with the margins widened to hold it.
 */
export function framedLayout(frame: Frame): Record<string, unknown> {
  const { plotWidth, plotHeight } = frame;
  const title = frame.title ? wrap(frame.title, TITLE_SIZE, Math.max(plotWidth, 240)) : undefined;
  const overhang = title ? (textWidth(title, TITLE_SIZE) - plotWidth) / 2 + 4 : 0;
  const left = Math.ceil(Math.max(frame.left, overhang));
  const right = Math.ceil(Math.max(frame.right, overhang));
  const top = title ? titleRoom(title) : (frame.top ?? 12);
  const bottom = Math.ceil(frame.bottom);
  return {
    width: left + plotWidth + right,
    height: top + plotHeight + bottom,
    margin: { l: left, r: right, t: top, b: bottom, pad: 0 },
    autosize: false,
    paper_bgcolor: PAPER,
    plot_bgcolor: PAPER,
    font: { family: FONT_FAMILY, size: FONT_SIZE, color: INK },
    hoverlabel: { font: { family: FONT_FAMILY, size: FONT_SIZE } },
    ...(title && {
      title: {
        text: title,
        font: { size: TITLE_SIZE, color: INK },
        x: 0.5,
        xref: 'paper',
        xanchor: 'center',
        y: 1,
        yref: 'paper',
        yanchor: 'bottom',
        // Plotly sets the first line on the plot's edge and lets the others hang into it.
        pad: { b: TITLE_GAP + (lineCount(title) - 1) * TITLE_SIZE * 1.3 },
      },
    }),
  };
}
