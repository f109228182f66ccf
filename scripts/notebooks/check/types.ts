/** `--types-only`: type-checks all cells as the kernel would, and executes nothing. */
import { dirname } from 'node:path';
import { CellCompiler } from '../../kernel/compiler';
import { diagnosticsFailure } from '../../kernel/failure';
import { blankCell, blankNotebook, oneByOne } from '../blank';
import type { CodeCell, Item, Runnable } from '../notebook/notebook';
import type { CellResult, Failure, NotebookResult, Reporter } from '../result';
import { cellFailure } from '../run/verdict';

/** @param kernelName the kernel that `--kernel` asks for; by default each notebook's own */
export function checkTypes(
  items: readonly Item[],
  reporter: Reporter,
  kernelName: string | undefined,
): Promise<NotebookResult[]> {
  // One for each language and folder, from which imports are resolved.
  const compilers = new Map<string, CellCompiler>();
  return oneByOne(items, reporter, (item) => {
    const folder = dirname(item.notebook.file);
    const kernel = kernelName ?? item.notebook.kernelName ?? 'tslab';
    if (kernel !== 'tslab' && kernel !== 'jslab') {
      return { ...blankNotebook(item.path), notes: [`the kernel ${kernel} does not check types`] };
    }
    const key = `${kernel} ${folder}`;
    const language = kernel === 'jslab' ? 'javascript' : 'typescript';
    const compiler = compilers.get(key) ?? new CellCompiler(folder, language);
    compilers.set(key, compiler);
    return check(item, compiler);
  });
}

function check({ path, notebook }: Runnable, compiler: CellCompiler): NotebookResult {
  const began = performance.now();
  compiler.forget();
  const cells = notebook.cells.map((cell): CellResult => {
    if (cell.source.trim() === '') return { ...blankCell(cell), skipped: 'empty' };
    if (cell.tags.has('skip-execution')) return { ...blankCell(cell), skipped: 'tag' };
    return { ...blankCell(cell), failures: failuresOf(cell, compiler) };
  });
  const failures = cells.flatMap((cell) => cell.failures);
  return {
    ...blankNotebook(path),
    verdict: failures.length > 0 ? 'failed' : 'passed',
    failures,
    cells,
    notes: notebook.notes,
    seconds: (performance.now() - began) / 1000,
    kernel: 'tslab',
  };
}

function failuresOf({ number, source, tags }: CodeCell, compiler: CellCompiler): Failure[] {
  const { cell, diagnostics } = compiler.compile(source);
  const mayFail = tags.has('raises-exception');
  // As in the kernel, the declarations of a failing cell do not exist for later cells.
  if (cell && !mayFail) compiler.declare(cell.declarations);
  return diagnostics && !mayFail ? [cellFailure(diagnosticsFailure(diagnostics, source), number)] : [];
}
