/**
 * `npm run bench:load [-- rounds]`: how long it takes to load the official files of MNIST, 60,000 and 10,000 images, and how
 * much memory, in a process of its own each time. They are found as `loadMnist` finds them: in CONVLAB_DATA, else `data/`.
 * Goals: 0.5 s and 250 MB.
 */
import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { loadMnist, median } from 'convlab';
import { wholeNumber } from '../commandLine';
import { runBenchmark } from './runBenchmark';

/** What the process of a round runs: seconds, and how far the peak of its memory rises, in MB. */
const LOAD = `
const { loadMnist } = require('convlab');
const peak = () => process.resourceUsage().maxRSS / 1000;
const [start, before] = [performance.now(), peak()];
loadMnist({ source: 'full' }).then(({ train, test }) => {
  const seconds = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ seconds, megabytes: peak() - before, images: train.size + test.size }));
});`;

interface Loaded {
  readonly seconds: number;
  readonly megabytes: number;
  readonly images: number;
}

async function main([given = '9']: readonly string[]): Promise<void> {
  const rounds = wholeNumber('the number of rounds', given);
  // Before anything is measured: missing files are reported at once.
  await loadMnist({ source: 'full' });
  const loaded = Array.from(
    { length: rounds },
    () => JSON.parse(execFileSync(process.execPath, ['-e', LOAD], { encoding: 'utf8' })) as Loaded,
  );
  console.log(
    `Node ${process.version}, ${loaded[0].images} images, ${rounds} rounds, load ${loadavg()[0].toFixed(1)}`,
  );
  for (const [name, digits] of [
    ['seconds', 2],
    ['megabytes', 0],
  ] as const) {
    const values = loaded.map((one) => one[name]);
    const [lowest, highest] = [Math.min(...values), Math.max(...values)];
    console.log(
      `${name.padEnd(9)} ${median(values).toFixed(digits)} (${lowest.toFixed(digits)}–${highest.toFixed(digits)})`,
    );
  }
}

runBenchmark(
  'load',
  '[-- ROUNDS]',
  'How long the official files of MNIST take to load, and how much memory. Default: 9 rounds.',
  main,
);
