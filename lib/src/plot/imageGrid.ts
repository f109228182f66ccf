/** Several small images in rows: digits, kernels, feature maps. */
import { anything, checkOptions, finite, oneOf, text, whole } from '../check';
import type { OptionRules } from '../check';
import { showsItself } from './bundle';
import { colourRange } from './cells';
import { checkList, textRules } from './checks';
import { extent, largestOf, readable, rowsOfFlat, storedRows, titled } from './figure';
import type { Figure } from './figure';
import { framedLayout, lineCount, plainText, RULE, SCALES, SMALL_SIZE, textWidth, wrap } from './style';

export interface Image {
  /** height × width values, row-major; a typed array will do. */
  readonly pixels: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
  /** Written below the image. */
  readonly label?: string;
}

export interface ImageGridOptions {
  readonly title?: string;
  /** Images per row; fewer where labels need more room. Default: up to 10 in one row, else rows of about 8. */
  readonly columns?: number;
  /** Default `diverging` when there are values below zero, else `gray` (0 black). */
  readonly scale?: 'gray' | 'diverging';
  /** `shared`: one value has one colour in all images. `each`: every image uses the whole scale. Default `shared`. */
  readonly range?: 'shared' | 'each';
  readonly min?: number;
  readonly max?: number;
  readonly description?: string;
}

const imageRules: OptionRules<Image> = { pixels: anything, height: whole(1), width: whole(1), label: text };
const optionRules: OptionRules<ImageGridOptions> = {
  ...textRules,
  columns: whole(1),
  scale: oneOf('gray', 'diverging'),
  range: oneOf('shared', 'each'),
  min: finite(),
  max: finite(),
};

const GRID_WIDTH = 676;
const GAP = 10;
/** The minimum width, in pixels, for an image with a label below it. */
const LABELLED_SLOT = 40;

/**
 * Small images in rows, upright, with square pixels.
 *
 * @throws TypeError or RangeError when there is no image or its pixels are not height × width numbers
 * @example imageGrid([{ pixels: test.images.subarray(0, 784), height: 28, width: 28, label: '7' }])
 */
export function imageGrid(images: readonly Image[], o: ImageGridOptions = {}): Figure {
  const callee = 'imageGrid';
  checkList(callee, 'images', images, '{ pixels, height, width }');
  checkOptions(callee, o, optionRules);
  const required = ['pixels', 'height', 'width'];
  const grids = Array.from(images, (one, i) => {
    checkOptions(callee, one, imageRules, {
      name: `images[${i}]`,
      prefix: `images[${i}].`,
      required,
      open: true,
    });
    const { pixels, height, width } = one;
    return rowsOfFlat(callee, `images[${i}].pixels`, pixels, height, width);
  });
  const all = grids.flat(2);
  const { scale = all.some((value) => value < 0) ? 'diverging' : 'gray' } = o;
  const shared = colourRange(callee, all, scale, o);

  const { columns: wanted = defaultColumns(images.length) } = o;
  const leastSlot = slotForLabels(images);
  const columns = columnsThatFit(Math.min(wanted, images.length), images.length, leastSlot);
  const tallest = largestOf(images, (image) => image.height);
  const widest = largestOf(images, (image) => image.width);
  // One scale for all images: a 13 × 13 feature map looks half as large as a 26 × 26 one.
  const pixel = pixelSide(
    Math.min((GRID_WIDTH - GAP * (columns - 1)) / columns, 140) / widest,
    140 / tallest,
  );
  const slot = Math.max(pixel * widest, leastSlot);
  const labels = images.map((image) => (image.label ? wrap(image.label, SMALL_SIZE, slot + GAP - 2) : ''));
  const labelLines = largestOf(labels, (label) => (label ? lineCount(label) : 0));
  const rowHeight = pixel * tallest + labelLines * SMALL_SIZE * 1.3 + (labelLines > 0 ? 4 : 0);
  const rowCount = Math.ceil(images.length / columns);
  const plotWidth = Math.round(columns * slot + (columns - 1) * GAP);
  const plotHeight = Math.round(rowCount * rowHeight + (rowCount - 1) * GAP);

  const data: object[] = [];
  const shapes: object[] = [];
  const annotations: object[] = [];
  grids.forEach((rows, i) => {
    const { height, width } = images[i];
    const left = (i % columns) * (slot + GAP) + (slot - pixel * width) / 2;
    const top = Math.floor(i / columns) * (rowHeight + GAP) + (pixel * (tallest - height)) / 2;
    const [low, high] = o.range === 'each' ? colourRange(callee, rows.flat(), scale, o) : shared;
    data.push({
      type: 'heatmap',
      z: storedRows(rows),
      x0: left + pixel / 2,
      dx: pixel,
      y0: top + pixel / 2,
      dy: pixel,
      zmin: low,
      zmax: high,
      colorscale: SCALES[scale],
      showscale: false,
      ...(images[i].label && { name: images[i].label }),
      hovertemplate: `%{z}<extra>${images[i].label ?? ''}</extra>`,
    });
    shapes.push({
      type: 'rect',
      x0: left,
      x1: left + pixel * width,
      y0: top,
      y1: top + pixel * height,
      line: { color: RULE, width: 1 },
    });
    if (labels[i]) {
      annotations.push({
        text: labels[i],
        x: left + (pixel * width) / 2,
        y: top + pixel * height + 2,
        xref: 'x',
        yref: 'y',
        xanchor: 'center',
        yanchor: 'top',
        showarrow: false,
        borderpad: 0,
        font: { size: SMALL_SIZE },
      });
    }
  });
  const edge = Math.max(8, ...labels.map((label) => (textWidth(label, SMALL_SIZE) - slot) / 2 + 4));
  const axis = { visible: false, fixedrange: true };
  return showsItself({
    data,
    layout: {
      ...framedLayout({ plotWidth, plotHeight, left: edge, right: edge, bottom: 8, title: o.title }),
      // One unit is one pixel of the picture.
      xaxis: { ...axis, range: [0, plotWidth] },
      yaxis: { ...axis, range: [plotHeight, 0] },
      shapes,
      annotations,
    },
    description: o.description ?? describe(images, all, o.title),
  });
}

/** Whole pixels, so that all cells look equally large. */
function pixelSide(...limits: readonly number[]): number {
  const side = Math.min(...limits, 28);
  return side >= 1 ? Math.floor(side) : side;
}

/** The width each image needs for the longest word below any of them, in pixels; 0 without labels. */
function slotForLabels(images: readonly Image[]): number {
  const words = images.flatMap(({ label }) => (label ? label.split(/ |<br\s*\/?>/) : []));
  if (words.length === 0) return 0;
  return Math.max(LABELLED_SLOT, ...words.map((word) => textWidth(word, SMALL_SIZE) + 2 - GAP));
}

/** The columns wanted, or as many as there is room for, in rows of about equal length. */
function columnsThatFit(wanted: number, count: number, slot: number): number {
  const fitting = Math.max(1, Math.floor((GRID_WIDTH + GAP) / (slot + GAP)));
  return wanted <= fitting ? wanted : Math.ceil(count / Math.ceil(count / fitting));
}

function defaultColumns(count: number): number {
  if (count <= 10) return count;
  return [8, 10, 7, 6, 9].find((columns) => count % columns === 0) ?? 8;
}

function describe(images: readonly Image[], all: readonly number[], title: string | undefined): string {
  const sizes = [...new Set(images.map(({ height, width }) => `${height} × ${width}`))];
  const labels = images.flatMap((image) => image.label ?? []).map(plainText);
  const [low, high] = extent(all);
  return (
    `${titled('Images', title)}: ${images.length} of ${sizes.join(', ')}, ` +
    `values from ${readable(low)} to ${readable(high)}` +
    (labels.length > 0
      ? `, labelled ${labels.slice(0, 12).join(', ')}${labels.length > 12 ? ', …' : ''}`
      : '')
  );
}
