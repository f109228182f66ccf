/**
 * What a training step has to compute and to move, counted from the engine's plan: for roofline.ts.
 *
 * A convolution or dense layer of W weights at P positions takes P·W multiply-adds forward, as many for the gradient of
 * its weights, and as many for that of its input if a layer before it learns. The engine leaves out what a max-pooling in
 * its registers makes superfluous: positions in no window, and on the way back all but the winner of each window, which
 * counts only if the ReLU lets it through. And it leaves out products with inputs of a dense layer that are 0.
 */
import type { Network } from 'convlab/dist/engine/layers/readLayers';
import type { Plan, View } from 'convlab/dist/engine/plan/plan';

/** What half a step does between two barriers, for the whole batch. */
export interface HalfStep {
  readonly multiplyAdds: number;
  /** Floats, each of which is read or written once: what a cache that holds none of them would have to move. */
  readonly read: number;
  readonly written: number;
}

export interface StepWork {
  /** Multiply-adds of forward pass and gradients, nothing left out, for the whole batch. */
  readonly byTheBook: number;
  /** Images forward and backward. */
  readonly batchHalf: HalfStep;
  /** The gradients put together, which for dense layers are computed here, and Adam. */
  readonly updateHalf: HalfStep;
  /** Numbers that are trained. */
  readonly parameters: number;
}

/**
 * @param live the share of numbers that matter, by the index of the layer: of a pooled convolution's outputs those that pass
 *   on a gradient, of a dense layer's inputs those that are not 0
 */
export function workOfStep(network: Network, plan: Plan, live: (layer: number) => number): StepWork {
  const images = plan.batchSize;
  let byTheBook = 0;
  const multiplyAdds = { batch: 0, update: 0 };
  let parameters = 0;
  let partialGradients = 0;
  let denseOperands = 0;
  for (const operation of plan.operations) {
    if (operation.kind === 'normalization') parameters += 2 * operation.x.channels;
    if (operation.kind !== 'convolution') continue;
    const { dense, inputGradient, kernel, bias, outChannels, pooling, x, y } = operation;
    const weights = operation.rows * operation.run * outChannels;
    const [height, width] = network.layers[operation.layer].output;
    const positions = height * width;
    const pooled = y.height * y.width;
    const forward = pooling.kind === 'fused' ? 4 * pooled : positions;
    const backward = pooling.kind === 'none' ? positions : live(operation.layer) * pooled;
    const learned = (kernel.trainable ? weights : 0) + (bias.trainable ? outChannels : 0);
    const gradients = (learned > 0 ? 1 : 0) + (inputGradient ? 1 : 0);
    byTheBook += images * weights * positions * (1 + gradients);
    parameters += learned;
    if (dense && learned > 0) {
      const inputs = live(operation.layer);
      multiplyAdds.batch += images * weights * (inputs + (gradients - 1));
      multiplyAdds.update += images * weights * inputs;
      denseOperands += images * (floatsOf(x) + floatsOf(y));
    } else {
      multiplyAdds.batch += images * weights * (forward + gradients * backward);
      partialGradients += plan.groups * learned;
    }
  }
  const kept = images * keptFloats(plan);
  // With batch normalization the way back begins when all images have come to the end of the way there.
  const comesBack = plan.operations.some(({ kind }) => kind === 'normalization') ? kept : 0;
  return {
    byTheBook,
    batchHalf: {
      multiplyAdds: multiplyAdds.batch,
      // The images as they are in the data set, and the weights packed for the forward pass.
      read: images * floatsOf(plan.input) + parameters + comesBack,
      written: kept + partialGradients,
    },
    updateHalf: {
      multiplyAdds: multiplyAdds.update,
      // Weights, both moments and the gradient; written too are the packed weights.
      read: 4 * parameters + partialGradients + denseOperands,
      written: 5 * parameters,
    },
    parameters,
  };
}

/** Floats of an image in the tensors that outlast its turn, gradients included. */
function keptFloats({ input, operations }: Plan): number {
  const outputs = operations.flatMap((operation) =>
    operation.kind === 'convolution' && operation.pooling.kind === 'after'
      ? [operation.pooling.middle, operation.y]
      : [operation.y],
  );
  return [input, ...outputs]
    .filter(({ perBatch }) => perBatch)
    .reduce((sum, tensor) => sum + floatsOf(tensor) * (tensor.gradient === 0 ? 1 : 2), 0);
}

function floatsOf({ height, width, channels }: View): number {
  return height * width * channels;
}
