/**
 * What a person sees while notebooks run: on a terminal, a line for each worker, rewritten in place; a line for each
 * notebook, and for a failed one the first failing cell with its source and error; at the end the counts on one line.
 */
import type { NotebookResult, Reporter, RunPlan } from '../result';
import type { Style } from './colour';
import { painter } from './colour';
import type { Role } from './explain';
import { explain } from './explain';
import { liveLines } from './progress';
import { cellOf, clip, closingLine, count, firstLine, headline, plain, seconds } from './text';

const styles: Readonly<Record<Role, Style | undefined>> = {
  headline: 'bold',
  source: undefined,
  marked: 'yellow',
  detail: undefined,
  stored: 'red',
  fresh: 'green',
  faint: 'faint',
};

/** Progress is redrawn this often, in milliseconds; times are shown in tenths of a second. */
const redrawEvery = 100;
/** Workers beyond this many share the line with the counts. */
const maxWorkers = 16;

interface Worker {
  readonly path: string;
  readonly cells: number;
  readonly started: number;
  cell?: { readonly number: number; readonly source: string; readonly started: number };
}

export interface TerminalOptions {
  /** Where lines are written: standard output, or standard error under `--json`. */
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  /** Only failures and the closing line. */
  readonly quiet: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function terminalReporter({ stream, quiet, environment }: TerminalOptions): Reporter {
  const isTerminal = stream.isTTY === true;
  const paint = painter(isTerminal, environment);
  const write = (text: string) => void stream.write(text);
  const live =
    isTerminal && environment.TERM !== 'dumb' ? liveLines(write, () => stream.columns ?? 80) : undefined;
  const print = (text: string) => (live ? live.print(text) : write(`${text}\n`));

  const workers = new Map<number, Worker>();
  let plan: RunPlan | undefined;
  let [done, failed] = [0, 0];
  let timer: NodeJS.Timeout | undefined;

  const redraw = () => {
    if (!live || !plan) return;
    const lines = [...workers.entries()]
      .sort(([a], [b]) => a - b)
      .slice(0, maxWorkers)
      .map(([, worker]) => progressLine(worker));
    lines.push(
      `  ${done} of ${count(plan.notebooks, 'notebook')} done${failed > 0 ? `, ${failed} failed` : ''}`,
    );
    live.show(lines);
  };

  const reporter: Reporter = {
    onStart(given) {
      plan = given;
      if (!live) return;
      timer = setInterval(redraw, redrawEvery);
      timer.unref(); // the progress display must not keep a run alive that ends without onEnd
      redraw();
    },
    onNotebookStart(path, worker, cells) {
      workers.set(worker, { path, cells, started: Date.now() });
    },
    onCellStart(_path, worker, cell) {
      const current = workers.get(worker);
      if (current) current.cell = { ...cell, started: Date.now() };
    },
    onCellEnd() {},
    onNotebookEnd(result, worker) {
      workers.delete(worker);
      done++;
      if (result.verdict === 'failed') failed++;
      if (!quiet || result.verdict === 'failed') print(notebookLine(result, plan));
      for (const note of quiet ? [] : result.notes) print(paint('faint', `  note: ${plain(note)}`));
      if (result.verdict === 'failed') print(failureText(result));
      redraw();
    },
    onEnd(result) {
      clearInterval(timer);
      live?.show([]);
      if (!quiet) {
        const ran = result.notebooks.filter((notebook) => notebook.verdict !== 'not run').length;
        write(`\n${paint('faint', `${count(ran, 'notebook')} in ${seconds(result.seconds)}`)}\n`);
      }
      write(`${paint(result.failed > 0 ? 'red' : 'green', closingLine(result))}\n`);
    },
  };
  return reporter;

  function progressLine({ path: whole, cells, started, cell }: Worker): string {
    const now = Date.now();
    const path = whole.length > 40 ? `…${whole.slice(-39)}` : whole; // its end tells notebooks apart
    const time = (since: number) => `${((now - since) / 1000).toFixed(1)} s`;
    if (!cell) return `  ${path}  starting  ${time(started)}`;
    return `  ${path}  cell ${cell.number}/${cells}  ${time(cell.started)}  ${plain(firstLine(cell.source))}`;
  }

  function notebookLine(result: NotebookResult, run: RunPlan | undefined): string {
    const sign = { passed: paint('green', '✓'), failed: paint('red', '✗'), 'not run': paint('yellow', '-') };
    const ran = result.cells.filter((cell) => cell.skipped === undefined).length;
    const facts =
      result.verdict === 'not run'
        ? ['not run']
        : [
            ...(result.written !== undefined ? [result.written] : []),
            ...(ran > 0 ? [count(ran, 'cell')] : []),
            ...(run?.command === 'clean' ? [] : [seconds(result.seconds)]),
          ];
    return `${sign[result.verdict]} ${result.path}  ${paint('faint', facts.join(', '))}`.trimEnd();
  }

  function failureText(result: NotebookResult): string {
    const [first, ...others] = result.failures;
    if (first === undefined) return '';
    const lines = explain(first, cellOf(result, first)).map(({ role, text }) => {
      const style = styles[role];
      return `    ${style ? paint(style, text) : text}`.trimEnd();
    });
    const more = others.slice(0, 5).map((failure) => `    also ${clip(headline(failure), 160)}`);
    if (others.length > 5) more.push(`    and ${others.length - 5} more failures`);
    return ['', ...lines, ...(more.length > 0 ? ['', ...more] : []), ''].join('\n');
  }
}
