/** A student's cell as their own check sees it, and what it finds. */
import type { CodeCell } from '../../notebooks/notebook/notebook';
import type { NbgraderMetadata } from '../assignment/nbgrader';

/** A code cell of a student's notebook, with what its metadata say to a grader. */
export interface StudentCell {
  readonly cell: CodeCell;
  readonly nbgrader?: Partial<NbgraderMetadata>;
  /** Names that the solutions which these tests check must not use. */
  readonly forbidden: readonly string[];
  /** Whether it was handed out, though without a grade_id. */
  readonly isGiven?: boolean;
}

export interface CheckOutcome {
  /** The `grade_id` of the tests, or the number of a cell that failed. */
  readonly id: string;
  /** Undefined: it ran, and says nothing of right or wrong. */
  readonly passed?: boolean;
  /** What the check shows, or why there is nothing to show. */
  readonly text: string;
}
