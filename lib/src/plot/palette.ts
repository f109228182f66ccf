/**
 * A coloured picture as cells: a cell's value is the place of its colour in a list of those that the picture has. Both
 * drawings know cells with a scale of colours, so they draw the picture without knowing of channels.
 */
import type { ColourStops } from './colours';
import type { CellsMark } from './scene';

/** As many as a PNG file's list of colours holds. */
const MOST_COLOURS = 256;
/** 6 · 6 · 6 colours, for pictures that have too many of their own. */
const LEVELS = 6;

/** @param pixels red, green and blue of each pixel in turn, 0 to 1; row-major, `height * width * 3` */
export function paletteCells(
  pixels: readonly number[],
  height: number,
  width: number,
): Pick<CellsMark, 'rows' | 'colours' | 'range'> {
  const exact = coloursOf(pixels, MOST_COLOURS);
  const isFew = new Set(exact).size <= MOST_COLOURS;
  const colours = isFew ? exact : coloursOf(pixels, LEVELS);
  const palette = [...new Set(colours)];
  const places = new Map(palette.map((colour, place) => [colour, place]));
  const last = MOST_COLOURS - 1;
  // A stop for each place, and one where the scale ends: no colour is mixed from its neighbours.
  const stops: ColourStops = [...palette, ...Array<string>(MOST_COLOURS - palette.length).fill(palette[0])]
    .map((colour, place) => [place / last, colour] as const)
    .filter((_, place) => place <= palette.length || place === last);
  const rows = Array.from({ length: height }, (_, i) =>
    colours.slice(i * width, (i + 1) * width).map((colour) => places.get(colour) ?? 0),
  );
  return { rows, colours: stops, range: [0, last] };
}

/** `#rrggbb` of each pixel, each channel rounded to one of `levels`. */
function coloursOf(pixels: readonly number[], levels: number): string[] {
  const hex = (value: number): string => {
    const level = Math.round(Math.min(1, Math.max(0, value)) * (levels - 1)) / (levels - 1);
    return Math.round(255 * level)
      .toString(16)
      .padStart(2, '0');
  };
  return Array.from({ length: pixels.length / 3 }, (_, at) =>
    [0, 1, 2].map((c) => hex(pixels[3 * at + c])).reduce((colour, part) => colour + part, '#'),
  );
}
