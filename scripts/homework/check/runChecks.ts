/**
 * Runs a student's notebook as they do, on the kernel, and collects what its checks say. A cell that fails does not stop
 * the others.
 */
import { dirname } from 'node:path';
import { findForbidden } from '../grade/compile/forbidden';
import { DEFAULTS } from '../../notebooks/cli/options';
import type { CodeCell, Notebook } from '../../notebooks/notebook/notebook';
import type { Output } from '../../notebooks/result';
import { Kernel } from '../../notebooks/run/kernel';
import { kernelCommand } from '../../notebooks/run/kernelspec';
import { CellOutputs } from '../../notebooks/run/outputs';
import { Ended, Session } from '../../notebooks/run/session';
import { explainFailure } from '../../notebooks/run/verdict';
import { parseCell } from '../assignment/names';
import type { CheckOutcome, StudentCell } from './cell';
import { answersNotGraded, namesIn, ownCellBehind, type HandedIn } from './graded';

/**
 * What every test cell says, and every other cell that failed, in order; then what grading would not find.
 *
 * @param handedIn undefined for a notebook that does not say what is to be handed in, nor which cells are the student's own
 */
export async function runChecks(
  notebook: Notebook,
  cells: readonly StudentCell[],
  handedIn: HandedIn | undefined,
): Promise<CheckOutcome[]> {
  const kernel = await Kernel.start(kernelCommand(), dirname(notebook.file), DEFAULTS.startupSeconds);
  const session = new Session(kernel, DEFAULTS);
  const outcomes: CheckOutcome[] = [];
  try {
    for (const one of cells) {
      const { cell, nbgrader = {} } = one;
      if (cell.source.trim() === '') continue;
      const isTest = nbgrader.grade === true && nbgrader.solution !== true;
      const id = nbgrader.grade_id ?? `cell ${cell.number}`;
      const { failure, outputs } = await run(cell, session, notebook);
      const found = isTest ? (forbiddenIn(one, cells) ?? (handedIn && ownCellBehind(one, cells))) : undefined;
      if (failure !== undefined) outcomes.push({ id, passed: false, text: failure });
      else if (found !== undefined) outcomes.push({ id, passed: false, text: found });
      else if (isTest) outcomes.push({ id, ...verdictOf(outputs) });
    }
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    outcomes.push({ id: 'the kernel', passed: false, text: error.message });
  } finally {
    session.close();
    void kernel.kill();
  }
  return handedIn ? [...outcomes, ...answersNotGraded(handedIn)] : outcomes;
}

async function run(
  cell: CodeCell,
  session: Session,
  notebook: Notebook,
): Promise<{ failure?: string; outputs: readonly Output[] }> {
  const outputs = new CellOutputs();
  const seconds = cell.settings.timeout ?? notebook.settings.timeout ?? DEFAULTS.timeoutSeconds;
  const reply = await session.run(cell.source, outputs, seconds);
  if (reply.ok) return { outputs: outputs.all };
  const { message, line } = explainFailure(cell, reply.message, outputs.all);
  return { failure: line === undefined ? message : `line ${line}: ${message}`, outputs: outputs.all };
}

/** A check shows a mark, ✓ or another, with its text. Tests that show none only print. */
function verdictOf(outputs: readonly Output[]): { passed?: boolean; text: string } {
  const texts = outputs.flatMap((output) =>
    output.output_type === 'execute_result' || output.output_type === 'display_data'
      ? typeof output.data['text/plain'] === 'string'
        ? [output.data['text/plain']]
        : []
      : [],
  );
  const shown = texts.filter((text) => /^[✓✗○] /.test(text));
  if (shown.length > 0)
    return { passed: shown.every((text) => text.startsWith('✓')), text: shown.join('\n') };
  const printed = outputs.map((output) => (output.output_type === 'stream' ? output.text : '')).join('');
  return { text: printed.trim() || 'It runs, and shows nothing.' };
}

/** The first name that the solutions behind a test cell must do without, as a sentence. */
function forbiddenIn({ cell, forbidden }: StudentCell, cells: readonly StudentCell[]): string | undefined {
  if (forbidden.length === 0) return undefined;
  const parsed = cells.flatMap((one) => {
    const names = namesIn(one.cell.source);
    return names === undefined ? [] : [{ one, names }];
  });
  const found = new Set<StudentCell>();
  const need = (wanted: string): void => {
    for (const { one, names } of parsed) {
      if (found.has(one) || !names.declared.has(wanted)) continue;
      found.add(one);
      names.needed.forEach(need);
    }
  };
  namesIn(cell.source)?.needed.forEach(need);
  const own = new Set(
    parsed.flatMap(({ names }) => [...names.declared].filter((name) => !names.imported.has(name))),
  );
  for (const { cell: solution, nbgrader } of found) {
    if (nbgrader?.solution !== true) continue;
    const sentence = findForbidden(parseCell(solution.source), forbidden, own, []);
    if (sentence !== undefined) return sentence;
  }
  return undefined;
}
