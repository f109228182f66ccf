/**
 * `npm run notebooks:test | notebooks:update | notebooks:clean`: from the command line to the exit code.
 * 0: all passed. 1: a notebook failed. 2: usage, or a named file that is no notebook.
 */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { failedNotebook } from './blank';
import { readSanitizers, withSettings } from './compare';
import { findNotebooks, type Found } from './find';
import { kernelCommand } from './kernelspec';
import { NotebookError, readNotebook, shownPath } from './notebook';
import { DEFAULTS, parseOptions, UsageError, type Options } from './options';
import {
  DEFAULT_COMPARE,
  RESULT_VERSION,
  type CompareOptions,
  type NotebookResult,
  type RunResult,
} from './result';
import { runNotebooks, type Item } from './run';
import { cleanNotebook, storeOutputs } from './update';

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    const { help } = await import('./help');
    process.stdout.write(help(args[0]));
    return 0;
  }
  const compareOptions = comparison(options);
  const found = findNotebooks(options);
  if (options.watch) {
    const { watch } = await import('./watch');
    return watch(options, (files) => once(options, files, compareOptions));
  }
  return once(options, found, compareOptions);
}

/** One run over these files, reported. */
async function once(
  options: Options,
  found: readonly Found[],
  compareOptions: CompareOptions,
): Promise<number> {
  const began = performance.now();
  const started = new Date().toISOString();
  const items = await itemsOf(found, options);
  const { terminalReporter } = await import('./report');
  const reporter = terminalReporter({
    stream: options.json ? process.stderr : process.stdout,
    quiet: options.quiet,
    environment: process.env,
  });
  const jobs = Math.min(options.jobs, Math.max(1, items.length));
  reporter.onStart({ command: options.command, notebooks: items.length, jobs });
  const notebooks = await perform(items, options, compareOptions, reporter);
  const failed = notebooks.filter(({ verdict }) => verdict === 'failed').length;
  const result: RunResult = {
    version: RESULT_VERSION,
    command: options.command,
    started,
    seconds: (performance.now() - began) / 1000,
    jobs,
    notebooks,
    passed: notebooks.filter(({ verdict }) => verdict === 'passed').length,
    failed,
    runnerMemoryBytes: process.resourceUsage().maxRSS * 1024,
    node: process.version,
  };
  reporter.onEnd(result);
  await report(result, options);
  const unreadable = found.some(({ named }, index) => named && isUnreadable(notebooks[index]));
  return unreadable ? 2 : failed > 0 ? 1 : 0;
}

async function perform(
  items: readonly Item[],
  options: Options,
  compareOptions: CompareOptions,
  reporter: Parameters<typeof runNotebooks>[2],
): Promise<NotebookResult[]> {
  if (options.command === 'clean') {
    const results = items.map((item): NotebookResult => {
      reporter.onNotebookStart(item.path, 0, 0);
      const result =
        'notebook' in item ? cleanNotebook(item.notebook) : failedNotebook(item.path, item.failure);
      reporter.onNotebookEnd(result, 0);
      return result;
    });
    return results;
  }
  if (options.command === 'types') {
    const { checkTypes } = await import('./types');
    return checkTypes(items, reporter, options.kernel);
  }
  const updating = options.command === 'update';
  const compared = options.compare ?? options.parameters.size === 0;
  return runNotebooks(
    items,
    {
      jobs: options.jobs,
      failFast: options.failFast,
      repeat: options.repeat,
      retries: options.retries,
      startupSeconds: options.startupSeconds,
      limits: {
        timeoutSeconds: options.timeoutSeconds,
        memoryBytes: options.memoryBytes,
        outputBytes: DEFAULTS.outputBytes,
      },
      compare: updating ? 'none' : compared ? 'all' : 'tagged',
      compareOptions,
      command: (notebook) => kernelCommand(options.kernel ?? notebook.kernelName),
      ...(updating ? { onPassed: (notebook, result) => storeOutputs(notebook, result, compareOptions) } : {}),
    },
    reporter,
  );
}

async function itemsOf(found: readonly Found[], options: Options): Promise<Item[]> {
  const items = found.map(({ file }): Item => {
    try {
      const notebook = readNotebook(file);
      return { path: notebook.path, notebook, folder: dirname(file) };
    } catch (error) {
      if (!(error instanceof NotebookError)) throw error;
      return { path: shownPath(file), failure: { kind: 'not a notebook', message: error.message } };
    }
  });
  if (options.parameters.size === 0) return items;
  const { injectedCode } = await import('./parameters');
  return items.map((item) =>
    'notebook' in item ? { ...item, injected: injectedCode(item.notebook, options.parameters) } : item,
  );
}

const isUnreadable = ({ failures }: NotebookResult) => failures[0]?.kind === 'not a notebook';

function comparison(options: Options): CompareOptions {
  const sanitize = options.sanitize === undefined ? [] : sanitizerFile(options.sanitize);
  return withSettings(DEFAULT_COMPARE, {
    relative: options.tolerance,
    absolute: options.absoluteTolerance,
    sanitize,
  });
}

function sanitizerFile(file: string) {
  try {
    return readSanitizers(JSON.parse(readFileSync(file, 'utf8')), file);
  } catch (error) {
    throw new UsageError(`--sanitize ${file}: ${(error as Error).message}`);
  }
}

async function report(result: RunResult, options: Options): Promise<void> {
  if (options.report !== undefined) {
    const { writeReports } = await import('./report');
    await writeReports(options.report, result);
  }
  if (options.json) {
    const { resultsJson } = await import('./report');
    process.stdout.write(resultsJson(result));
  } else if (process.env.GITHUB_ACTIONS === 'true') {
    const { githubAnnotations } = await import('./report');
    process.stdout.write(githubAnnotations(result));
  }
}

// Whoever reads has heard enough (`| head`): end as quietly as other tools do.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(141);
});

// Leaving by process.exit runs the handlers that kill the kernels and remove their sockets.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => process.exit(code));
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const expected = error instanceof UsageError;
    const { message, stack } = error as Error;
    process.stderr.write(`${expected ? `notebooks: ${message}` : stack}\n`);
    process.exitCode = expected ? 2 : 70;
    if (!expected) process.exit();
  },
);
