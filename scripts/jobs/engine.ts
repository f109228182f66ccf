/** What an engine is asked: to do each of these jobs, and to give what became of each, once. */

/** A job with its identity, and its data as they travel. */
export interface Numbered {
  /** A hash of all that its result depends on. */
  readonly id: string;
  readonly kind: string;
  /** JSON. */
  readonly data: string;
  readonly files: Readonly<Record<string, string>>;
}

export type Finished = { readonly log: string; readonly worker: string } & (
  { /** JSON. */ readonly value: string } | { readonly failure: string }
);

export interface EngineRun {
  readonly jobs: readonly Numbered[];
  /** The file with the programs of the kinds. */
  readonly kinds: string;
  readonly signal?: AbortSignal;
  readonly onResult: (id: string, finished: Finished) => void;
  /** What some job says of itself. */
  readonly onProgress: (text: string) => void;
}
