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

/** In pixels: the tallest block, the type, and the room of a column. */
const TALLEST = 112;
const FONT = 12;
const LINE = 17;
const GAP = 20;
const TOP = 44;
/** How far a pixel of an image's width goes to the right and up, as parts of one of its height. */
const SLANT = [0.34, 0.28] as const;

/**
 * The drawing, an SVG without its styles. Height and width of blocks are to scale; channels, and the features of a list,
 * by their square roots, so that 500 and 10 fit into one picture.
 */
export function volumesSvg(outline: NetworkOutline): {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
} {
  const volumes = volumesOf(outline);
  const total = volumes.reduce((sum, { parameters }) => sum + parameters, 0);
  const blocks = volumes.map(blockOf(volumes));
  const nameLines = Math.max(1, ...volumes.map(({ layers }) => layers.length));
  const reach = Math.max(...blocks.map(({ tall, up }) => (tall + up) / 2));
  const middle = TOP + reach;
  const textTop = middle + reach + 24;
  const height = textTop + (nameLines + 2) * LINE + 34;
  let left = 6;
  const parts: string[] = [];
  volumes.forEach((volume, i) => {
    const { deep, tall, across, up } = blocks[i];
    const texts = textsOf(volume);
    const room = Math.max(deep + across, ...texts.map((text) => text.length * FONT * 0.56), 68);
    const centre = left + room / 2;
    const [x, y] = [centre - (deep + across) / 2, middle - tall / 2 + up / 2];
    if (i > 0) parts.push(arrow(x - GAP * 0.5, middle));
    const text = (line: number, words: string, look: string): string =>
      `<text x="${round(centre)}" y="${round(textTop + line * LINE)}" class="${look}">${escapeText(words)}</text>`;
    const names = volume.layers.length > 0 ? volume.layers.map(({ name }) => name) : ['input'];
    const share = total > 0 ? volume.parameters / total : 0;
    const bar = `x="${round(centre - 30)}" y="${round(textTop + (nameLines + 1) * LINE + 8)}" height="4" rx="2"`;
    const group = [
      `<g class="volume ${volume.look}" data-volume="${i}">`,
      `<rect class="ground" x="${round(left - GAP / 2 + 2)}" y="${TOP - 18}" width="${round(room + GAP - 4)}" height="${round(height - TOP - 6)}" rx="6"/>`,
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
    parts.push(group.join(' '));
    left += room + GAP;
  });
  const note =
    'Height and width to scale; channels and features by their square roots; bars: share of the parameters.';
  const title = `${parametersText(total)} in ${outline.layers.length} layer${outline.layers.length === 1 ? '' : 's'}`;
  const width = Math.ceil(Math.max(left - GAP + 12, note.length * 5.6));
  const svg = [
    `<text x="0" y="16" class="title">${title}</text>`,
    ...parts,
    `<text x="0" y="${round(height - 4)}" class="note">${note}</text>`,
  ].join('');
  return { svg, width, height: Math.ceil(height) };
}

/** Of a block in the drawing, in pixels: along the row, down, and what the third direction takes to the right and up. */
interface Block {
  readonly deep: number;
  readonly tall: number;
  readonly across: number;
  readonly up: number;
}

function blockOf(volumes: readonly Volume[]): (volume: Volume) => Block {
  const images = volumes.flatMap(({ shape }) => (shape.length >= 2 ? shape.slice(0, -1) : []));
  const lists = volumes.flatMap(({ shape }) => (shape.length === 1 ? shape : []));
  const perPixel = TALLEST / Math.max(1, ...images);
  const perRoot = Math.min(6, TALLEST / Math.sqrt(Math.max(1, ...lists)));
  const thin = { across: 8 * SLANT[0], up: 8 * SLANT[1] };
  return ({ shape }) => {
    if (shape.length === 1) return { deep: 9, tall: Math.max(4, perRoot * Math.sqrt(shape[0])), ...thin };
    const [height, width] = shape.length === 2 ? [1, shape[0]] : shape.slice(-3);
    const side = Math.max(4, width * perPixel);
    return {
      deep: Math.min(90, 3.2 * Math.sqrt(shape[shape.length - 1])),
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
.volumes text.note { font-size: 11px; text-anchor: start; }
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
