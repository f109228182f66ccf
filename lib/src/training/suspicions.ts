/**
 * Signs that a training, or what is asked of a network, is not what was meant: nothing fails, and the numbers are poor.
 * Each is a warning that points to the section of notebook 14 which shows the mistake and its cure.
 */
import type { layers, Sequential } from '@tensorflow/tfjs-layers';
import type { Dataset } from '../data/dataset';
import { layerChain } from '../engine';
import type { LossName, OptimizerSettings } from '../engine/types';
import { warnOnce } from '../warnOnce';
import { percent, type EpochRecord } from './history';

/** Networks that cross-entropy has trained from scores: what they give is probabilities only after a softmax. */
const trainedFromScores = new WeakSet<Sequential>();

/**
 * Warns of an activation that keeps the scores from being any number. Cross-entropy and hinge are taken from the
 * scores before a final softmax, so one softmax is as it should be, and a second one is not.
 */
export function suspectOutput(model: Sequential, loss: LossName): void {
  if (loss === 'meanSquaredError') return;
  const ends = outputActivations(model);
  const isSoftmax = ends[0]?.activation === 'softmax';
  // Hinge makes no probabilities of scores.
  if (!isSoftmax && loss === 'crossEntropy') trainedFromScores.add(model);
  const end = ends[isSoftmax ? 1 : 0];
  if (end?.activation === 'softmax') {
    warnOnce(
      'softmax twice',
      `train: layer ${end.name} applies softmax before the last softmax, so the loss can hardly tell right from wrong; ` +
        'leave one of the two out (notebook 14, section 14.3).',
    );
  } else if (end && /^(relu|sigmoid|tanh)$/i.test(end.activation)) {
    const range = { relu: 'below 0', sigmoid: 'outside 0 to 1', tanh: 'outside −1 to 1' };
    warnOnce(
      `${end.activation} as output`,
      `train: layer ${end.name} ends the network with ${end.activation}, so no score can be ` +
        `${range[end.activation as keyof typeof range]}; let it end with softmax or without an activation ` +
        '(notebook 14, section 14.3).',
    );
  }
}

/** The activations that a network's output has gone through since the last sums, the last one first. */
function outputActivations(model: Sequential): { readonly name: string; readonly activation: string }[] {
  const ends: { name: string; activation: string }[] = [];
  for (const layer of layerChain('train', model).reverse()) {
    const activation = activationOf(layer);
    if (activation !== undefined && activation !== 'linear') ends.push({ name: layer.name, activation });
    // What computes something else than an activation, a shape or a dropout makes new numbers.
    if (!/^(Softmax|ReLU|Activation|Flatten|Reshape|Dropout)$/.test(layer.getClassName())) break;
  }
  return ends;
}

function activationOf(layer: layers.Layer): string | undefined {
  if (layer.getClassName() === 'Softmax') return 'softmax';
  if (layer.getClassName() === 'ReLU') return 'relu';
  const { activation } = layer.getConfig();
  return typeof activation === 'string' ? activation : undefined;
}

/** Warns when what `predict` gives is taken for probabilities and cannot be. */
export function suspectScores(model: Sequential, output: Float32Array): void {
  if (!trainedFromScores.has(model)) return;
  if (output.subarray(0, LOOKED_AT).every((value) => value >= 0 && value <= 1)) return;
  warnOnce(
    'scores for probabilities',
    `predict: the network ${model.name} was trained by cross-entropy and does not end with softmax, so these are ` +
      'scores; softmax turns them into probabilities (notebook 14, section 14.3).',
  );
}

/** So many numbers are looked at, the first: a data set is scaled as a whole, and 80 digits show it. */
const LOOKED_AT = 2 ** 16;
/** The root mean square of pixels in 0..1 is below 1, that of standardised ones is 1. */
const LARGE = 2;

/**
 * Warns of pixels far from 0..1. Standardised pixels, which are negative too, are as good, and a layer's features,
 * which may be trained on instead of images, may be of any size.
 *
 * @param imageShape [height, width, channels], or whatever else one image is
 */
export function suspectPixels(
  callee: string,
  name: string,
  images: Float32Array,
  imageShape: readonly number[],
): void {
  const [height, width, channels] = imageShape;
  if (imageShape.length !== 3 || height * width === 1 || channels > 4) return;
  let [least, most, squares] = [Infinity, -Infinity, 0];
  const looked = images.subarray(0, LOOKED_AT);
  for (const pixel of looked) {
    if (pixel < least) least = pixel;
    if (pixel > most) most = pixel;
    squares += pixel * pixel;
  }
  const isLarge = Math.sqrt(squares / looked.length) > LARGE;
  if (!isLarge && (least < 0 || most <= 1)) return;
  warnOnce(
    'pixels beyond 0..1',
    `${callee}: ${name} holds pixels from ${shortened(least)} to ${shortened(most)}, where 0 to 1 is expected; ` +
      'divide bytes by 255 (notebook 14, section 14.5).',
  );
}

function shortened(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** Adam moves each weight by about the learning rate in each step, whatever the gradient. */
const LARGEST_ADAM_RATE = 0.1;

/** @param rates of the steps to come */
export function suspectRates({ kind }: OptimizerSettings, rates: Float64Array): void {
  if (kind !== 'adam') return;
  const largest = rates.reduce((a, b) => Math.max(a, b), 0);
  if (largest <= LARGEST_ADAM_RATE) return;
  warnOnce(
    'rate beyond 0.1 with adam',
    `train: learningRate is ${shortened(largest)}, and adam moves every weight by about that much in each step; ` +
      '0.001 is usual (notebook 14, section 14.4).',
  );
}

/** A network that has made fewer steps, or seen fewer images, need not have learned anything. */
const ENOUGH_STEPS = 30;
const ENOUGH_IMAGES = 1000;

/**
 * Warns, once there have been enough steps, when the accuracy of an epoch is that of chance: within two standard
 * errors of always naming the commonest class.
 *
 * @param steps of the training so far
 */
export function suspectChance(
  { labels, size }: Dataset,
  { epoch, accuracy }: EpochRecord,
  steps: number,
): void {
  if (steps < ENOUGH_STEPS || size * epoch < ENOUGH_IMAGES) return;
  const counts = new Uint32Array(256);
  for (const label of labels) counts[label]++;
  const chance = Math.max(...counts) / size;
  if (chance === 1 || accuracy > chance + 2 * Math.sqrt((chance * (1 - chance)) / size)) return;
  warnOnce(
    'accuracy of chance',
    `train: in epoch ${epoch} the network is right for ${percent(accuracy)} of the images; always naming the most ` +
      `frequent class would be right for ${percent(chance)}: it has learned nothing (notebook 14, section 14.1).`,
  );
}
