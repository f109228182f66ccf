/**
 * A coloured picture as cells: a cell's value is the place of its colour in a list of those that the picture has. Both
 * drawings know cells with a scale of colours, so they draw the picture without knowing of channels.
 */
import type { ColourStops } from './colours';
import type { CellsMark } from './scene';

/** As many as a PNG file's list of colours holds; where there are holes, one of them is theirs. */
const MOST_COLOURS = 256;
/** 6 · 6 · 6 colours, for pictures that have too many of their own. */
const LEVELS = 6;
/** The scale of a picture that is nothing but holes needs some colour. */
const BLACK = '#000000';

/**
 * @param pixels red, green and blue of each pixel in turn, 0 to 1; row-major, `height * width * 3`. A pixel in which one
 *   of them is not finite is a hole, as in a picture that has a scale.
 */
export function paletteCells(
  pixels: readonly number[],
  height: number,
  width: number,
): Pick<CellsMark, 'rows' | 'colours' | 'range'> {
  const most = pixels.every(Number.isFinite) ? MOST_COLOURS : MOST_COLOURS - 1;
  const exact = coloursOf(pixels, MOST_COLOURS);
  const isFew = paletteOf(exact).length <= most;
  const colours = isFew ? exact : coloursOf(pixels, LEVELS);
  const palette = paletteOf(colours);
  const places = new Map<string | undefined, number>(palette.map((colour, place) => [colour, place]));
  const last = most - 1;
  // A stop for each place, and one where the scale ends: no colour is mixed from its neighbours.
  const stops: ColourStops = [...palette, ...Array<string>(most - palette.length).fill(palette[0] ?? BLACK)]
    .map((colour, place) => [place / last, colour] as const)
    .filter((_, place) => place <= palette.length || place === last);
  const rows = Array.from({ length: height }, (_, i) =>
    colours.slice(i * width, (i + 1) * width).map((colour) => places.get(colour) ?? NaN),
  );
  return { rows, colours: stops, range: [0, last] };
}

/** The colours that there are, each once. */
function paletteOf(colours: readonly (string | undefined)[]): string[] {
  return [...new Set(colours)].filter((colour) => colour !== undefined);
}

/** `#rrggbb` of each pixel, each channel rounded to one of `levels`; undefined for a hole. */
function coloursOf(pixels: readonly number[], levels: number): (string | undefined)[] {
  const hex = (value: number): string => {
    const level = Math.round(Math.min(1, Math.max(0, value)) * (levels - 1)) / (levels - 1);
    return Math.round(255 * level)
      .toString(16)
      .padStart(2, '0');
  };
  return Array.from({ length: pixels.length / 3 }, (_, at) => {
    const channels = pixels.slice(3 * at, 3 * at + 3);
    return channels.every(Number.isFinite) ? `#${channels.map(hex).join('')}` : undefined;
  });
}
