/**
 * `npm run data:fetch`: gets the official files of MNIST, Fashion-MNIST or Kuzushiji-MNIST into `data/`. What is there
 * and right is left alone; what was interrupted goes on where it stopped.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { fileTrouble } from '../../lib/src/fileTrouble';
import { dataDirectory, datasetNames, readManifest } from '../../lib/src/data/manifest';
import { ExpectedError, fromHere, readOptions, runTool, someOf, UsageError } from '../commandLine';
import { FetchError, fetchFile } from './fetch';
import { progressOn } from '../download/progress';

const usage = `npm run data:fetch [-- options]

  --dataset A,B  ${datasetNames.join(', ')} (default mnist)
  --from PLACE   a folder or an address that has the files, instead of the mirrors in data/*.json
  --to FOLDER    where to put them (default: CONVLAB_DATA, else data/; other sets than mnist in a folder of their own there)
`;

async function main(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    dataset: { type: 'string', default: 'mnist' },
    from: { type: 'string' },
    to: { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const datasets = someOf('--dataset', values.dataset, datasetNames);
  if (values.to !== undefined && datasets.length > 1) {
    throw new UsageError('--to takes one data set at a time, since their files have the same names');
  }
  for (const dataset of datasets) {
    const { name, files, mirrors } = readManifest(dataset);
    const folder = dataDirectory(values.to && fromHere(values.to), dataset);
    const places = values.from === undefined ? mirrors : [place(values.from)];
    try {
      mkdirSync(folder, { recursive: true });
    } catch (error) {
      throw new ExpectedError(`${folder} cannot be the folder of the files: ${fileTrouble(error)}`);
    }
    console.log(`${name}, to ${folder}`);
    const progress = progressOn(process.stdout);
    try {
      for (const entry of Object.values(files)) await fetchFile(entry, folder, places, progress);
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      console.error(error.message);
      process.exitCode = 1;
    }
  }
}

/** An address ends in a slash, as those of the mirrors do. */
function place(from: string): string {
  if (/^https?:\/\//.test(from)) return from.endsWith('/') ? from : `${from}/`;
  if (existsSync(fromHere(from))) return fromHere(from);
  throw new UsageError(
    `--from is '${from}', expected a folder that exists, or an address that begins with http`,
  );
}

runTool('npm run data:fetch', main);
