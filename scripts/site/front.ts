/** What the front page shows of the network and of the convolution: made of the course's own digits and stored outputs. */
import { PNG } from 'pngjs';
import {
  conv2d,
  convolutionStepper,
  imageBatch,
  kernelFromRows,
  loadMnist,
  rowsOf,
  type Widget,
} from 'convlab';
import { colourAt, SCALES } from '../../lib/src/plot/colours';
import type { DisplayOutput } from '../notebooks/result';
import { outputsHtml, type OutputPlace } from './notebook/outputs';

export interface Front {
  /** The digit and its feature map, as `data:` addresses of pictures with a pixel for each number. */
  readonly digit: string;
  readonly map: string;
  /** The convolution of the digit, to walk through: HTML. */
  readonly stepper: string;
}

/** Of the training digits: a 4, the one of notebook 1. */
const DIGIT = 24;
const EDGES = [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]; // prettier-ignore

export async function frontPage(place: OutputPlace): Promise<Front> {
  const { train } = await loadMnist();
  const x = imageBatch(train, [DIGIT]);
  const kernel = kernelFromRows(EDGES);
  const y = rowsOf(conv2d(x, kernel));
  const most = Math.max(...y.flat().map(Math.abs));
  return {
    digit: picture(rowsOf(x), (value) => colourAt(SCALES.gray, value)),
    map: picture(y, (value) => colourAt(SCALES.diverging, (value / most + 1) / 2)),
    stepper: widgetHtml(convolutionStepper(x, kernel), place),
  };
}

function picture(rows: readonly (readonly number[])[], colour: (value: number) => readonly number[]): string {
  const [height, width] = [rows.length, rows[0].length];
  const png = new PNG({ width, height, colorType: 2 });
  rows.flat().forEach((value, at) => png.data.set([...colour(value), 255], 4 * at));
  return `data:image/png;base64,${PNG.sync.write(png, { colorType: 2 }).toString('base64')}`;
}

/** As a notebook stores it. */
function widgetHtml(widget: Widget, place: OutputPlace): string {
  const shown = widget as unknown as Record<symbol, () => DisplayOutput['data']>;
  const data = shown[Symbol.for('Jupyter.display')]();
  return outputsHtml([{ output_type: 'display_data', data, metadata: {} }], place);
}
