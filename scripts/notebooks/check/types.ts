/** `--types-only`: all cells type-checked as the kernel would, nothing executed. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { blankCell, blankNotebook, failedNotebook, orFailed } from '../blank';
import type { CodeCell, Notebook } from '../notebook/notebook';
import type { CellResult, Failure, NotebookResult, Reporter } from '../result';
import type { Item } from '../run/run';
import { isOwnFile } from '../run/verdict';

type Checkable = Extract<Item, { notebook: Notebook }>;

/** What typesWorker.js answers for a cell with errors. */
interface CellDiagnostics {
  readonly number: number;
  readonly syntaxError: boolean;
  readonly diagnostics: readonly {
    readonly file?: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[];
}

/** @param kernelName what `--kernel` asks for; by default each notebook's own */
export async function checkTypes(
  items: readonly Item[],
  reporter: Reporter,
  kernelName: string | undefined,
): Promise<NotebookResult[]> {
  const results = new Map<Item, NotebookResult>();
  // One compiler for each folder, which it resolves imports from, and language.
  const groups = new Map<string, { folder: string; language: string; items: Checkable[] }>();
  for (const item of items) {
    if ('failure' in item) {
      results.set(item, failedNotebook(item.path, item.failure));
      continue;
    }
    const kernel = kernelName ?? item.notebook.kernelName ?? 'tslab';
    if (kernel !== 'tslab' && kernel !== 'jslab') {
      results.set(item, { ...blankNotebook(item.path), notes: [`the kernel ${kernel} checks no types`] });
      continue;
    }
    const language = kernel === 'jslab' ? 'javascript' : 'typescript';
    const key = `${language} ${item.folder}`;
    const group = groups.get(key) ?? { folder: item.folder, language, items: [] };
    group.items.push(item);
    groups.set(key, group);
  }
  for (const { folder, language, items: group } of groups.values()) {
    await checkGroup(folder, language, group, reporter, results);
  }
  return items.map((item) => {
    const result = results.get(item) as NotebookResult;
    if (!('notebook' in item) || result.kernel === '') reporter.onNotebookEnd(result, 0);
    return result;
  });
}

async function checkGroup(
  folder: string,
  language: string,
  group: readonly Checkable[],
  reporter: Reporter,
  results: Map<Item, NotebookResult>,
): Promise<void> {
  let compiler: Compiler | undefined;
  for (const item of group) {
    const began = performance.now();
    reporter.onNotebookStart(item.path, 0, item.notebook.cells.length);
    const result = await orFailed(item.path, async () => {
      if (!compiler?.isAlive) compiler = new Compiler(folder, language);
      const found = await compiler.check(item.notebook.cells.filter(isChecked));
      return resultOf(item, found, (performance.now() - began) / 1000);
    });
    results.set(item, result);
    reporter.onNotebookEnd(result, 0);
  }
  compiler?.close();
}

/** A process of typesWorker.js. */
class Compiler {
  readonly #process;
  readonly #answers: AsyncIterator<string>;
  #words = '';
  isAlive = true;

  constructor(folder: string, language: string) {
    const worker = join(__dirname, 'typesWorker.js');
    const converter = require.resolve('tslab/dist/converter.js');
    this.#process = spawn(process.execPath, [worker, converter, language], { cwd: folder });
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => (this.#words += text));
    // Its end is seen by its output's end.
    for (const end of [this.#process, this.#process.stdin]) end.on('error', () => undefined);
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async check(cells: readonly CodeCell[]): Promise<readonly CellDiagnostics[]> {
    const asked = cells.map(({ number, source, tags }) => ({
      number,
      source,
      raises: tags.has('raises-exception'),
    }));
    this.#process.stdin.write(`${JSON.stringify(asked)}\n`);
    const line = await this.#answers.next();
    if (!line.done) return JSON.parse(line.value) as readonly CellDiagnostics[];
    this.isAlive = false;
    throw new Error(`the compiler ended without an answer\n${this.#words}`.trim());
  }

  close(): void {
    this.#process.kill();
  }
}

/** A cell that is skipped is not even compiled. */
function isChecked(cell: CodeCell): boolean {
  return cell.source.trim() !== '' && !cell.tags.has('skip-execution');
}

function resultOf(item: Checkable, found: readonly CellDiagnostics[], seconds: number): NotebookResult {
  const cells = item.notebook.cells.map((cell): CellResult => {
    if (!isChecked(cell)) {
      return { ...blankCell(cell), skipped: cell.source.trim() === '' ? 'empty' : 'tag' };
    }
    const wrong = found.find(({ number }) => number === cell.number);
    // Being refused by the compiler is one way to raise.
    if (!wrong || cell.tags.has('raises-exception')) return blankCell(cell);
    return { ...blankCell(cell), failures: [failureOf(cell, wrong)] };
  });
  const failures = cells.flatMap((cell) => cell.failures);
  return {
    ...blankNotebook(item.path),
    verdict: failures.length > 0 ? 'failed' : 'passed',
    failures,
    cells,
    notes: item.notebook.notes,
    seconds,
    kernel: 'tslab',
  };
}

function failureOf(cell: CodeCell, { syntaxError, diagnostics }: CellDiagnostics): Failure {
  const [first] = diagnostics;
  const own = isOwnFile(first.file, cell.source);
  return {
    kind: syntaxError ? 'syntax error' : 'type error',
    message: own ? first.message : `${first.file}:${first.line}: ${first.message}`,
    cell: cell.number,
    ...(own ? { line: first.line } : {}),
    detail: diagnostics
      .map(({ file, line, column, message }) => `${file ? `${file} ` : ''}${line}:${column} - ${message}`)
      .join('\n'),
  };
}
