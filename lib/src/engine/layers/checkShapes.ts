/**
 * Whether every layer of a network has something to give: a window larger than its image leaves an output without
 * pixels. TensorFlow.js builds such a layer without complaint, and computing it can end its WebAssembly backend for
 * the rest of the process.
 */
import type { layers, Sequential } from '@tensorflow/tfjs-layers';
import { shown } from '../../check';
import { layerChain } from './layerChain';

/** Lengths of axes, the batch first; null where one is not known, as the batch. */
type Shape = readonly (number | null)[];

/** The options that decide the size of a layer's output: those that must be whole and positive, and others. */
const counts = ['filters', 'units', 'kernelSize', 'poolSize', 'strides', 'dilationRate', 'size', 'n'];
const others = ['padding', 'cropping', 'targetShape'];

/**
 * @param callee who is given the model, for messages
 * @param chain its layers in the order in which they compute
 * @throws RangeError naming the layer, its input and its window, when an axis of its output is shorter than 1
 */
export function checkShapes(
  callee: string,
  model: Sequential,
  chain: readonly layers.Layer[] = layerChain(callee, model),
): void {
  const inputs: readonly { readonly shape: Shape }[] = model.inputs ?? [];
  if (inputs.length === 0) throw new TypeError(`${callee}: the model has no layers, expected at least one`);
  if (inputs.length !== 1) {
    throw new TypeError(`${callee}: the model has ${inputs.length} inputs, expected one, the images`);
  }
  let { shape } = inputs[0];
  if (!isWhole(shape)) {
    throw new RangeError(
      `${callee}: the input of the model is ${shown(shape.slice(1))}, expected at least 1 on every axis`,
    );
  }
  for (const layer of chain) {
    if (layer.getClassName() === 'InputLayer') continue;
    checkCounts(callee, layer);
    const output = layer.computeOutputShape(shape as number[]) as Shape;
    checkOutput(callee, layer, shape, output);
    // A nested model with branches.
    if ('layers' in layer) checkNodes(callee, layer.layers as layers.Layer[]);
    shape = output;
  }
}

/** Checks layers that are not a chain by the shapes that they have been given in whatever models they are part of. */
function checkNodes(callee: string, nested: readonly layers.Layer[]): void {
  for (const layer of nested) {
    checkCounts(callee, layer);
    for (const { inputShapes, outputShapes } of layer.inboundNodes) {
      checkOutput(callee, layer, inputShapes as Shape, outputShapes as Shape);
    }
  }
}

function checkCounts(callee: string, layer: layers.Layer): void {
  const config = layer.getConfig();
  for (const name of counts) {
    const given = config[name];
    const values: unknown[] = Array.isArray(given) ? given : [given];
    if (values.every((value) => typeof value !== 'number' || (Number.isInteger(value) && value >= 1)))
      continue;
    throw new RangeError(
      `${told(callee, layer)}: ${name} is ${shown(given)}, expected whole numbers of at least 1`,
    );
  }
}

function checkOutput(callee: string, layer: layers.Layer, input: Shape, output: Shape): void {
  if (isWhole(output)) return;
  const config = layer.getConfig();
  const options = [...counts, ...others]
    .filter((name) => config[name] !== undefined && config[name] !== null)
    .map((name) => ` ${name} ${shown(config[name])}`);
  throw new RangeError(
    `${told(callee, layer)} turns its input ${shown(input.slice(1))} into an output ${shown(output.slice(1))}` +
      `${options.length > 0 ? ' with' : ''}${options.join(',')}; expected at least 1 on every axis`,
  );
}

const told = (callee: string, layer: layers.Layer): string =>
  `${callee}: layer ${layer.name} (${layer.getClassName()})`;

/** Of one shape, or of the shapes of several tensors. */
function isWhole(shape: Shape): boolean {
  return shape.flat().every((length) => length === null || (Number.isInteger(length) && length >= 1));
}
