/**
 * `npm run accuracy:sizes`: notebook 9's experiment on the official data. Trains the networks with one and with two
 * convolutions on the first 10,000, 18,000 and all 60,000 images, several seeds each, and keeps the test accuracy after
 * every epoch in sizes.json, which the notebook shows. What sizes.json has already is not trained again.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadMnist, models, take, train } from 'convlab';

interface Run {
  readonly network: 'oneConvLayer' | 'twoConvLayers';
  readonly trainImages: number;
  readonly seed: number;
  readonly epochs: number;
  /** After each epoch, in the official order of the test images; no epoch is chosen by it. */
  readonly testAccuracy: readonly number[];
}

const recipe = { epochs: 10, batchSize: 32, learningRate: 1e-3 };
const file = join(__dirname, 'sizes.json');

const usage = `npm run accuracy:sizes -- [options]

  --seeds N        how many seeds, 1 … N (default 5)
  --data FOLDER    where the official MNIST files are (default: CONVLAB_DATA, or data/)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '5' },
      data: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const seeds = Number(values.seeds);
  if (!Number.isInteger(seeds) || seeds < 1) {
    throw new Error(
      `npm run accuracy:sizes: --seeds is ${values.seeds}, expected a whole number of at least 1`,
    );
  }
  const full = await loadMnist({ source: 'full', directory: values.data });
  for (let seed = 1; seed <= seeds; seed++) {
    for (const trainImages of [10_000, 18_000, 60_000]) {
      for (const network of ['oneConvLayer', 'twoConvLayers'] as const) {
        if (readRuns().some((run) => isSame(run, { network, trainImages, seed }))) continue;
        const model = models[network]({ seed });
        const first = take(
          full.train,
          Int32Array.from({ length: trainImages }, (_, i) => i),
        );
        const history = await train(model, first, { ...recipe, seed, validation: full.test });
        model.dispose();
        const testAccuracy = history.validationAccuracy;
        addRun({ network, trainImages, seed, epochs: recipe.epochs, testAccuracy });
        console.log(
          `${network}, ${trainImages} images, seed ${seed}: ${testAccuracy.map((a) => (100 * a).toFixed(2)).join(' ')}`,
        );
      }
    }
  }
}

function isSame(a: Run, b: Pick<Run, 'network' | 'trainImages' | 'seed'>): boolean {
  return (
    a.network === b.network &&
    a.trainImages === b.trainImages &&
    a.seed === b.seed &&
    a.epochs === recipe.epochs
  );
}

function readRuns(): readonly Run[] {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { runs: Run[] }).runs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(`npm run accuracy:sizes: ${file} is not readable: ${String(error)}`, { cause: error });
  }
}

/** A reader sees the old file or the new one, never half of one. */
function addRun(run: Run): void {
  const lib = readFileSync(join(__dirname, '../../lib/package.json'), 'utf8');
  const { version } = JSON.parse(lib) as { version: string };
  const made = { convlab: version, node: process.version, date: new Date().toISOString().slice(0, 10) };
  const runs = [...readRuns().filter((other) => !isSame(other, run)), run];
  const lines = runs.map((one) => `  ${JSON.stringify(one)}`).join(',\n');
  writeFileSync(
    `${file}.tmp`,
    `{ "made": ${JSON.stringify(made)}, "recipe": ${JSON.stringify(recipe)}, "testImages": 10000, "runs": [\n${lines}\n] }\n`,
  );
  renameSync(`${file}.tmp`, file);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
