/** A network to look into: the numbers of each layer for a digit, down to the products that made them. */
import type { NDArray } from '../ndarray';
import type { PlainNetwork } from '../plainNetwork';
import { named } from './arrays';
import { checkImages, checkNetwork } from './checkNetwork';
import { forward, imageOf } from './forward';
import type { Widget } from './host';
import { widget } from './host';
import { stillVolumes } from './networkVolumes';
import type { PackedNetwork } from './packedNetwork';
import { packNetwork } from './packedNetwork';
import { parametersText } from './volumes';

/** What the page gets. */
export interface NetworkExplorerData {
  readonly network: PackedNetwork;
  /** `[n, …inputShape]` */
  readonly images: NDArray;
}

/**
 * A trained network to look into: choose an image and a layer, see its kernels next to its feature maps, and point at a
 * number to see the products that it is the sum of. All numbers are computed in the page, by `ops`.
 *
 * The weights are stored in the notebook. Those of a large kernel are rounded, by less than an 8,000,000th of the
 * largest one, and take four bytes each.
 *
 * @param network {@link plainNetwork} of a trained model
 * @param images `[n, …]`, one to ten images to choose from
 * @returns an object that shows itself where it is the last expression of a cell
 * @throws TypeError or RangeError for something else than a network with its weights, and for images that it does not take
 * @example networkExplorer(plainNetwork(model), imageBatch(test, [0, 1, 2]))
 */
export function networkExplorer(network: PlainNetwork, images: NDArray): Widget {
  const callee = 'networkExplorer';
  checkNetwork(callee, network);
  checkImages(callee, images, network);
  named(callee, () => forward(network, imageOf(images, 0)));
  const total = network.layers.reduce((sum, { parameters }) => sum + parameters, 0);
  const description = `A network of ${network.layers.length} layers and ${parametersText(total)} to look into`;
  const data: NetworkExplorerData = { network: packNetwork(network), images };
  return widget(
    'networkExplorer',
    { ...data },
    { description, picture: () => stillVolumes(network, description) },
  );
}
