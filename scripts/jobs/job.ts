/**
 * A list of jobs that do not need one another: plain data in, plain data out, so that each may run in another process or
 * on another machine.
 */

export interface Job {
  /** Which of the project's own programs does it: a name in kinds.ts. No job carries code. */
  readonly kind: string;
  /** All that its result depends on, besides the project's code: JSON. */
  readonly data: unknown;
  /** Files that it reads, by the names under which its program asks for them. They travel by their content. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What the program of a kind is given besides its data. */
export interface JobContext {
  /** Where the job's files are on this machine. */
  readonly files: Readonly<Record<string, string>>;
  /** Says how far it is, for the people who wait. */
  readonly progress: (text: string) => void;
}

/** Does a job. It checks the data first: on a queue they come from another machine. */
export type JobProgram = (data: unknown, context: JobContext) => Promise<unknown>;

/** The programs by their kind, each loaded by the processes that need it. */
export type Kinds = Readonly<Record<string, () => Promise<JobProgram>>>;

/** What became of a job, after all tries. */
export type JobResult<T> = {
  /** Its place in the list. */
  readonly index: number;
  /** What it printed, up to its limit. */
  readonly log: string;
  /** `host/4711`: which process did it. */
  readonly worker: string;
} & ({ readonly value: T } | { readonly failure: string });

/** A job that throws, or ends its process, is done so often in all. Then it is set aside, and its last reason reported. */
export const MOST_TRIES = 3;
