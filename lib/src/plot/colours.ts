/**
 * The colours of figures. A figure has no background of its own: it is read on a white page and on a dark one, and what
 * shows it may not know which. Lines, bars and frames therefore have a contrast of at least 3 to both (WCAG 2.2, 1.4.11).
 * No colour has the 4.5 that text needs (1.4.3) on both, so text follows the page or brings its own ground.
 */

/** Axes and frames. */
export const RULE = '#868e96';
/** Lines of a grid, which are seen only when looked for. */
export const GRID = 'rgba(134,142,150,0.3)';
/**
 * Frames around highlighted cells, a bright line on a dark one: on any colour of a cell one of the two is visible.
 */
export const HIGHLIGHT = '#ff9d0a';
export const HIGHLIGHT_EDGE = '#000000';

/** Text on a white page and on a dark one, each with the ground it is drawn on. */
export const TEXT = {
  light: { ink: '#24292f', ground: '#ffffff' },
  dark: { ink: '#e6edf3', ground: '#161b22' },
} as const;

/**
 * Colours of lines and bars: the hues of Okabe and Ito's palette, which colour-blind people can tell apart too, as bright
 * as a white page and a dark one allow. Neighbours in the list differ in brightness.
 */
export const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#3b92c4', '#b27a00', '#7a7f85'] as const;

export function seriesColour(i: number): string {
  return PALETTE[i % PALETTE.length];
}

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

/** The sequential colours, crowded towards the small end, so that one error among a thousand hits is visible. */
export const SEQUENTIAL_SQUARED: ColourStops = SCALES.sequential.map(([t, colour]) => [t * t, colour]);

function stops(colours: readonly string[]): ColourStops {
  return colours.map((colour, i) => [i / (colours.length - 1), colour]);
}

/** Red, green and blue, in 0..255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** The colour of a scale at a position; positions beyond an end get its colour. */
export function colourAt(colours: ColourStops, position: number): Rgb {
  const at = Math.min(1, Math.max(0, position));
  const after = Math.max(
    1,
    colours.findIndex(([stop]) => stop >= at),
  );
  const [[low, from], [high, to]] = [colours[after - 1], colours[after]];
  const share = (at - low) / (high - low);
  const [a, b] = [rgbOf(from), rgbOf(to)];
  return [0, 1, 2].map((i) => a[i] + share * (b[i] - a[i])) as unknown as Rgb;
}

export function rgbOf(colour: string): Rgb {
  return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16)) as unknown as Rgb;
}

/** The contrast ratio of two colours, 1 to 21 (WCAG 2.2: relative luminance, contrast ratio). */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (bright + 0.05) / (dark + 0.05);
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Black or white, whichever has the higher contrast on a colour. */
export function inkOn(colour: Rgb): '#000000' | '#ffffff' {
  return contrast(colour, [0, 0, 0]) > contrast(colour, [255, 255, 255]) ? '#000000' : '#ffffff';
}
