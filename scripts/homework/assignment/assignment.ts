/** An assignment as its source notebook states it: the cells with their roles, and the questions with their tests. */
import type { NetworkLimits } from 'convlab';
import type { Exercise } from 'convlab/dist/exercises/exercise';

export interface Assignment {
  /** The file's name without `.ipynb`: `1-output-sizes`. */
  readonly name: string;
  /** The notebook's first heading. */
  readonly title: string;
  /** Every cell of the source, in order. */
  readonly cells: readonly AssignmentCell[];
  readonly questions: readonly Question[];
  /** Of all questions together. */
  readonly points: number;
}

/**
 * `given` is code that the student gets as it is; `solution` is written by the student; `tests` check it; `manual` is
 * the student's text or code that a person grades.
 */
export type Role = 'given' | 'solution' | 'tests' | 'manual' | 'prose';

export interface AssignmentCell {
  /** Index among all cells of the source, from 0. */
  readonly position: number;
  readonly type: 'code' | 'markdown' | 'raw';
  readonly role: Role;
  /** nbgrader's `grade_id`; undefined for a cell that nbgrader knows nothing of. */
  readonly gradeId?: string;
  /** As in the source: with the solution and the hidden tests. */
  readonly source: string;
  /** As students get it: with the stub, without the hidden tests. */
  readonly handedOut: string;
  /** Of a cell with a grade_id: nbgrader's, of the cell as it is handed out. */
  readonly checksum?: string;
}

export interface Question {
  /** The `grade_id` of its tests, or of the cell that is graded by hand. */
  readonly id: string;
  /** The nearest heading above. */
  readonly title: string;
  readonly points: number;
  /** `network`: a function that describes a network, which the grader trains and measures. */
  readonly kind: 'function' | 'value' | 'network' | 'manual';
  /** The `grade_id`s of the solution cells that it rests on, in order. */
  readonly solutions: readonly string[];
  /**
   * Positions of the code cells that `answer` needs, given ones and solutions, in order: what has to run before it can
   * be asked.
   */
  readonly program: readonly number[];
  /** The declaration of those cells that is asked, function or value; empty for what is graded by hand. */
  readonly answer: string;
  /** The `grade_id` of the solution cell that declares `answer`. */
  readonly declaredIn: string;
  /**
   * Names that the solutions must not use: `conv2d` means that name alone or as a property (`tf.conv2d`), under any
   * alias.
   */
  readonly forbidden: readonly string[];
  /** Whether points are given in proportion to the cases that are right: yes for values, no for functions. */
  readonly partial: boolean;
  /** Of functions and values. Stays in the grader's process. */
  readonly exercise?: Exercise;
  /** Of networks. */
  readonly network?: NetworkLimits;
  /** Wrong answers, each a source that can stand in the place of the solution cell that declares `answer`. */
  readonly mutants: readonly string[];
}
