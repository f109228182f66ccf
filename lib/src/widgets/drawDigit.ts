/** A sheet to draw a digit on, and the network that reads it, in the page. */
import { shown } from '../check';
import type { NDArray } from '../ndarray';
import { barChart, heatMap, sideBySide } from '../plot';
import { toSvg } from '../plot/draw';
import type { PlainNetwork } from '../plainNetwork';
import { rowsOf } from '../rows';
import { named } from './arrays';
import { checkImages, checkNetwork } from './checkNetwork';
import { forward, imageOf } from './forward';
import type { Widget } from './host';
import { widget } from './host';
import type { PackedNetwork } from './packedNetwork';
import { packNetwork } from './packedNetwork';
import { parametersText } from './volumes';

/** What the page gets. */
export interface DrawDigitData {
  readonly network: PackedNetwork;
  /** `[1, 28, 28, 1]`, shown until the reader draws. */
  readonly example: NDArray;
}

/**
 * A sheet to draw a digit on, with mouse, finger or keys. At each stroke the drawing is brought into the form of MNIST's
 * digits and goes through the network, in the page and by `ops`: the probabilities of the classes, the feature maps of
 * the convolutions, and what becomes of them when the digit is turned or moved.
 *
 * The weights are stored in the notebook. Those of a large kernel are rounded, by less than an 8,000,000th of the
 * largest one, and take four bytes each.
 *
 * @param network {@link plainNetwork} of a trained model that takes `[28, 28, 1]` and gives a number for each class
 * @param images `[1, 28, 28, 1]`, a digit that is shown until one draws
 * @returns an object that shows itself where it is the last expression of a cell
 * @throws TypeError or RangeError for another network, and for images that it does not take
 * @example drawDigit(plainNetwork(model), imageBatch(test, [0]))
 */
export function drawDigit(network: PlainNetwork, images: NDArray): Widget {
  const callee = 'drawDigit';
  checkNetwork(callee, network);
  const last = network.layers.at(-1);
  if (String(network.inputShape) !== '28,28,1' || last?.outputShape.length !== 1) {
    const sizes = `${shown(network.inputShape)} and gives ${shown(last?.outputShape)}`;
    throw new RangeError(
      `${callee}: network takes ${sizes}, expected one from [28, 28, 1] to a number for each class`,
    );
  }
  checkImages(callee, images, network);
  const example = imageOf(images, 0);
  const results = named(callee, () => forward(network, example));
  const scores = Array.from(results[results.length - 1].y.data);
  const total = network.layers.reduce((sum, { parameters }) => sum + parameters, 0);
  const description = `A sheet to draw a digit on, read by a network of ${parametersText(total)}`;
  const data: DrawDigitData = { network: packNetwork(network), example };
  return widget(
    'drawDigit',
    { ...data },
    { description, picture: () => stillPicture(example, scores, description) },
  );
}

function stillPicture(image: NDArray, scores: readonly number[], description: string): string {
  const row = sideBySide(
    [
      heatMap(rowsOf(image), { title: 'what the network sees', colourBar: false }),
      barChart(scores.map((_, digit) => String(digit)), scores, { title: 'what it answers' }),
    ], // prettier-ignore
    { description },
  );
  return toSvg(row);
}
