/** The layers that the engine has read, and their weights, as a plain network: what widgets take. */
import { checkFinite } from '../check';
import type { Layer, Network, WeightRole } from '../engine/layers/readLayers';
import type { NDArray } from '../ndarray';
import type { LayerOutline, PlainActivation, PlainLayer, PlainNetwork } from '../plainNetwork';
import type { Windows } from '../shape';

type Weights = Partial<Readonly<Record<WeightRole, NDArray>>>;

/**
 * @param weights in the order of `network.weights`
 * @throws TypeError for a layer that a plain network has not, naming it
 * @throws RangeError for weights that are not finite
 */
export function plainOf(
  callee: string,
  { input, layers, weights: places }: Network,
  weights: readonly ArrayLike<number>[],
): PlainNetwork {
  const byLayer: Record<string, NDArray>[] = layers.map(() => ({}));
  places.forEach(({ layer, role, shape }, i) => {
    const data = Float64Array.from(weights[i]);
    checkFinite(callee, `the ${role} of layer ${layers[layer].name}`, data);
    byLayer[layer][role] = { shape, data };
  });
  return { inputShape: input, layers: layers.map((layer, i) => plainLayer(callee, layer, byLayer[i])) };
}

function plainLayer(callee: string, layer: Layer, weights: Weights): PlainLayer {
  const { name, className: kind, outputShape } = layer;
  const parameters = Object.values(weights).reduce((sum, { data }) => sum + data.length, 0);
  const outline: LayerOutline = { name, kind, outputShape, parameters };
  switch (layer.kind) {
    case 'convolution': {
      const { size, ...geometry } = geometryOf(layer.windows);
      const { kernel, bias } = weights as { kernel: NDArray; bias?: NDArray };
      const activation = plainActivation(callee, layer, layer.activation);
      // A dense layer on an image is a 1×1 convolution, with a kernel of two axes.
      const shape = [...size, ...kernel.shape.slice(-2)];
      const ofImages = { ...kernel, shape };
      return { ...outline, window: size, does: 'convolution', kernel: ofImages, bias, geometry, activation };
    }
    case 'dense': {
      const { kernel, bias } = weights as { kernel: NDArray; bias?: NDArray };
      return {
        ...outline,
        does: 'dense',
        kernel,
        bias,
        activation: plainActivation(callee, layer, layer.activation),
      };
    }
    case 'maxPool':
    case 'averagePool': {
      const { size, stride, padding } = geometryOf(layer.windows);
      return { ...outline, window: size, does: layer.kind, geometry: { size, stride, padding } };
    }
    case 'activation':
      return { ...outline, does: 'activation', activation: plainActivation(callee, layer, layer.activation) };
    case 'normalization': {
      const channels = layer.output[2];
      const filled = (value: number): NDArray => ({
        shape: [channels],
        data: new Float64Array(channels).fill(value),
      });
      const { gamma = filled(1), beta = filled(0), movingMean, movingVariance } = weights;
      const [mean, variance] = [movingMean, movingVariance] as NDArray[];
      return { ...outline, does: 'normalization', gamma, beta, mean, variance, epsilon: layer.epsilon };
    }
    case 'zeroPadding': {
      const { top, bottom, left, right } = layer.pads;
      return { ...outline, does: 'zeroPadding', padding: [[top, bottom], [left, right]] }; // prettier-ignore
    }
    case 'dropout':
    case 'reshape':
      return { ...outline, does: 'nothing' };
  }
}

function geometryOf({ rows, columns }: Windows): {
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: readonly [readonly [number, number], readonly [number, number]];
} {
  return {
    size: [rows.kernel, columns.kernel],
    stride: [rows.stride, columns.stride],
    dilation: [rows.dilation, columns.dilation],
    padding: [[rows.before, rows.after], [columns.before, columns.after]], // prettier-ignore
  };
}

function plainActivation(callee: string, { name, className }: Layer, activation: string): PlainActivation {
  const known = (['linear', 'relu', 'sigmoid', 'tanh', 'softmax'] as const).find((one) => one === activation);
  if (known) return known;
  throw new TypeError(
    `${callee}: layer ${name} (${className}) has the activation '${activation}', ` +
      "expected 'linear', 'relu', 'sigmoid', 'tanh' or 'softmax'",
  );
}
