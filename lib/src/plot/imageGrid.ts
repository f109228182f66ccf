/** Several small images in rows: digits, kernels, feature maps. */
import { anything, checkOptions, finite, oneOf, shown, text, whole } from '../check';
import type { OptionRules } from '../check';
import type { Rows } from '../rows';
import { showsItself } from './bundle';
import { border, checkColours, colouring } from './cells';
import { anyKind, checkList, textRules } from './checks';
import { titled } from './figure';
import type { FigureBase, Kind } from './figure';
import { largestOf, rowsOfFlat, valuesText } from './numbers';
import { paletteCells } from './palette';
import { framed } from './scene';
import type { Mark, Plot, PlotLabel } from './scene';
import { oneLine, SMALL_SIZE, textHeight, textWidth, wrap } from './text';

export interface Image {
  /** height × width values, row-major; a typed array will do. Pixels that are not finite are holes. */
  readonly pixels: ArrayLike<number>;
  /**
   * 3 for a picture in colour: `pixels` has red, green and blue of each pixel in turn, 0 to 1, and no scale is needed.
   * Default 1.
   */
  readonly channels?: 1 | 3;
  readonly height: number;
  readonly width: number;
  /** Written below the image. */
  readonly label?: string;
}

export interface ImageGridOptions {
  readonly title?: string;
  /**
   * Images per row; fewer where labels need more room, or where images would be less than 64 pixels wide. Default: up
   * to 10 in one row, else rows of about 8.
   */
  readonly columns?: number;
  /** Default `diverging` when there are values below zero, else `gray` (0 black). */
  readonly scale?: 'gray' | 'diverging';
  /** `shared`: one value has one colour in all images. `each`: every image uses the whole scale. Default `shared`. */
  readonly range?: 'shared' | 'each';
  readonly min?: number;
  readonly max?: number;
  /** Default: made from the title and the images. */
  readonly description?: string;
}

export interface ImageGridFigure extends FigureBase, ImageGridOptions {
  readonly kind: 'imageGrid';
  readonly images: readonly Image[];
  readonly description: string;
}

const imageRules: OptionRules<Image> = {
  pixels: anything,
  height: whole(1),
  width: whole(1),
  channels(callee, name, value) {
    if (value === 1 || value === 3) return;
    throw new RangeError(`${callee}: ${name} is ${shown(value)}, expected 1 or 3`);
  },
  label: text,
};
const optionRules: OptionRules<ImageGridOptions> = {
  ...textRules,
  columns: whole(1),
  scale: oneOf('gray', 'diverging'),
  range: oneOf('shared', 'each'),
  min: finite(),
  max: finite(),
};
const figureRules: OptionRules<ImageGridFigure> = { ...optionRules, kind: anyKind, images: anything };

const GRID_WIDTH = 676;
const LARGEST = 140;
/** Smaller images are not looked at. */
const LEAST = 64;
/** Between images: less where they would be smaller than `LEAST` otherwise. */
const GAP = 10;
const LEAST_GAP = 4;
/** The minimum width, in pixels, for an image with a label below it. */
const LABELLED_SLOT = 40;

/**
 * Small images in rows, upright, with square pixels.
 *
 * @throws TypeError or RangeError when there is no image or its pixels are not height × width numbers
 * @example imageGrid([{ pixels: test.images.subarray(0, 784), height: 28, width: 28, label: '7' }])
 */
export function imageGrid(images: readonly Image[], o: ImageGridOptions = {}): ImageGridFigure {
  const callee = 'imageGrid';
  checkList(callee, 'images', images, '{ pixels, height, width }');
  checkOptions(callee, o, optionRules);
  const kept = Array.from(images, (image, i) => {
    const rows = checkImage(callee, `images[${i}]`, image);
    const { height, width, channels, label } = image;
    const more = { ...(channels !== undefined && { channels }), ...(label !== undefined && { label }) };
    return { pixels: rows.flat(), height, width, ...more };
  });
  checkRanges(callee, kept, o);
  const description = o.description ?? describe(kept, o.title);
  return showsItself({ kind: 'imageGrid', images: kept, ...o, description }, imageGridKind);
}

export const imageGridKind: Kind<ImageGridFigure> = {
  check(callee, figure, name) {
    const required = ['images', 'description'];
    checkOptions(callee, figure, figureRules, { name, prefix: `${name}.`, required });
    checkList(callee, `${name}.images`, figure.images, '{ pixels, height, width }');
    Array.from(figure.images, (image, i) => checkImage(callee, `${name}.images[${i}]`, image));
    checkRanges(callee, figure.images, figure);
  },

  layOut(figure, shrink): Plot {
    const { images } = figure;
    const { columns, gap, pixel, slot } = arrange(figure, shrink);
    const tallest = largestOf(images, (image) => image.height);
    const texts = images.map(({ label }) => (label ? wrap(label, SMALL_SIZE, slot + gap - 2) : ''));
    const labelHeight = largestOf(texts, (label) => (label ? textHeight(label, SMALL_SIZE) + 4 : 0));
    const rowHeight = pixel * tallest + labelHeight;
    const rowCount = Math.ceil(images.length / columns);
    const plotWidth = Math.round(columns * slot + (columns - 1) * gap);
    const plotHeight = Math.round(rowCount * rowHeight + (rowCount - 1) * gap);
    const all = allPixels(images.filter(isGrey));
    const shared = colouring(all, figure);
    const scale = figure.scale ?? (all.some((value) => value < 0) ? 'diverging' : 'gray');
    const marks: Mark[] = [];
    const labels: PlotLabel[] = [];
    images.forEach((image, i) => {
      const { pixels, height, width, label } = image;
      const left = (i % columns) * (slot + gap) + (slot - pixel * width) / 2;
      const top = Math.floor(i / columns) * (rowHeight + gap) + (pixel * (tallest - height)) / 2;
      const [right, bottom] = [left + pixel * width, top + pixel * height];
      const name = label === undefined ? undefined : oneLine(label);
      const place = { left, top, side: pixel, name };
      if (isGrey(image)) {
        const rows = rowsOf(pixels, height, width);
        const colours = figure.range === 'each' ? colouring(rows.flat(), { ...figure, scale }) : shared;
        marks.push({ mark: 'cells', rows, ...place, ...colours });
      } else {
        const cells = paletteCells(Array.from(pixels), height, width);
        marks.push({ mark: 'cells', ...cells, ...place, isPalette: true });
      }
      marks.push(border(left, top, right, bottom));
      if (texts[i]) labels.push({ text: texts[i], x: (left + right) / 2, y: bottom + 2, size: SMALL_SIZE });
    });
    const edge = Math.max(
      8,
      largestOf(texts, (label) => (textWidth(label, SMALL_SIZE) - slot) / 2 + 4),
    );
    return {
      ...framed({
        width: plotWidth,
        height: plotHeight,
        left: edge,
        right: edge,
        bottom: 8,
        title: figure.title,
        textWidth: 240 * shrink,
        // One unit is one pixel of the picture.
        x: { range: [0, plotWidth], look: 'cells' },
        y: { range: [plotHeight, 0], look: 'cells' },
      }),
      marks,
      labels,
    };
  },
};

/** How many images are in a row, how large a pixel is, and how wide an image with its label. */
function arrange({ images, columns: wanted }: ImageGridFigure, shrink: number) {
  const widest = largestOf(images, (image) => image.width);
  const tallest = largestOf(images, (image) => image.height);
  const labelSlot = slotForLabels(images);
  // The width of an image whose larger side is `LEAST`.
  const leastSlot = Math.max(labelSlot, (LEAST * widest) / Math.max(widest, tallest));
  const fitting = Math.max(1, Math.floor((GRID_WIDTH + LEAST_GAP) / (leastSlot + LEAST_GAP)));
  const columns = columnsThatFit(
    Math.min(wanted ?? defaultColumns(images.length), images.length),
    images.length,
    fitting,
  );
  const slotWith = (gap: number): number => (GRID_WIDTH - gap * (columns - 1)) / columns;
  const gap = slotWith(GAP) >= leastSlot ? GAP : LEAST_GAP;
  // One scale for all images: a 13 × 13 feature map looks half as large as a 26 × 26 one.
  const largest = Math.min(slotWith(gap) / widest, LARGEST / Math.max(tallest, widest), 28);
  const least = Math.min(largest, LEAST / Math.max(tallest, widest));
  // Whole pixels look equally large; but not at the price of a picture that is too small.
  const whole = Math.floor(Math.max(least, largest * shrink));
  const pixel = whole >= least ? whole : Math.max(least, largest * shrink);
  return { columns, gap, pixel, slot: Math.max(pixel * widest, labelSlot) };
}

/** The width each image needs for the longest word below any of them, in pixels; 0 without labels. */
function slotForLabels(images: readonly Image[]): number {
  const words = images.flatMap(({ label }) => (label ? label.split(/\s/) : []));
  if (words.length === 0) return 0;
  return Math.max(
    LABELLED_SLOT,
    largestOf(words, (word) => textWidth(word, SMALL_SIZE) + 2 - LEAST_GAP),
  );
}

/** The columns wanted; or, where they do not fit, half or a third of them; or rows of about equal length. */
function columnsThatFit(wanted: number, count: number, fitting: number): number {
  const part = [1, 2, 3]
    .map((parts) => wanted / parts)
    .find((columns) => Number.isInteger(columns) && columns <= fitting);
  return part ?? Math.ceil(count / Math.ceil(count / fitting));
}

function defaultColumns(count: number): number {
  if (count <= 10) return count;
  return [8, 10, 7, 6, 9].find((columns) => count % columns === 0) ?? 8;
}

function checkImage(callee: string, name: string, image: unknown): Rows {
  const required = ['pixels', 'height', 'width'];
  checkOptions<Image>(callee, image, imageRules, { name, prefix: `${name}.`, required, open: true });
  const { pixels, height, width, channels = 1 } = image;
  return rowsOfFlat(callee, `${name}.pixels`, pixels, height, width * channels);
}

function checkRanges(callee: string, all: readonly Image[], o: ImageGridOptions): void {
  const images = all.filter(isGrey);
  if (images.length === 0) return;
  checkColours(callee, allPixels(images), o);
  if (o.range === 'each') images.forEach(({ pixels }) => checkColours(callee, Array.from(pixels), o));
}

/** The colours of its cells are those of a scale. */
function isGrey({ channels = 1 }: Image): boolean {
  return channels === 1;
}

function rowsOf(pixels: ArrayLike<number>, height: number, width: number): Rows {
  return Array.from({ length: height }, (_, i) =>
    Array.from({ length: width }, (_, j) => pixels[i * width + j]),
  );
}

function allPixels(images: readonly Image[]): number[] {
  return images.flatMap(({ pixels }) => Array.from(pixels));
}

function describe(images: readonly Image[], title: string | undefined): string {
  const sizes = [
    ...new Set(images.map((image) => `${image.height} × ${image.width}${isGrey(image) ? '' : ' in colour'}`)),
  ];
  const labels = images.flatMap((image) => image.label ?? []).map(oneLine);
  return (
    `${titled('Images', title)}: ${images.length} of ${sizes.join(', ')}, ${valuesText(allPixels(images))}` +
    (labels.length > 0
      ? `, labelled ${labels.slice(0, 12).join(', ')}${labels.length > 12 ? ', …' : ''}`
      : '')
  );
}
