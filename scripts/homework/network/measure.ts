/**
 * The fair protocol for networks that are handed in: each is built from its description and trained here, with three
 * seeds, on the same images in the same orders, for the same number of images; the mean accuracy counts. What it costs
 * is held against the budget before anything is trained, and the test images are used once, after the training.
 */
import {
  evaluate,
  loadMnist,
  mean,
  networkFromLayers,
  NonFiniteLossError,
  percent,
  schedules,
  train,
} from 'convlab';
import { readEntry, type NetworkEntry, type NetworkLimits } from 'convlab/dist/exercises/homework/network';
import type { MeasuredNetwork } from '../grade/job';

export type { NetworkLimits };

const protocol = {
  seeds: [1, 2, 3],
  /** Passes over the 8,000 training images that come with the package `mnist`. */
  epochs: 3,
} as const;

export interface NetworkFinding {
  readonly state: 'passed' | 'wrong';
  readonly message: string;
  /** How many of the accuracies of the limits are reached. */
  readonly right: number;
  readonly cases: number;
  readonly measured?: MeasuredNetwork;
}

/** @param answer what was handed in, as plain data */
export async function measureNetwork(
  answer: unknown,
  limits: NetworkLimits,
  signal?: AbortSignal,
): Promise<NetworkFinding> {
  const cases = limits.accuracies.length;
  const reading = readEntry(answer, limits);
  if ('fault' in reading) return { state: 'wrong', message: reading.fault, right: 0, cases };
  let accuracies: readonly number[];
  try {
    accuracies = await accuraciesOf(reading.entry, signal);
  } catch (error) {
    if (!(error instanceof NonFiniteLossError)) throw error;
    const why = error.message.replace(/^train: /, '');
    return { state: 'wrong', message: `Its training breaks off: ${why}.`, right: 0, cases };
  }
  const accuracy = mean(accuracies);
  const { parameters, multiplyAdds } = reading.cost;
  const right = limits.accuracies.filter((wanted) => accuracy >= wanted).length;
  const next = right < cases ? ` The next step is ${percent(limits.accuracies[right])}.` : '';
  const message =
    `${whole(parameters)} parameters and ${whole(multiplyAdds)} multiply-adds for an image; the accuracy on the test images is ` +
    `${percent(accuracy)}, the mean of ${accuracies.map((one) => percent(one)).join(', ')}.${next}`;
  return {
    state: right === cases ? 'passed' : 'wrong',
    message,
    right,
    cases,
    measured: { parameters, multiplyAdds, accuracies },
  };
}

const whole = (value: number): string => value.toLocaleString('en-US');

/** Of networks that were trained already: the same description gives the same accuracies. */
const known = new Map<string, readonly number[]>();

async function accuraciesOf(
  entry: NetworkEntry,
  signal: AbortSignal | undefined,
): Promise<readonly number[]> {
  const key = JSON.stringify(entry);
  const before = known.get(key);
  if (before) return before;
  const accuracies: number[] = [];
  for (const seed of protocol.seeds) accuracies.push(await accuracyOf(entry, seed, signal));
  known.set(key, accuracies);
  return accuracies;
}

/** Read once: it takes a second. */
let digits: ReturnType<typeof loadMnist> | undefined;

async function accuracyOf(
  { layers, training }: NetworkEntry,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const images = await (digits ??= loadMnist({ source: 'subset' }));
  const { optimizer, learningRate, schedule, batchSize } = training;
  const model = networkFromLayers(layers, { seed });
  try {
    const rate = schedule === 'cosine' ? schedules.cosine(learningRate) : learningRate;
    const settings = { optimizer, learningRate: rate, batchSize, seed, signal, epochs: protocol.epochs };
    await train(model, images.train, { ...settings, quiet: true });
    signal?.throwIfAborted();
    return (await evaluate(model, images.test)).accuracy;
  } finally {
    model.dispose();
  }
}
