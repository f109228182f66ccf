/**
 * The students' version of a source notebook: solutions replaced by stubs, hidden tests taken out, outputs cleared,
 * cells locked and marked with nbgrader's checksums, the cells that students answer in listed. All else stays as it is.
 */
import { handedOutSource } from '../assignment/handedOut';
import { checksum } from '../assignment/nbgrader';
import type { CellJson, NotebookJson, SourceCell, SourceNotebook } from '../assignment/source';

/** @param forbidden names that a solution must not use, by the grade_id of its tests: for the students' own check */
export function studentVersion(
  { json, cells }: SourceNotebook,
  forbidden: ReadonlyMap<string, readonly string[]>,
): NotebookJson {
  const versions = cells.map((cell) =>
    studentCell(cell, json.cells[cell.position], forbidden.get(cell.gradeId ?? '')),
  );
  const answers = cells.flatMap(({ role, gradeId }) =>
    gradeId !== undefined && (role === 'solution' || role === 'manual') ? [gradeId] : [],
  );
  const metadata = { ...(json.metadata as Record<string, unknown>), homework: { answers } };
  return { ...json, cells: versions, metadata: sorted(metadata) };
}

function studentCell(cell: SourceCell, json: CellJson, forbidden: readonly string[] = []): CellJson {
  const { type, role, nbgrader } = cell;
  const source = handedOutSource(cell);
  const metadata: Record<string, unknown> = { ...json.metadata };
  // What the runner has stored there speaks of outputs that are gone.
  delete metadata.convlab;
  if (nbgrader) {
    metadata.nbgrader = { ...nbgrader, cell_type: type, checksum: checksum({ type, source }, nbgrader) };
    metadata.deletable = false;
    if (role !== 'solution' && role !== 'manual') metadata.editable = false;
  }
  if (forbidden.length > 0) metadata.homework = { forbidden };
  // So that the students' own check tells it from their own cells.
  if (role === 'given' && !nbgrader) metadata.homework = { given: true };
  return {
    ...json,
    ...(type === 'code' && { execution_count: null, outputs: [] }),
    metadata: sorted(metadata),
    source: source.split(/(?<=\n)/),
  };
}

/** JupyterLab's order, so that saving there changes nothing. */
function sorted(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function notebookText(notebook: NotebookJson): string {
  return `${JSON.stringify(notebook, null, 1)}\n`;
}
