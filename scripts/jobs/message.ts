/** What a worker process and its pool say to each other. Values cross as JSON text, so that they are the same everywhere. */

export interface Task {
  readonly kind: string;
  /** JSON. */
  readonly data: string;
  readonly files: Readonly<Record<string, string>>;
}

export type Reply =
  /** It has loaded and waits. */
  | { readonly ready: true }
  /** The job has printed this. */
  | { readonly printed: string }
  | { readonly progress: string }
  /** JSON; the last reply to a task. */
  | { readonly value: string }
  | { readonly threw: string };
