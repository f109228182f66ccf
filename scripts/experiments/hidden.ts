/** The network of notebooks 5 and 6, 784 pixels, hidden units with ReLU, ten scores, with the same plain functions. */
import {
  batches,
  dense,
  denseGrad,
  flatten,
  imageBatch,
  random,
  randomNormal,
  relu,
  reluGrad,
  sgd,
  softmaxCrossEntropy,
  zeros,
  type Dataset,
  type NDArray,
} from 'convlab';

export interface Net {
  readonly w1: NDArray; // [784, hidden]
  readonly b1: NDArray;
  readonly w2: NDArray; // [hidden, 10]
  readonly b2: NDArray;
}

export function newNet(hidden: number, seed: number): Net {
  const generator = random(seed);
  return {
    w1: randomNormal([784, hidden], generator, Math.sqrt(2 / 784)),
    b1: zeros([hidden]),
    w2: randomNormal([hidden, 10], generator, Math.sqrt(1 / hidden)),
    b2: zeros([10]),
  };
}

interface Training {
  readonly learningRate: number;
  readonly epochs: number;
  readonly batchSize?: number;
}

/** Stochastic gradient descent; an epoch's number is the seed of its order. */
export function trainNet(start: Net, data: Dataset, o: Training): Net {
  const { learningRate, epochs, batchSize = 32 } = o;
  let net = start;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (const batch of batches(data, batchSize, epoch)) {
      const x = flatten(imageBatch(batch));
      const z = dense(x, net.w1, net.b1);
      const a = relu(z);
      const { grad } = softmaxCrossEntropy(dense(a, net.w2, net.b2), batch.labels);
      const last = denseGrad(a, net.w2, grad);
      const first = denseGrad(x, net.w1, reluGrad(z, last.dx));
      net = {
        w1: sgd(net.w1, first.dweights, { learningRate }),
        b1: sgd(net.b1, first.dbias, { learningRate }),
        w2: sgd(net.w2, last.dweights, { learningRate }),
        b2: sgd(net.b2, last.dbias, { learningRate }),
      };
    }
  }
  return net;
}

export function wrongBy({ w1, b1, w2, b2 }: Net, data: Dataset): number {
  const scores = dense(relu(dense(flatten(imageBatch(data)), w1, b1)), w2, b2).data; // [n, 10]
  return [...data.labels].filter((label, i) => {
    const row = scores.subarray(10 * i, 10 * i + 10);
    return row.indexOf(Math.max(...row)) !== label;
  }).length;
}
