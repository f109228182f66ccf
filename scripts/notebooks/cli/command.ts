/** Carries out a command: which notebooks, the run, the reports, the exit code. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fromHere, UsageError } from '../../commandLine';
import { removeLeftOvers } from '../../replaceFile';
import { oneByOne } from '../blank';
import { sanitizers, withSettings } from '../compare';
import { findNotebooks, type Found } from '../notebook/find';
import { read } from '../finding';
import { keepCopy } from '../notebook/keep';
import { DENO, kernelCommand, PLAIN } from '../run/kernelspec';
import { NotebookError, readNotebook, shownPath, visible, type Item } from '../notebook/notebook';
import { DEFAULTS, type Options } from './options';
import {
  DEFAULT_COMPARE,
  RESULT_VERSION,
  type CompareOptions,
  type NotebookResult,
  type Reporter,
  type RunResult,
} from '../result';
import { buildOfLib } from '../run/build';
import { runNotebooks } from '../run/run';
import type { Limits } from '../run/session';
import { recordTimes } from '../notebook/times';
import { cleanNotebook, storeOutputs } from '../notebook/update';

/** Resolves to the exit code. @throws UsageError */
export async function perform(options: Options): Promise<number> {
  const compareOptions = comparison(options);
  const found = findNotebooks(options);
  if (options.watch) {
    const { watch } = await import('./watch');
    return watch(options, (files, watched) => once(options, files, compareOptions, watched));
  }
  return once(options, found, compareOptions);
}

/**
 * One run over these files, reported.
 *
 * @param all what the command line means, of which a change may concern a part only
 */
async function once(
  options: Options,
  found: readonly Found[],
  compareOptions: CompareOptions,
  all = found,
): Promise<number> {
  const began = performance.now();
  const started = new Date().toISOString();
  new Set(found.map(({ file }) => dirname(file))).forEach(removeLeftOvers);
  const read = found.map(itemOf);
  const items = await parameterized(read, found, all, options);
  const { terminalReporter } = await import('../report');
  const reporter = terminalReporter({
    stream: options.json ? process.stderr : process.stdout,
    quiet: options.quiet,
    environment: process.env,
  });
  const jobs = Math.min(options.jobs, Math.max(1, items.length));
  reporter.onStart({ command: options.command, notebooks: items.length, jobs });
  const notebooks = await resultsOf(found, items, options, compareOptions, reporter);
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
  try {
    await report(result, options);
    if (options.record) record(found, notebooks);
  } finally {
    // Last, so that a log ends with the verdict.
    reporter.onEnd(result);
  }
  const unreadable = found.some(({ named }, index) => named && 'failure' in read[index]);
  return unreadable ? 2 : failed > 0 ? 1 : 0;
}

async function resultsOf(
  found: readonly Found[],
  items: readonly Item[],
  options: Options,
  compareOptions: CompareOptions,
  reporter: Reporter,
): Promise<NotebookResult[]> {
  if (options.command === 'clean') {
    return oneByOne(items, reporter, ({ notebook }) => cleanNotebook(notebook));
  }
  if (options.command === 'types') {
    const { checkTypes } = await import('../check/types');
    return checkTypes(items, reporter, options.kernel);
  }
  if (options.against !== undefined) {
    const { compareStored } = await import('../check/against');
    return compareStored(found, items, options.against, compareOptions, reporter);
  }
  const limits: Limits = {
    timeoutSeconds: options.timeoutSeconds,
    memoryBytes: options.memoryBytes,
    outputBytes: DEFAULTS.outputBytes,
  };
  if (options.command === 'seeds') {
    const { runSeeds } = await import('./seeds');
    return runSeeds(items, options, limits, reporter);
  }
  const { keep } = options;
  const updating = options.command === 'update';
  return runNotebooks(
    items,
    {
      jobs: options.jobs,
      failFast: options.failFast,
      repeat: options.repeat,
      retries: options.retries,
      startupSeconds: options.startupSeconds,
      limits,
      compare: (overridden) => {
        if (updating || overridden || options.kernel === PLAIN) return 'none';
        return options.compare ? 'all' : 'tagged';
      },
      compareOptions,
      command: (notebook) => kernelCommand(options.kernel ?? notebook.kernelName),
      ...(updating && {
        build: buildOfLib,
        onPassed: (notebook, result) => storeOutputs(notebook, result, compareOptions),
      }),
      ...(keep === undefined
        ? {}
        : { onFailed: (notebook, result) => keepCopy(fromHere(keep), notebook, result) }),
    },
    reporter,
  );
}

function itemOf({ file, also, unreadable }: Found): Item {
  try {
    if (unreadable !== undefined) {
      throw new NotebookError(`${shownPath(file)} cannot be read: ${visible(unreadable)}`);
    }
    const notebook = readNotebook(file);
    const notes = also.map((other) => `${shownPath(other)} leads to the same file, which is taken once`);
    return { path: notebook.path, notebook: { ...notebook, notes: [...notebook.notes, ...notes] } };
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    return { path: shownPath(file), failure: { kind: 'not a notebook', message: error.message } };
  }
}

/**
 * A notebook that is named must declare every parameter. Notebooks found in a folder take those
 * that they declare, and the others run as they are; a parameter that no notebook of `all` declares is most likely misspelt.
 *
 * @throws UsageError
 */
async function parameterized(
  items: readonly Item[],
  found: readonly Found[],
  all: readonly Found[],
  { command, parameters: given, runs }: Options,
): Promise<readonly Item[]> {
  if (command === 'seeds') {
    const { withOtherSeeds } = await import('./seeds');
    return withOtherSeeds(items, runs, given);
  }
  if (given.size === 0) return items;
  const { declaredValues, injectedCode } = await import('../notebook/parameters');
  const namesIn = (item: Item) => ('notebook' in item ? [...declaredValues(item.notebook).keys()] : []);
  const used = new Set<string>();
  const result = items.map((item, index): Item => {
    if (!('notebook' in item)) return item;
    const declared = declaredValues(item.notebook);
    const taken = [...given].filter(([name]) => found[index].named || declared.has(name));
    taken.forEach(([name]) => used.add(name));
    if (taken.length === 0) return item;
    const names = taken.map(([name]) => name).join(', ');
    const note = `--param ${names}: the stored outputs come from other values, so none is compared`;
    return {
      ...item,
      notebook: { ...item.notebook, notes: [...item.notebook.notes, note] },
      injected: injectedCode(item.notebook, new Map(taken)),
    };
  });
  const unused = [...given.keys()].filter((name) => !used.has(name));
  const declared = new Set(unused.length === 0 ? [] : all.map(itemOf).flatMap(namesIn));
  const nowhere = unused.find((name) => !declared.has(name));
  if (nowhere !== undefined) throw new UsageError(`--param ${nowhere}: no notebook declares it`);
  return result;
}

function comparison(options: Options): CompareOptions {
  const sanitize = options.sanitize === undefined ? [] : sanitizerFile(options.sanitize);
  return withSettings(DEFAULT_COMPARE, {
    relative: options.tolerance,
    sanitize,
    // Deno quotes strings in its own way, and on a busy machine it prints a line when the next cell runs.
    ...(options.kernel === DENO && { ignore: ['stdout'] }),
  });
}

function sanitizerFile(file: string) {
  try {
    return read(sanitizers, JSON.parse(readFileSync(fromHere(file), 'utf8')), file);
  } catch (error) {
    throw new UsageError(`--sanitize ${file}: ${(error as Error).message}`);
  }
}

async function report(result: RunResult, options: Options): Promise<void> {
  if (options.report !== undefined) {
    const { writeReports } = await import('../report');
    try {
      writeReports(fromHere(options.report), result);
    } catch (error) {
      throw new UsageError(`--report ${options.report}: ${(error as Error).message}`);
    }
  }
  if (options.json) {
    const { resultsJson } = await import('../report');
    process.stdout.write(resultsJson(result));
  } else if (process.env.GITHUB_ACTIONS === 'true') {
    const { githubAnnotations } = await import('../report');
    process.stdout.write(githubAnnotations(result));
  }
}

/** @throws UsageError */
function record(found: readonly Found[], notebooks: readonly NotebookResult[]): void {
  const passed = notebooks.flatMap(({ verdict, startSeconds, seconds }, i): [string, number][] =>
    verdict === 'passed' ? [[found[i].file, startSeconds + seconds]] : [],
  );
  try {
    for (const file of recordTimes(new Map(passed))) {
      process.stderr.write(
        `notebooks: --record leaves out ${shownPath(file)}, which is not in the project\n`,
      );
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`--record stored no times: ${error.message}`);
  }
}
