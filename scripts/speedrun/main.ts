/**
 * `npm run speedrun`: how soon a network reads 99.0, 99.4 and 99.5 % of the official test digits. The number of images
 * seen is fixed beforehand, the recipes were chosen by validation images (search.ts), and each run looks at the test
 * images once, after its last step. Writes results.json and the README's table.
 *
 * A stored run of the present version is not repeated, so the command can be stopped and continued; `--again` measures
 * anew. Times mean something only on a machine that does nothing else.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadMnist, percent, type Mnist } from 'convlab';
import { fingerprint } from '../accuracy/fingerprint';
import { addRuns, isOf, made, readRuns, stale, type Version } from '../accuracy/runs';
import { writeTable } from '../accuracy/table';
import {
  fromHere,
  programFromHere,
  readOptions,
  runTool,
  someOf,
  untilStopped,
  UsageError,
  wholeNumber,
} from '../commandLine';
import { goals, type Goal } from './goals';
import { ofPyTorch, type Measured, type SpeedRun } from './runs';
import { table } from './table';

const results = join(__dirname, 'results.json');
const readme = join(__dirname, '../../README.md');
const names = goals.map(({ name }) => name);
const usage = `npm run speedrun -- [options]

  --goals A,B      only these: ${names.join(', ')} (percent of the test images)
  --python FILE    a Python with torch and numpy: trains the same recipes with PyTorch in turn
  --torch-seeds N  for PyTorch, which needs some three times as long, only seeds 1 … N (default 3)
  --seeds N        how many seeds, 1 … N (default: 10 for 99.0 and 99.4, 5 for 99.5)
  --data FOLDER    where the official MNIST files are (default: CONVLAB_DATA, or data/)
  --again          measure again what results.json has already
  --table          only write the README's table
`;

async function main(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    goals: { type: 'string', default: names.join() },
    python: { type: 'string' },
    seeds: { type: 'string' },
    'torch-seeds': { type: 'string', default: '3' },
    data: { type: 'string' },
    again: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const chosen = someOf('--goals', values.goals, names);
  const seeds = values.seeds === undefined ? undefined : wholeNumber('--seeds', values.seeds);
  const python = values.python && programFromHere(values.python);
  const torchSeeds = wholeNumber('--torch-seeds', values['torch-seeds']);
  if (python !== undefined && !values.table) checkPython(python);
  // Before anything is computed: missing files are reported at once.
  const directory = values.data && fromHere(values.data);
  const data = values.table ? undefined : await loadMnist({ source: 'full', directory });
  const versions: Version[] = [];
  for (const goal of goals) {
    const version = { recipe: goal.recipe, fingerprint: await fingerprint(goal) };
    for (const experiment of [goal.name, ofPyTorch(goal.name)]) versions.push({ experiment, ...version });
  }
  const stored = readRuns<SpeedRun>(results);
  const folder = mkdtempSync(join(tmpdir(), 'convlab-speedrun-'));
  try {
    if (data && python !== undefined) writeForPython(data, folder);
    const plans = data
      ? goals
          .filter(({ name }) => chosen.includes(name))
          .flatMap((goal) => planned(goal, seeds ?? goal.seeds, directory, python, torchSeeds, folder))
      : [];
    const versionOf = (plan: Plan): Version =>
      versions.find(({ experiment }) => experiment === plan.experiment) as Version;
    const left = plans.filter(
      (plan) => values.again || !stored.some((one) => isOf(one, versionOf(plan)) && one.seed === plan.seed),
    );
    const minutes = Math.ceil(left.reduce((sum, plan) => sum + plan.expectedSeconds, 0) / 60);
    console.log(`${left.length} runs, about ${minutes} minutes on two cores that do nothing else`);
    let done = 0;
    const measure = async (signal: AbortSignal): Promise<void> => {
      for (const plan of left) {
        const [program, ...rest] = plan.command;
        const { stdout } = await promisify(execFile)(program, rest, { signal, killSignal: 'SIGKILL' });
        const measured = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Measured;
        const machine = `${cpus()[0].model.trim()}, ${availableParallelism()} cores`;
        const run = { ...versionOf(plan), seed: plan.seed, ...measured, machine, ...made() };
        await addRuns<SpeedRun>(results, [run], versions);
        done++;
        const accuracy = percent(1 - measured.testErrors / measured.testImages);
        console.log(`${plan.experiment}, seed ${plan.seed}: ${accuracy} in ${measured.seconds.toFixed(2)} s`);
      }
    };
    const next = values.again ? 'without --again it goes on' : 'the same command goes on with the rest';
    await untilStopped(measure, () => `what is measured is kept (${done} of ${left.length}), and ${next}`);
  } finally {
    rmSync(folder, { recursive: true });
    writeTable(readme, 'speedrun', table(readRuns<SpeedRun>(results), goals, versions));
  }
  for (const sentence of stale(readRuns<SpeedRun>(results), versions)) console.log(sentence);
}

/** @throws UsageError */
function checkPython(python: string): void {
  const { error, status, stderr } = spawnSync(python, ['-c', 'import torch, numpy'], { encoding: 'utf8' });
  if (status === 0) return;
  const why = error?.message ?? stderr.trim().split('\n').at(-1);
  throw new UsageError(`--python is '${python}', expected a Python with torch and numpy (${why})`);
}

/** A run that is to be made. */
interface Plan {
  readonly experiment: string;
  readonly seed: number;
  readonly expectedSeconds: number;
  readonly command: readonly string[];
}

/** ConvLab's run of each seed, and PyTorch's behind it: whatever slows the machine down for a while slows both down. */
function planned(
  { name, shape, recipe, expectedSeconds }: Goal,
  seeds: number,
  data: string | undefined,
  python: string | undefined,
  torchSeeds: number,
  folder: string,
): Plan[] {
  return Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed): Plan[] => {
    const script = ['-r', join(__dirname, '../typescript.js'), join(__dirname, 'run.ts')];
    const command = [process.execPath, ...script, name, String(seed), ...(data === undefined ? [] : [data])];
    const own = { experiment: name, seed, expectedSeconds, command };
    if (python === undefined || seed > torchSeeds) return [own];
    const task = JSON.stringify({ shape, recipe, seed, threads: availableParallelism(), folder });
    return [
      own,
      {
        experiment: ofPyTorch(name),
        seed,
        expectedSeconds: 3 * expectedSeconds,
        command: [python, join(__dirname, 'trainTorch.py'), task],
      },
    ];
  });
}

/** Raw pixels [n, 28, 28] in float32, and labels in bytes. */
function writeForPython({ train, test }: Mnist, folder: string): void {
  for (const [name, { images, labels }] of Object.entries({ train, test })) {
    writeFileSync(join(folder, `${name}.images`), images);
    writeFileSync(join(folder, `${name}.labels`), labels);
  }
}

runTool('npm run speedrun', main);
