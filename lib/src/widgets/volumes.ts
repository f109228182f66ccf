/** A network as a row of blocks: how large they are, what is written under them, and the drawing as SVG. */
import type { LayerOutline, NetworkOutline } from '../plainNetwork';

/** What layers of one shape have in common: one block of the drawing. */
export interface Volume {
  /** [height, width, channels], or [features]. */
  readonly shape: readonly number[];
  /** What it comes from; none for the input. */
  readonly layers: readonly LayerOutline[];
  readonly look: 'input' | 'convolution' | 'pooling' | 'dense' | 'other';
  readonly parameters: number;
}

/**
 * The input, and a block for each layer, except that layers which work on each number alone (an activation, dropout,
 * batch normalisation) belong to the block that they change, and zero padding to the layer after it.
 */
export function volumesOf({ inputShape, layers }: NetworkOutline): Volume[] {
  const volumes: { shape: readonly number[]; layers: LayerOutline[]; look: Volume['look'] }[] = [
    { shape: inputShape, layers: [], look: 'input' },
  ];
  let waiting: LayerOutline[] = [];
  layers.forEach((layer, i) => {
    const last = volumes[volumes.length - 1];
    const look = lookOf(layer);
    const keepsShape = String(layer.outputShape) === String(last.shape);
    if (layer.kind === 'ZeroPadding2D' && i + 1 < layers.length) waiting.push(layer);
    else if (look === 'other' && keepsShape && last.layers.length > 0 && waiting.length === 0)
      last.layers.push(layer);
    else {
      volumes.push({ shape: layer.outputShape, layers: [...waiting, layer], look });
      waiting = [];
    }
  });
  return volumes.map((volume) => ({
    ...volume,
    parameters: volume.layers.reduce((sum, { parameters }) => sum + parameters, 0),
  }));
}

function lookOf({ kind }: LayerOutline): Volume['look'] {
  if (/Conv/.test(kind)) return 'convolution';
  if (/Pooling/.test(kind)) return 'pooling';
  return kind === 'Dense' ? 'dense' : 'other';
}

/** `26 × 26 × 10` */
export function sizesText(shape: readonly number[]): string {
  return shape.map((size) => size.toLocaleString('en-US')).join(' × ');
}

/** `30,840 parameters` */
export function parametersText(count: number): string {
  return `${count.toLocaleString('en-US')} parameter${count === 1 ? '' : 's'}`;
}

/** In pixels: the tallest block, the type, and the room between columns. */
const TALLEST = 112;
const FONT = 12;
const LINE = 17;
const GAP = 20;
/** How far a pixel of an image's width goes to the right and up, as parts of one of its height. */
const SLANT = [0.34, 0.28] as const;

const NOTE =
  'Height and width to scale; channels and features by their square roots; bars: share of the parameters.';
const NOTE_FONT = 11;

/**
 * The drawing, an SVG without its styles. Height and width of blocks are to scale; channels, and the features of a list,
 * by their square roots, so that 500 and 10 fit into one picture.
 *
 * @param room in pixels, after which a new row begins; default none
 */
export function volumesSvg(
  outline: NetworkOutline,
  room = Infinity,
): {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
} {
  const volumes = volumesOf(outline);
  const total = volumes.reduce((sum, { parameters }) => sum + parameters, 0);
  const columns = rowsOf(volumes, room);
  const parts: string[] = [];
  let bottom = 26;
  for (const row of columns) {
    const { svg, height } = rowSvg(row, bottom, total);
    parts.push(...svg);
    bottom += height;
  }
  const title = `${parametersText(total)} in ${outline.layers.length} layer${outline.layers.length === 1 ? '' : 's'}`;
  const widest = Math.max(...columns.flat().map(({ left, width }) => left + width + 12));
  const notes = linesOf(NOTE, room);
  const width = Math.ceil(Math.max(widest, ...notes.map(noteWidth)));
  const svg = [
    `<text x="0" y="16" class="title">${title}</text>`,
    ...parts,
    ...notes.map(
      (note, line) => `<text x="0" y="${round(bottom + 12 + line * LINE)}" class="note">${note}</text>`,
    ),
  ].join('');
  return { svg, width, height: Math.ceil(bottom + 16 + (notes.length - 1) * LINE) };
}

function noteWidth(note: string): number {
  return note.length * NOTE_FONT * 0.51;
}

/** A note in as many lines as it needs. */
function linesOf(note: string, room: number): readonly string[] {
  const lines: string[] = [];
  for (const word of note.split(' ')) {
    const longer = [...lines.slice(-1), word].join(' ');
    if (lines.length > 0 && noteWidth(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A volume and its place in a row, in pixels. */
interface Column {
  readonly volume: Volume;
  readonly block: Block;
  /** Among all volumes. */
  readonly index: number;
  readonly left: number;
  readonly width: number;
}

/** Rows of columns, as many in each as fit. */
function rowsOf(volumes: readonly Volume[], room: number): readonly (readonly Column[])[] {
  const blockOf = blocksOf(volumes);
  const rows: Column[][] = [[]];
  let left = 6;
  volumes.forEach((volume, index) => {
    const block = blockOf(volume);
    const texts = textsOf(volume).map((text) => text.length * FONT * 0.56);
    const width = Math.max(block.deep + block.across, ...texts, 68);
    if (rows[rows.length - 1].length > 0 && left + width + 12 > room) {
      rows.push([]);
      // With room for the arrow from the row above.
      left = 6 + GAP;
    }
    rows[rows.length - 1].push({ volume, block, index, left, width });
    left += width + GAP;
  });
  return rows;
}

/** One row of the drawing, from `top` down. @param total the parameters of all rows */
function rowSvg(
  row: readonly Column[],
  top: number,
  total: number,
): { readonly svg: readonly string[]; readonly height: number } {
  const nameLines = Math.max(1, ...row.map(({ volume }) => volume.layers.length));
  const reach = Math.max(...row.map(({ block }) => (block.tall + block.up) / 2));
  const middle = top + 18 + reach;
  const textTop = middle + reach + 24;
  const height = textTop + (nameLines + 2) * LINE + 12 - top;
  const svg = row.flatMap(({ volume, block: { deep, tall, across, up }, index, left, width }) => {
    const centre = left + width / 2;
    const [x, y] = [centre - (deep + across) / 2, middle - tall / 2 + up / 2];
    const text = (line: number, words: string, look: string): string =>
      `<text x="${round(centre)}" y="${round(textTop + line * LINE)}" class="${look}">${escapeText(words)}</text>`;
    const names = volume.layers.length > 0 ? volume.layers.map(({ name }) => name) : ['input'];
    const share = total > 0 ? volume.parameters / total : 0;
    const bar = `x="${round(centre - 30)}" y="${round(textTop + (nameLines + 1) * LINE + 8)}" height="4" rx="2"`;
    const group = [
      `<g class="volume ${volume.look}" data-volume="${index}">`,
      `<rect class="ground" x="${round(left - GAP / 2 + 2)}" y="${round(top)}" width="${round(width + GAP - 4)}" height="${round(height - 10)}" rx="6"/>`,
      // Above the ground of the block that is chosen.
      ...(index > 0 ? [arrow(x - GAP * 0.5, middle)] : []),
      face('top', [x, y], [deep, 0], [across, -up]),
      face('side', [x + deep, y], [across, -up], [0, tall]),
      face('front', [x, y], [deep, 0], [0, tall]),
      text(0, sizesText(volume.shape), 'sizes'),
      ...names.map((name, line) => text(line + 1, name, 'name')),
      ...(volume.parameters > 0
        ? [
            text(nameLines + 1, volume.parameters.toLocaleString('en-US'), 'count'),
            `<rect class="rail" width="60" ${bar}/><rect class="share" width="${round(Math.max(1.5, 60 * share))}" ${bar}/>`,
          ]
        : []),
      '</g>',
    ];
    // With spaces between, since the texts together are the block's name for those who hear it.
    return [group.join(' ')];
  });
  return { svg, height };
}

/** Of a block in the drawing, in pixels: along the row, down, and what the third direction takes to the right and up. */
interface Block {
  readonly deep: number;
  readonly tall: number;
  readonly across: number;
  readonly up: number;
}

/** How large each of them is drawn, on one scale. */
function blocksOf(volumes: readonly Volume[]): (volume: Volume) => Block {
  const images = volumes.flatMap(({ shape }) => (shape.length >= 2 ? shape.slice(0, -1) : []));
  const lists = volumes.flatMap(({ shape }) => (shape.length === 1 ? shape : []));
  const perPixel = TALLEST / Math.max(1, ...images);
  const perRoot = Math.min(6, TALLEST / Math.sqrt(Math.max(1, ...lists)));
  const thin = { across: 8 * SLANT[0], up: 8 * SLANT[1] };
  return ({ shape }) => {
    if (shape.length === 1) return { deep: 9, tall: Math.max(4, perRoot * Math.sqrt(shape[0])), ...thin };
    // Of a sequence, only its length is to scale; of a film or a solid, height and width are.
    const [height, width] = shape.length === 2 ? [1, shape[0]] : shape.slice(-3);
    const rest = [...shape.slice(0, -3), shape[shape.length - 1]].reduce((a, b) => a * b, 1);
    const side = Math.max(4, width * perPixel);
    return {
      deep: Math.min(90, 3.2 * Math.sqrt(rest)),
      tall: Math.max(4, height * perPixel),
      ...{ across: side * SLANT[0], up: side * SLANT[1] },
    };
  };
}

function textsOf({ shape, layers, parameters }: Volume): string[] {
  return [`${sizesText(shape)} `, ...layers.map(({ name }) => name), parameters.toLocaleString('en-US')];
}

type Point = readonly [number, number];

/** A parallelogram from a corner along two sides. */
function face(name: string, [x, y]: Point, [ax, ay]: Point, [bx, by]: Point): string {
  const corners = [[x, y], [x + ax, y + ay], [x + ax + bx, y + ay + by], [x + bx, y + by]]; // prettier-ignore
  const points = corners.map((corner) => corner.map(round).join(',')).join(' ');
  return `<polygon class="face ${name}" points="${points}"/>`;
}

function arrow(x: number, y: number): string {
  return `<path class="arrow" d="M${round(x - 7)} ${round(y)}h8m-4 -4l4 4l-4 4"/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** The styles of the drawing, in the variables that {@link VOLUMES_COLOURS} sets for a picture and the kit for a page. */
export const VOLUMES_STYLE = `
.volumes text { font: ${FONT}px Helvetica, Arial, sans-serif; text-anchor: middle; fill: var(--faint); }
.volumes text.title { font-size: 15px; font-weight: 600; text-anchor: start; fill: var(--ink); }
.volumes text.note { font-size: ${NOTE_FONT}px; text-anchor: start; }
.volumes text.sizes { font-weight: 600; fill: var(--ink); }
.volumes text.count { fill: var(--ink); }
.volumes .ground { fill: none; }
.volumes .face { stroke: var(--paper); stroke-width: 1; stroke-linejoin: round; fill: var(--block); }
.volumes .top { fill-opacity: 0.5; }
.volumes .side { fill-opacity: 0.72; }
.volumes .arrow { fill: none; stroke: var(--edge); stroke-width: 1.4; }
.volumes .rail { fill: var(--rule); }
.volumes .share { fill: var(--block); }
.volume { --block: var(--edge); }
.volume.convolution { --block: #2f7fc1; }
.volume.pooling { --block: #2a9d78; }
.volume.dense { --block: #d9730d; }
`;
