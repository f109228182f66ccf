/** The check of what widgets take that compute with a network: the network, and images for it. */
import { check, isObject, shown, text, whole } from '../check';
import type { NDArray } from '../ndarray';
import { checkFilled } from '../ndarray';
import type { NetworkOutline, PlainNetwork } from '../plainNetwork';

/** More pictures of digits would make a notebook large. */
const MOST_IMAGES = 10;

/** Throws unless `network` is what `plainNetwork` gives. That its layers fit each other is found when it computes. */
export function checkNetwork(callee: string, network: unknown): asserts network is PlainNetwork {
  if (isObject(network) && typeof network.getClassName === 'function') {
    throw new TypeError(
      `${callee}: network is a model, expected its layers as plain data: plainNetwork(model)`,
    );
  }
  const { layers } = checkOutline(callee, network);
  for (let i = 0; i < layers.length; i++) {
    if ('does' in (network as PlainNetwork).layers[i]) continue;
    throw new TypeError(
      `${callee}: network.layers[${i}] has no weights, expected what plainNetwork(model) gives`,
    );
  }
}

/** Throws unless `images` is a batch of one to ten images that the network takes. */
export function checkImages(
  callee: string,
  images: unknown,
  network: PlainNetwork,
): asserts images is NDArray {
  checkFilled(callee, 'images', images);
  const [count, ...shape] = images.shape;
  if (count >= 1 && count <= MOST_IMAGES && String(shape) === String(network.inputShape)) return;
  throw new RangeError(
    `${callee}: images have shape ${shown(images.shape)}, expected 1 to ${MOST_IMAGES} images ` +
      `[n, ${network.inputShape.join(', ')}], as the network takes`,
  );
}

/** Sizes alone, without weights, checked. */
export function checkOutline(callee: string, network: unknown): NetworkOutline {
  if (!isObject(network) || !('layers' in network && 'inputShape' in network)) {
    throw new TypeError(
      `${callee}: network is ${shown(network)}, expected what networkOutline(model) or plainNetwork(model) gives`,
    );
  }
  checkSizes(callee, 'network.inputShape', network.inputShape);
  if (!Array.isArray(network.layers)) {
    throw new TypeError(`${callee}: network.layers is ${shown(network.layers)}, expected a list of layers`);
  }
  const layers = Array.from(network.layers as readonly unknown[], (layer, i) => {
    const name = `network.layers[${i}]`;
    if (!isObject(layer)) throw new TypeError(`${callee}: ${name} is ${shown(layer)}, expected a layer`);
    check(callee, `${name}.name`, layer.name, text);
    check(callee, `${name}.kind`, layer.kind, text);
    checkSizes(callee, `${name}.outputShape`, layer.outputShape);
    check(callee, `${name}.parameters`, layer.parameters, whole(0));
    const { name: own, kind, outputShape, parameters, window } = layer;
    if (window !== undefined) checkSizes(callee, `${name}.window`, window);
    return { name: own, kind, outputShape, parameters, ...(window !== undefined && { window }) };
  });
  return { inputShape: network.inputShape, layers } as NetworkOutline;
}

function checkSizes(callee: string, name: string, sizes: unknown): void {
  if (!Array.isArray(sizes) || sizes.length === 0) {
    throw new TypeError(`${callee}: ${name} is ${shown(sizes)}, expected sizes such as [28, 28, 1]`);
  }
  for (let i = 0; i < sizes.length; i++) check(callee, `${name}[${i}]`, sizes[i], whole(1));
}
