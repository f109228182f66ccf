/**
 * The grading of one submission as a job: plain data in, plain data out, so that it may run in another process or on
 * another machine.
 */

export type SandboxName = 'bubblewrap' | 'node';

/** What a submission may use up. Whoever needs more is stopped, and loses the question that took it. */
export interface Limits {
  /** For one question with all its inputs, for one cell to run, and for the program to be compiled. */
  readonly questionSeconds: number;
  /** For the whole submission. */
  readonly totalSeconds: number;
  readonly memoryMegabytes: number;
  /** For one answer, as it comes over the channel. */
  readonly answerBytes: number;
  /** What it prints beyond this ends it. */
  readonly outputBytes: number;
}

export const defaultLimits: Limits = {
  questionSeconds: 10,
  totalSeconds: 60,
  memoryMegabytes: 512,
  answerBytes: 4_000_000,
  outputBytes: 1_000_000,
};

export interface SubmissionJob {
  /** The assignment's source notebook. */
  readonly assignment: string;
  /** The notebook that was handed in. */
  readonly submission: string;
  readonly student: string;
  /** The teacher's secret: it decides the random inputs, together with the student and what was handed in. */
  readonly seed: number;
  readonly limits: Limits;
  readonly sandbox: SandboxName;
}

export interface SubmissionGrade {
  readonly student: string;
  /** What about the file was not as it was handed out, in whole sentences. */
  readonly problems: readonly string[];
  /** What of that is about one cell: a sentence for each that was changed though it is not the student's, by grade_id. */
  readonly notes: Readonly<Record<string, string>>;
  /** In the assignment's order. */
  readonly questions: readonly QuestionGrade[];
  /** What the student wrote, by grade_id: the sources of the solution cells and the answers in words. */
  readonly answers: Readonly<Record<string, string>>;
}

export type QuestionState =
  'passed' | 'partly' | 'wrong' | 'not written' | 'failed' | 'forbidden' | 'too long' | 'missing' | 'manual';

export interface QuestionGrade {
  readonly id: string;
  readonly points: number;
  readonly max: number;
  readonly state: QuestionState;
  /** What was found, in whole sentences, some of them with words of the student's program: escape it. */
  readonly message: string;
  /** The part of the message that a classic mistake explains. */
  readonly hint?: string;
  /** How many of the cases are right; both are 0 for a question answered in words. */
  readonly right: number;
  readonly cases: number;
  /** Of a network that was handed in and trained. */
  readonly network?: MeasuredNetwork;
}

export interface MeasuredNetwork {
  readonly parameters: number;
  /** For one image. */
  readonly multiplyAdds: number;
  /** On the test images, one for each seed. */
  readonly accuracies: readonly number[];
}
