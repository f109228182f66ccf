/** Reads an assignment: the questions of a source notebook, with what each rests on and how it is tested. */
import ts from 'typescript';
import type { Assignment, AssignmentCell, Question } from './assignment';
import { handedOutSource } from './handedOut';
import { hiddenCallOf, statedTests } from './hidden';
import { namesOf, parseCell } from './names';
import { checksum } from './nbgrader';
import { partsOf } from './regions';
import { asError, AssignmentError, readSource, type SourceCell, type SourceNotebook } from './source';

/**
 * Runs the solutions and the hidden tests of the notebook in this process.
 *
 * @param file a source notebook
 * @throws NotebookError when it is none; AssignmentError naming the cell, what it has and what is expected
 */
export async function readAssignment(file: string): Promise<Assignment> {
  return assignmentOf(readSource(file));
}

/** As {@link readAssignment}, of a notebook that is read already. */
export async function assignmentOf({ name, cells }: SourceNotebook): Promise<Assignment> {
  for (const cell of cells) checkRegions(cell);
  const questions: Question[] = [];
  for (const cell of cells) {
    if (cell.role === 'manual') questions.push(manualQuestion(cell, cells));
    if (cell.role === 'tests') questions.push(await testedQuestion(cell, cells));
  }
  return {
    name,
    title: headingAbove(cells.length, cells, (level) => level === 1) ?? name,
    cells: cells.map(assignmentCell),
    questions,
    points: questions.reduce((sum, { points }) => sum + points, 0),
  };
}

function assignmentCell(cell: SourceCell): AssignmentCell {
  const { position, type, role, gradeId, source, nbgrader } = cell;
  const handedOut = handedOutSource(cell);
  const sum = nbgrader && checksum({ type, source: handedOut }, nbgrader);
  return { position, type, role, gradeId, source, handedOut, ...(sum !== undefined && { checksum: sum }) };
}

function checkRegions({ role, source, where }: SourceCell): void {
  const solutions = asError(`${where}: `, () => partsOf(source, 'SOLUTION')).filter(
    ({ isInside }) => isInside,
  );
  const tests = asError(`${where}: `, () => partsOf(source, 'HIDDEN TESTS')).filter(
    ({ isInside }) => isInside,
  );
  if (role === 'solution' && solutions.length === 0) {
    throw new AssignmentError(
      `${where} has no solution, expected one between // BEGIN SOLUTION and // END SOLUTION`,
    );
  }
  if (solutions.length > 0 && role !== 'solution' && role !== 'manual') {
    throw new AssignmentError(`${where} has a solution and is no solution cell, expected "solution": true`);
  }
  if (tests.length > 0 && role !== 'tests') {
    throw new AssignmentError(
      `${where} has hidden tests and is no test cell, expected "grade" and "locked": true`,
    );
  }
}

/** The nearest heading above a cell, or in it. */
function headingAbove(
  position: number,
  cells: readonly SourceCell[],
  isWanted: (level: number) => boolean = () => true,
): string | undefined {
  const headings = cells
    .slice(0, position + 1)
    .filter(({ type }) => type === 'markdown')
    .flatMap(({ source }) => [...source.matchAll(/^(#+) (.+)$/gm)])
    .flatMap(([, marks, text]) => (isWanted(marks.length) ? [text.trim()] : []));
  return headings.at(-1);
}

function manualQuestion(
  { position, gradeId = '', nbgrader }: SourceCell,
  cells: readonly SourceCell[],
): Question {
  return {
    id: gradeId,
    title: headingAbove(position, cells) ?? gradeId,
    points: nbgrader?.points ?? 0,
    kind: 'manual',
    solutions: [gradeId],
    program: [],
    answer: '',
    declaredIn: gradeId,
    forbidden: [],
    partial: true,
    mutants: [],
  };
}

async function testedQuestion(cell: SourceCell, cells: readonly SourceCell[]): Promise<Question> {
  const { position, gradeId = '', nbgrader, where } = cell;
  const call = asError(`${where} `, () => hiddenCallOf(cell.source));
  const { answer } = call;
  const program = programOf(answer, cells.slice(0, position));
  const declaring = program.find(({ names }) => names?.declared.has(answer));
  if (declaring?.role !== 'solution') {
    const found = declaring ? `is declared by cells[${declaring.position}]` : 'no cell above declares';
    throw new AssignmentError(
      `${where} asks for ${answer}, which ${found}, expected a solution cell above to declare it`,
    );
  }
  let stated;
  try {
    stated = await statedTests(call, program);
  } catch (error) {
    throw new AssignmentError(`${where}: its solution and hidden tests, run together: ${String(error)}`);
  }
  const { exercise, network, forbidden, wrongValues } = stated;
  const wrong = exercise?.kind === 'value' ? wrongValues.map((value) => JSON.stringify(value)) : call.wrong;
  return {
    id: gradeId,
    title: headingAbove(position, cells) ?? gradeId,
    points: nbgrader?.points ?? 0,
    kind: exercise?.kind ?? 'network',
    solutions: program.flatMap(({ role, gradeId: id = '' }) => (role === 'solution' ? [id] : [])),
    program: program.map((needed) => needed.position),
    answer,
    declaredIn: declaring.gradeId ?? '',
    forbidden,
    partial: exercise?.kind !== 'function',
    exercise,
    network,
    mutants: wrong.map((text) => withAnswer(declaring.source, answer, text)),
  };
}

/** The code cells that a name rests on: the one that declares it, and those which declare what that one uses. */
function programOf(name: string, cells: readonly SourceCell[]): SourceCell[] {
  const code = cells.filter(({ role }) => role === 'given' || role === 'solution');
  const needed = new Set<SourceCell>();
  const need = (wanted: string): void => {
    for (const cell of code) {
      if (needed.has(cell) || !cell.names?.declared.has(wanted)) continue;
      needed.add(cell);
      cell.names.needed.forEach(need);
    }
  };
  need(name);
  return code.filter((cell) => needed.has(cell));
}

/** The solution cell with another answer in the place of its own; that one may call the right one by its name. */
function withAnswer(source: string, answer: string, text: string): string {
  const statement = parseCell(source).statements.find((one) => declares(one, answer));
  if (!statement) return source;
  const right = `(() => {\n${statement.getText()}\nreturn ${answer};\n})()`;
  const wrong = namesOf(`(${text});`).needed.has(answer) ? `((${answer}) => (${text}))(${right})` : text;
  return `${source.slice(0, statement.getStart())}const ${answer} = ${wrong};${source.slice(statement.end)}`;
}

function declares(statement: ts.Statement, name: string): boolean {
  if (ts.isFunctionDeclaration(statement)) return statement.name?.text === name;
  return (
    ts.isVariableStatement(statement) &&
    statement.declarationList.declarations.some((declaration) => declaration.name.getText() === name)
  );
}
