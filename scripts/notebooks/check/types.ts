/** `--types-only`: type-checks all cells as the kernel would, and executes nothing. */
import { CellCompiler, type Diagnostic } from '../../kernel/compiler';
import { blankCell, blankNotebook, failedNotebook, orFailed } from '../blank';
import type { CodeCell, Notebook } from '../notebook/notebook';
import type { CellResult, Failure, NotebookResult, Reporter } from '../result';
import type { Item } from '../run/run';

type Checkable = Extract<Item, { notebook: Notebook }>;
type Language = 'typescript' | 'javascript';

/** @param kernelName the kernel that `--kernel` asks for; by default each notebook's own */
export async function checkTypes(
  items: readonly Item[],
  reporter: Reporter,
  kernelName: string | undefined,
): Promise<NotebookResult[]> {
  const results = new Map<Item, NotebookResult>();
  // One compiler for each language and folder, from which imports are resolved.
  const groups = new Map<string, { folder: string; language: Language; items: Checkable[] }>();
  for (const item of items) {
    const settle = (result: NotebookResult) => {
      results.set(item, result);
      reporter.onNotebookEnd(result, 0);
    };
    if ('failure' in item) {
      settle(failedNotebook(item.path, item.failure));
      continue;
    }
    const kernel = kernelName ?? item.notebook.kernelName ?? 'tslab';
    if (kernel !== 'tslab' && kernel !== 'jslab') {
      settle({ ...blankNotebook(item.path), notes: [`the kernel ${kernel} does not check types`] });
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
  return items.map((item) => results.get(item) as NotebookResult);
}

async function checkGroup(
  folder: string,
  language: Language,
  group: readonly Checkable[],
  reporter: Reporter,
  results: Map<Item, NotebookResult>,
): Promise<void> {
  const compiler = new CellCompiler(folder, language);
  for (const item of group) {
    const began = performance.now();
    reporter.onNotebookStart(item.path, 0, item.notebook.cells.length);
    const result = await orFailed(item.path, () =>
      Promise.resolve().then(() => {
        const cells = item.notebook.cells.filter(isChecked);
        return resultOf(item, check(compiler, cells), (performance.now() - began) / 1000);
      }),
    );
    results.set(item, result);
    reporter.onNotebookEnd(result, 0);
  }
}

/** The type errors of all cells, in the order in which the kernel would run them. */
function check(compiler: CellCompiler, cells: readonly CodeCell[]): Map<CodeCell, readonly Diagnostic[]> {
  const wrong = new Map<CodeCell, readonly Diagnostic[]>();
  compiler.forget();
  for (const cell of cells) {
    const { cell: compiled, diagnostics } = compiler.compile(cell.source);
    if (diagnostics) wrong.set(cell, diagnostics);
    // As in the kernel, the declarations of a failing cell do not exist for later cells.
    else if (compiled && !cell.tags.has('raises-exception')) compiler.declare(compiled.declarations);
  }
  return wrong;
}

/** A cell that is skipped is not even compiled. */
function isChecked(cell: CodeCell): boolean {
  return cell.source.trim() !== '' && !cell.tags.has('skip-execution');
}

function resultOf(
  item: Checkable,
  wrong: ReadonlyMap<CodeCell, readonly Diagnostic[]>,
  seconds: number,
): NotebookResult {
  const cells = item.notebook.cells.map((cell): CellResult => {
    if (!isChecked(cell)) {
      return { ...blankCell(cell), skipped: cell.source.trim() === '' ? 'empty' : 'tag' };
    }
    const diagnostics = wrong.get(cell);
    // Refusal by the compiler counts as raising.
    if (!diagnostics || cell.tags.has('raises-exception')) return blankCell(cell);
    return { ...blankCell(cell), failures: [failureOf(cell, diagnostics)] };
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

function failureOf(cell: CodeCell, diagnostics: readonly Diagnostic[]): Failure {
  const [{ file, start, message, isSyntax }] = diagnostics;
  const [first] = message.split('\n');
  return {
    kind: isSyntax ? 'syntax error' : 'type error',
    message: file === undefined ? first : `${file}:${start.line}: ${first}`,
    cell: cell.number,
    ...(file === undefined ? { line: start.line } : {}),
    detail: diagnostics
      .map(
        ({ file, start, message }) => `${file ? `${file} ` : ''}${start.line}:${start.column} - ${message}`,
      )
      .join('\n'),
  };
}
