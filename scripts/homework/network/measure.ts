/**
 * The fair protocol for networks that are handed in: each is built from its description and trained here, with three
 * seeds, on the same images in the same orders, for the same number of images; the median accuracy counts. What it costs
 * is held against the budget before anything is trained, and the test images are used once, after the training.
 */
import { evaluate, loadMnist, median, networkFromLayers, train } from 'convlab';
import { readEntry, type NetworkEntry, type NetworkLimits } from 'convlab/dist/exercises/homework/network';

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

export interface MeasuredNetwork {
  readonly parameters: number;
  /** For one image. */
  readonly multiplyAdds: number;
  /** The median over the seeds, on the test images. */
  readonly accuracy: number;
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
  const accuracies: number[] = [];
  for (const seed of protocol.seeds) accuracies.push(await accuracyOf(reading.entry, seed, signal));
  const accuracy = median(accuracies);
  const { parameters, multiplyAdds } = reading.cost;
  const right = limits.accuracies.filter((wanted) => accuracy >= wanted).length;
  const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;
  const next = right < cases ? ` The next step is ${percent(limits.accuracies[right])}.` : '';
  const message =
    `${parameters} parameters and ${multiplyAdds} multiply-adds for an image; the accuracy on the test images is ` +
    `${percent(accuracy)}, the median of ${accuracies.map(percent).join(', ')}.${next}`;
  return {
    state: right === cases ? 'passed' : 'wrong',
    message,
    right,
    cases,
    measured: { parameters, multiplyAdds, accuracy },
  };
}

async function accuracyOf(
  { layers, training }: NetworkEntry,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { train: digits, test } = await loadMnist({ source: 'subset' });
  const { optimizer, learningRate, batchSize } = training;
  const model = networkFromLayers(layers, { seed });
  try {
    const settings = { optimizer, learningRate, batchSize, seed, signal, epochs: protocol.epochs };
    await train(model, digits, { ...settings, quiet: true });
    signal?.throwIfAborted();
    return (await evaluate(model, test)).accuracy;
  } finally {
    model.dispose();
  }
}
