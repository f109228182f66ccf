/**
 * Grades one submission. Only the solution cells are taken from it, by their grade_id; all else comes from the source
 * notebook. The student's program runs in a process of its own and is asked questions; what is right is decided here.
 */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Assignment, Question } from '../assignment/assignment';
import { readAssignment } from '../assignment/read';
import { ThreadError } from '../sandbox/thread';
import { compiler } from './compile/compiler';
import type { Program, ProgramRequest, SourceOfCell } from './compile/program';
import type { QuestionGrade, SubmissionGrade, SubmissionJob } from './job';
import { notesOn, problemsOf } from './notes';
import { askQuestion, type Finding, type Measurement } from './question';
import { Session } from './session';
import { readSubmission, type Submission } from './submission';

/**
 * Whatever the submission holds, it gets a grade.
 *
 * @throws AssignmentError, NotebookError for a source notebook that is none; SandboxError when no process can be started;
 *   the signal's reason
 */
export async function gradeSubmission(job: SubmissionJob, signal?: AbortSignal): Promise<SubmissionGrade> {
  const assignment = await assignmentOf(job.assignment);
  return gradeRead(job, assignment, readFor(assignment, job.submission), signal);
}

/** What of a submission's file is graded. */
export function readFor({ questions, cells }: Assignment, file: string): Submission {
  const wanted = [...new Set(questions.flatMap(({ solutions }) => solutions))];
  const given = cells.flatMap(({ gradeId = '' }) => (gradeId === '' ? [] : [gradeId]));
  return readSubmission(file, wanted, given);
}

/** How a submission is graded that has been read. */
export type Conditions = Omit<SubmissionJob, 'assignment' | 'submission'>;

/** @throws as {@link gradeSubmission} */
export async function gradeRead(
  conditions: Conditions,
  assignment: Assignment,
  submission: Submission,
  signal?: AbortSignal,
): Promise<SubmissionGrade> {
  const notes = submission.cells.size > 0 ? notesOn(assignment, submission.cells) : {};
  const findings = await findingsOf(conditions, assignment, submission, signal);
  return {
    student: conditions.student,
    problems: [...submission.problems, ...problemsOf(notes)],
    notes,
    questions: assignment.questions.map((question, i) =>
      gradeOf(question, withOwnCells(findings[i], submission.others)),
    ),
    answers: Object.fromEntries(submission.sources),
  };
}

const assignments = new Map<string, { readonly version: string; readonly assignment: Promise<Assignment> }>();

/** Read once, as long as the file stays the same. */
export function assignmentOf(file: string): Promise<Assignment> {
  const { mtimeMs, size } = statSync(file);
  const version = `${mtimeMs} ${size}`;
  const known = assignments.get(file);
  if (known?.version === version) return known.assignment;
  const assignment = readAssignment(file);
  assignments.set(file, { version, assignment });
  return assignment;
}

async function findingsOf(
  job: Conditions,
  { cells, questions }: Assignment,
  submission: Submission,
  signal?: AbortSignal,
): Promise<Finding[]> {
  const sources = cells.flatMap(({ type, role, gradeId, position, source }): SourceOfCell[] => {
    if (type !== 'code') return [];
    if (role === 'given') return [{ id: gradeId ?? `cells[${position}]`, source, isStudents: false }];
    const own = role === 'solution' && gradeId !== undefined ? submission.sources.get(gradeId) : undefined;
    return own === undefined ? [] : [{ id: gradeId as string, source: own, isStudents: true }];
  });
  const asked = questions.filter(({ kind }) => kind !== 'manual');
  const request = {
    cells: sources,
    questions: asked.map(({ answer, forbidden }) => ({ answer, forbidden })),
  };
  const program = await compiled(request, job.limits.questionSeconds);
  const seed = seedOf(job, submission);
  const end = performance.now() + 1000 * job.limits.totalSeconds;
  const findings = new Map<Question, Finding>();
  asked.forEach((question, i) => {
    const finding = withoutAsking(question, submission, program, i);
    if (finding) findings.set(question, finding);
  });
  const measurements = new Map<Question, Measurement>();
  for (const { group, without } of groupsOf(asked, findings, program)) {
    const needed = new Set(group.flatMap((question) => program.needed[asked.indexOf(question)]));
    const scripts = program.scripts.filter(({ id }) => needed.has(id));
    const session = new Session(job, scripts, without, end, signal);
    try {
      for (const question of group) {
        const found = await askQuestion(question, session, job.limits.questionSeconds, seed);
        if (typeof found === 'function') measurements.set(question, found);
        else findings.set(question, found);
      }
    } finally {
      await session.close();
    }
  }
  for (const [question, measure] of measurements) findings.set(question, await measure(signal));
  return questions.map((question) => findings.get(question) ?? manualFinding(question, submission));
}

/** As one program; or, when that is too much for the compiler, without the cells that are. */
async function compiled(request: ProgramRequest, seconds: number): Promise<Program> {
  try {
    return await compiler.ask(request, seconds);
  } catch (error) {
    if (!(error instanceof ThreadError)) throw error;
  }
  const unreadable: Record<string, string> = {};
  const readable: SourceOfCell[] = [];
  for (const cell of request.cells) {
    try {
      await compiler.ask({ ...request, cells: [cell] }, seconds);
      readable.push(cell);
    } catch (error) {
      if (!(error instanceof ThreadError)) throw error;
      unreadable[cell.id] = `${error.message} to be compiled`;
    }
  }
  const program = await compiler.ask({ ...request, cells: readable }, seconds);
  return { ...program, unreadable: { ...program.unreadable, ...unreadable } };
}

/** What can be said without running anything. */
function withoutAsking(
  { answer, solutions }: Question,
  { sources }: Submission,
  program: Program,
  index: number,
): Finding | undefined {
  const none = { right: 0, cases: 0 };
  const forbidden = program.forbidden[index];
  if (forbidden !== undefined) return { state: 'forbidden', message: forbidden, ...none };
  if (program.needed[index].length > 0) return undefined;
  const unreadable = solutions.filter((id) => Object.hasOwn(program.unreadable, id));
  if (unreadable.length > 0) {
    const message = unreadable.map((id) => `The cell ${id} ${program.unreadable[id]}.`).join(' ');
    return { state: 'failed', message, ...none };
  }
  const missing = solutions.filter((id) => !sources.has(id));
  if (missing.length > 0) {
    return { state: 'missing', message: `The cell ${missing.join(', ')} is missing.`, ...none };
  }
  const message = `No cell declares \`${answer}\` any more: it is asked by its name.`;
  return { state: 'failed', message, ...none };
}

function manualFinding({ solutions }: Question, { sources }: Submission): Finding {
  const isThere = solutions.some((id) => sources.has(id));
  return isThere
    ? { state: 'manual', message: 'Graded by a person.', right: 0, cases: 0 }
    : { state: 'missing', message: `The cell ${solutions.join(', ')} is missing.`, right: 0, cases: 0 };
}

interface Group {
  readonly group: readonly Question[];
  /** What is taken out of the library for them. */
  readonly without: readonly string[];
}

/**
 * The questions that are left, those that share a process together. What one question forbids, another may need, and
 * what runs for that one could keep it where this one finds it: so only questions that forbid the same are together,
 * unless nobody uses any of it.
 */
function groupsOf(
  asked: readonly Question[],
  findings: ReadonlyMap<Question, Finding>,
  program: Program,
): Group[] {
  const left = asked.filter((question) => !findings.has(question));
  const all = [...new Set(asked.flatMap(({ forbidden }) => forbidden))];
  if (program.isInnocent) return left.length > 0 ? [{ group: left, without: all }] : [];
  const groups = new Map<string, Question[]>();
  for (const question of left) {
    const key = [...question.forbidden].sort().join('\0');
    groups.set(key, [...(groups.get(key) ?? []), question]);
  }
  return [...groups.values()].map((group) => ({ group, without: group[0].forbidden }));
}

/** Tells those whose helper is in a cell that they have added. */
function withOwnCells(finding: Finding, others: readonly string[]): Finding {
  const name = /ReferenceError: ([\w$]+) is not defined/.exec(finding.message)?.[1];
  const declares =
    name && new RegExp(`\\b(function|const|let|var|class)\\s+${name.replaceAll('$', '\\$')}\\b`);
  if (!declares || !others.some((source) => declares.test(source))) return finding;
  const message = `${finding.message} \`${name}\` is in a cell of your own, which is not graded: move it into the cell of the solution.`;
  return { ...finding, message };
}

function gradeOf({ id, points: max, partial }: Question, finding: Finding): QuestionGrade {
  const { state, right, cases } = finding;
  if (state === 'passed') return { id, points: max, max, ...finding };
  if (state !== 'wrong' || !partial || right === 0) return { id, points: 0, max, ...finding };
  return { id, max, ...finding, points: Math.round((100 * max * right) / cases) / 100, state: 'partly' };
}

/**
 * The same file of the same student gets the same inputs; any other file gets others. So whoever finds out the inputs of
 * one, by having them told in an error message, cannot use them in the next.
 */
function seedOf({ seed, student }: Conditions, { sources }: Submission): number {
  const text = JSON.stringify([seed, student, [...sources].sort()]);
  return createHash('sha256').update(text).digest().readUInt32LE(0);
}
