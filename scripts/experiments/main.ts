/**
 * `npm run experiments`: trains the comparisons that the notebooks cannot train while somebody waits, with 20 seeds and
 * more each, and keeps their errors in `results/`, where the notebooks read them. What is there already is not trained
 * again, so that a run may be stopped at any time.
 */
import { useBackend } from 'convlab';
import { readOptions, runTool, someOf, UsageError, wholeNumber } from '../commandLine';
import { experiments } from './experiments';
import { check, complete } from './protocol';

const names = experiments.map(({ name }) => name);

const usage = `npm run experiments -- [options]

  --seeds N     how many seeds, 1 … N (default 20, at most 24)
  --only A,B    only these experiments: ${names.join(', ')}
  --check       train the first seed of each arm again, and compare it with what is stored
`;

async function main(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    seeds: { type: 'string', default: '20' },
    only: { type: 'string' },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const seeds = wholeNumber('--seeds', values.seeds);
  if (seeds > 24) throw new UsageError(`--seeds is '${seeds}', expected at most 24`);
  const chosen = values.only === undefined ? names : someOf('--only', values.only, names);
  await useBackend();
  const changed: string[] = [];
  for (const experiment of experiments.filter(({ name }) => chosen.includes(name))) {
    if (values.check) changed.push(...(await check(experiment)));
    else await complete(experiment, seeds);
  }
  for (const sentence of changed) console.log(sentence);
  if (values.check && changed.length === 0) console.log('all stored results are those of today');
  if (changed.length > 0) process.exitCode = 1;
}

runTool('npm run experiments', main);
