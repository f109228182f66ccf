/**
 * The grading of a submission as a job of `scripts/jobs`: what is graded was taken out of the student's file before, and
 * travels as data; the assignment travels as a file. Both stay on the grader's side of whoever does it: the student's
 * process sees as little there as here.
 */
import { z } from 'zod';
import type { Job, JobProgram } from '../../jobs/job';
import type { Assignment } from '../assignment/assignment';
import { chooseSandbox, type Sandbox } from '../sandbox/choose';
import { assignmentOf, gradeRead, readFor } from './grade';
import type { SubmissionJob } from './job';
import type { Submission } from './submission';

const texts = z.array(z.tuple([z.string(), z.string()]));
const positive = z.number().positive();

const data = z.strictObject({
  student: z.string(),
  seed: z.number(),
  limits: z.strictObject({
    questionSeconds: positive,
    totalSeconds: positive,
    memoryMegabytes: positive,
    answerBytes: positive,
    outputBytes: positive,
  }),
  /** Undefined: the machine that grades has to find out which one it has. */
  sandbox: z.enum(['bubblewrap', 'node']).optional(),
  /** Whether it must lack nothing. */
  requireSandbox: z.boolean(),
  submission: z.strictObject({
    sources: texts,
    cells: z.array(
      z.tuple([
        z.string(),
        z.strictObject({ type: z.string(), source: z.string().optional(), nbgrader: z.unknown() }),
      ]),
    ),
    others: z.array(z.string()).readonly(),
    problems: z.array(z.string()).readonly(),
  }),
});

export interface WhereGraded {
  /** On another machine, whose sandbox is not known here. */
  readonly elsewhere: boolean;
  readonly requireSandbox: boolean;
}

/** Reads what was handed in: the job needs neither its file nor its size. */
export function jobOf(
  { assignment: file, submission, student, seed, limits, sandbox }: SubmissionJob,
  assignment: Assignment,
  { elsewhere, requireSandbox }: WhereGraded,
): Job {
  const { sources, cells, others, problems } = readFor(assignment, submission);
  const read = { sources: [...sources], cells: [...cells], others, problems };
  return {
    kind: 'grade',
    data: {
      ...{ student, seed, limits, requireSandbox, submission: read },
      ...(!elsewhere && { sandbox }),
    } satisfies z.input<typeof data>,
    files: { assignment: file },
  };
}

let chosen: Promise<Sandbox> | undefined;

export const gradeProgram: JobProgram = async (given, { files }) => {
  const { student, seed, limits, sandbox, requireSandbox, submission } = data.parse(given);
  chosen ??= sandbox === undefined ? chooseSandbox() : undefined;
  const found = sandbox === undefined ? await chosen : undefined;
  if (found) {
    for (const line of found.protections) console.log(line);
    if (requireSandbox && !found.isComplete) {
      throw new Error(
        '--require-sandbox: not everything holds on this machine that can (bubblewrap on Linux)',
      );
    }
  }
  const read: Submission = {
    sources: new Map(submission.sources),
    cells: new Map(submission.cells),
    others: submission.others,
    problems: submission.problems,
  };
  const name = sandbox ?? found?.name ?? 'node';
  return gradeRead({ student, seed, limits, sandbox: name }, await assignmentOf(files.assignment), read);
};
