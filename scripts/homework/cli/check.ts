/** `npm run homework -- check`: what a student runs at home before handing in. */
import { z } from 'zod';
import { fromHere, readOptions, UsageError } from '../../commandLine';
import { NotebookError, readNotebook, shownPath } from '../../notebooks/notebook/notebook';
import type { StudentCell } from '../check/cell';
import { runChecks } from '../check/runChecks';

const usage = `npm run homework -- check NOTEBOOK

Runs the notebook from its first cell to its last and shows what its checks say, and what of it grading will not find. The
exit code is 0 if all of them pass.
`;

/** Of a student's notebook, which may have been changed in any way, what is understood of a cell's metadata. */
const metadata = z.object({
  nbgrader: z
    .object({ grade: z.boolean(), solution: z.boolean(), grade_id: z.string() })
    .partial()
    .optional()
    .catch(undefined),
  homework: z
    .object({ forbidden: z.array(z.string()), given: z.boolean() })
    .partial()
    .optional()
    .catch(undefined),
});
const studentNotebook = z.object({
  cells: z.array(
    z.object({
      cell_type: z.string(),
      source: z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(''))]),
      metadata: metadata.default({}),
    }),
  ),
  metadata: z
    .object({
      homework: z
        .object({ answers: z.array(z.string()) })
        .optional()
        .catch(undefined),
    })
    .default({}),
});

/** @returns the exit code */
export async function check(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(args, { help: { type: 'boolean', default: false } }, true);
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length !== 1) throw new UsageError('check needs one notebook; --help says more');
  const file = fromHere(positionals[0]);
  let notebook;
  try {
    notebook = readNotebook(file);
  } catch (error) {
    if (error instanceof NotebookError) throw new UsageError(error.message);
    throw error;
  }
  const json: unknown = JSON.parse(notebook.text.replace(/^\uFEFF/, ''));
  const { cells, metadata: all } = studentNotebook.parse(json);
  const studentCells = notebook.cells.map((cell): StudentCell => {
    const { nbgrader, homework } = cells[cell.position].metadata;
    return { cell, nbgrader, forbidden: homework?.forbidden ?? [], isGiven: homework?.given };
  });
  const withId = cells.flatMap(({ cell_type: type, source, metadata: { nbgrader } }) =>
    nbgrader?.grade_id === undefined ? [] : [{ id: nbgrader.grade_id, isText: type === 'markdown', source }],
  );
  const handedIn = all.homework && { answers: all.homework.answers, cells: withId };
  const outcomes = await runChecks(notebook, studentCells, handedIn);
  for (const { id, passed, text } of outcomes) {
    const mark = passed === undefined ? '–' : passed ? '✓' : '✗';
    console.log(`${mark} ${id}\n${text.replace(/^/gm, '    ')}\n`);
  }
  const passed = outcomes.filter((outcome) => outcome.passed === true).length;
  const silent = outcomes.filter((outcome) => outcome.passed === undefined).length;
  const without =
    silent === 0 ? '' : `; ${silent} ${silent === 1 ? 'says' : 'say'} nothing of right or wrong`;
  console.log(`${shownPath(file)}: ${passed} of ${outcomes.length - silent} pass${without}.`);
  if (outcomes.length === 0) throw new UsageError(`${shownPath(file)} has no checks: is it an assignment?`);
  return passed + silent === outcomes.length ? 0 : 1;
}
