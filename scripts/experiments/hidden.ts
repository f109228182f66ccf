/** Training of the small network of notebooks 5 and 6. */
import { argmax, batches, flatten, imageBatch, smallNetwork, type Dataset, type SmallNetwork } from 'convlab';

interface Training {
  readonly learningRate: number;
  readonly epochs: number;
  readonly batchSize?: number;
}

/** Stochastic gradient descent; an epoch's number is the seed of its order. */
export function trainNet(start: SmallNetwork, data: Dataset, o: Training): SmallNetwork {
  const { learningRate, epochs, batchSize = 32 } = o;
  let net = start;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (const batch of batches(data, batchSize, epoch)) {
      const { gradient } = smallNetwork.gradient(net, flatten(imageBatch(batch)), batch.labels);
      net = smallNetwork.step(net, gradient, learningRate);
    }
  }
  return net;
}

export function wrongBy(net: SmallNetwork, data: Dataset): number {
  const { data: scores } = smallNetwork.scores(net, flatten(imageBatch(data))); // [n, 10]
  return [...data.labels].filter((label, i) => argmax(scores.subarray(10 * i, 10 * i + 10)) !== label).length;
}
