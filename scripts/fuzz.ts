/**
 * `npm run fuzz [-- options]`: random networks with the edge values of every parameter, trained by ConvLab's engine and by
 * TensorFlow.js' own `model.fit` from the same weights. A weight that differs ends with exit code 1, and names the seed.
 */
import { useBackend } from 'convlab';
import { createEngine } from '../lib/src/engine';
import { assertTrainsLikeFit } from '../lib/src/engine/testdata/modelFit';
import { randomTrial } from '../lib/src/engine/testdata/randomNetworks';
import { readOptions, runTool, wholeNumber } from './commandLine';

const usage = `npm run fuzz -- [options]

Trains random networks with the engine and with TensorFlow.js, and compares their weights.

  --networks N    how many (300)
  --first N       the seed of the first (10000); the tests have those below 2000
  --help          this text

Exit code: 0 all agree, 1 some differ, 2 wrong usage.
`;

async function main(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    networks: { type: 'string', default: '300' },
    first: { type: 'string', default: '10000' },
    help: { type: 'boolean', default: false, short: 'h' },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const first = wholeNumber('--first', values.first);
  const wanted = wholeNumber('--networks', values.networks);
  await useBackend('cpu');
  let compared = 0;
  let seed = first;
  let differ = 0;
  for (; compared < wanted; seed++) {
    const trial = randomTrial(seed);
    const { network, loss, labelSmoothing, optimizer, batchSize, threads, notInTensorFlow } = trial;
    if (notInTensorFlow === undefined) {
      const engine = createEngine(network.model, {
        ...{ loss, labelSmoothing, optimizer, batchSize, threads, seed: 1 },
      });
      try {
        await assertTrainsLikeFit(engine, trial, 'a weight differs');
      } catch (error) {
        differ++;
        console.error(`seed ${seed}: ${(error as Error).message}`);
      } finally {
        await engine.dispose();
      }
      compared++;
    }
    network.model.dispose();
  }
  const left = seed - first - compared;
  console.log(`${compared} networks compared, ${differ} differ; TensorFlow.js cannot train ${left} others`);
  if (differ > 0) process.exitCode = 1;
}

runTool('npm run fuzz', main);
