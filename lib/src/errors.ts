/** What goes wrong because of the machine or the page, and not because of an argument. */

/**
 * `NO_WEBASSEMBLY`: WebAssembly or its SIMD instructions are missing or forbidden. `NO_THREADS`: worker threads cannot be started.
 * `NO_SHARED_MEMORY`: there is no `SharedArrayBuffer`. `NO_MEMORY`: there is not enough memory. `NOT_INSTALLED`: an optional
 * package is missing. `NOT_BUILT`: files of the build are missing, outdated, or left behind by a bundler. `NO_DATA`: a data set's
 * files are missing or cannot be read. `BAD_DATA`: they are damaged, or not those of the data set.
 */
export type EnvironmentProblem =
  | 'NO_WEBASSEMBLY'
  | 'NO_THREADS'
  | 'NO_SHARED_MEMORY'
  | 'NO_MEMORY'
  | 'NOT_INSTALLED'
  | 'NOT_BUILT'
  | 'NO_DATA'
  | 'BAD_DATA';

/** The surroundings lack something; the message says what, and what helps. A wrong argument is a TypeError or RangeError. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';

  constructor(
    readonly code: EnvironmentProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
