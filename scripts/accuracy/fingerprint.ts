/** Whether two runs of one recipe were made by the same network, random numbers and arithmetic. */
import { createHash } from 'node:crypto';
import { random, train, type Dataset } from 'convlab';
import { trainOptions, type Experiment } from './experiments';

/**
 * A hash of the weights after two short epochs on a few fixed images.
 *
 * Training gives the same bits on every machine and for every number of threads, so this differs exactly when something
 * does that the results depend on: the network, its initial weights, the order of the images, the augmentation, or
 * the engine's arithmetic. So nobody has to remember to raise a version number.
 */
export async function fingerprint({ model, recipe }: Pick<Experiment, 'model' | 'recipe'>): Promise<string> {
  const network = model({ seed: 1 });
  try {
    // Averages are taken every 10 steps: two epochs have more than that for batches of up to 64.
    await train(network, fixedImages(400), { ...trainOptions(recipe), epochs: 2, seed: 1 });
    const hash = createHash('sha256');
    for (const weights of network.getWeights()) hash.update(weights.dataSync() as Float32Array);
    return hash.digest('hex').slice(0, 12);
  } finally {
    network.dispose();
  }
}

/** Noise with a bright bar whose height in the image shows the class. */
function fixedImages(size: number): Dataset {
  const generator = random(1);
  const images = Float32Array.from({ length: size * 784 }, () => generator.uniform() / 2);
  const labels = Uint8Array.from({ length: size }, (_, i) => i % 10);
  labels.forEach((label, i) =>
    images.fill(1, i * 784 + (2 * label + 4) * 28, i * 784 + (2 * label + 5) * 28),
  );
  return { images, labels, size, imageShape: [28, 28, 1], classes: 10 };
}
