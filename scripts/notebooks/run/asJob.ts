/** A run of a notebook as a job of `scripts/jobs`. The notebook travels as a file, and what it imports is the project's. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../commandLine';
import type { Job, JobProgram } from '../../jobs/job';
import { parseNotebook, type Runnable } from '../notebook/notebook';
import { readText } from '../notebook/readText';
import { DEFAULT_COMPARE, type Reporter } from '../result';
import { kernelCommand } from './kernelspec';
import { runNotebooks } from './run';

const ROOT = join(__dirname, '..', '..', '..');
const RESULTS = ['scripts/accuracy', 'scripts/experiments/results', 'scripts/speedrun'];

const data = z.strictObject({
  /** Relative to the project's folder, in which it runs. */
  file: z.string(),
  /** A hash of the stored results that notebooks read. */
  results: z.string(),
  /** As reports name it. */
  path: z.string(),
  /** Code that replaces its parameters. */
  injected: z.string().optional(),
  kernel: z.string().optional(),
  repeat: z.int().positive(),
  retries: z.int().nonnegative(),
  startupSeconds: z.number().positive(),
  limits: z.strictObject({
    timeoutSeconds: z.number().positive(),
    memoryBytes: z.number().positive(),
    outputBytes: z.number().positive(),
  }),
});

type Settings = Pick<z.infer<typeof data>, 'kernel' | 'repeat' | 'retries' | 'startupSeconds' | 'limits'>;

/** @throws UsageError for a notebook that is not in the project */
export function notebookJob({ path, notebook, injected }: Runnable, settings: Settings): Job {
  const file = relative(ROOT, notebook.file);
  if (file.startsWith('..') || isAbsolute(file)) {
    throw new UsageError(`${path} is not in the project's folder, which is all that other machines have`);
  }
  const { kernel, repeat, retries, startupSeconds, limits } = settings;
  const given = {
    file: file.split(sep).join('/'),
    results: storedResults(),
    path,
    injected,
    kernel,
    repeat,
    retries,
    startupSeconds,
    limits,
  };
  return { kind: 'notebook', data: given satisfies z.input<typeof data>, files: { notebook: notebook.file } };
}

/** Notebooks show them, and a run of `npm run accuracy` or `experiments` changes them without any code being another. */
function storedResults(): string {
  const hash = createHash('sha256');
  for (const folder of RESULTS) {
    const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.json'));
    for (const name of names.sort()) {
      hash.update(`${name}\0${readFileSync(join(ROOT, folder, name), 'utf8').replaceAll('\r\n', '\n')}\0`);
    }
  }
  return hash.digest('hex').slice(0, 12);
}

const nothing = (): void => undefined;
export const silent: Reporter = {
  onStart: nothing,
  onNotebookStart: nothing,
  onCellStart: nothing,
  onCellEnd: nothing,
  onNotebookEnd: nothing,
  onEnd: nothing,
};

export const notebookProgram: JobProgram = async (given, { files, progress }) => {
  const { file, results, path, injected, kernel, repeat, retries, startupSeconds, limits } =
    data.parse(given);
  const place = join(ROOT, file);
  if (relative(ROOT, place).startsWith('..')) throw new Error(`${file} is not in the project's folder`);
  if (results !== storedResults()) {
    throw new Error(`${RESULTS.join(', ')}: other results are stored on this machine, which notebooks read`);
  }
  const notebook = parseNotebook(place, readText(files.notebook));
  progress(path);
  const [result] = await runNotebooks(
    [{ path, notebook, injected }],
    {
      ...{ jobs: 1, failFast: false, repeat, retries, startupSeconds, limits },
      compare: () => 'none',
      compareOptions: DEFAULT_COMPARE,
      command: () => kernelCommand(kernel ?? notebook.kernelName),
    },
    silent,
  );
  return result;
};
