/** What the gradebook books and gives back, as plain data. */
import type { QuestionGrade, SubmissionGrade } from '../grade/job';

/** What an assignment is, as far as its grades are concerned. */
export interface GradedAssignment {
  readonly name: string;
  readonly title: string;
  readonly questions: readonly GradedQuestion[];
}

export interface GradedQuestion {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly points: number;
  /** The grade_ids of the cells that answer it. */
  readonly solutions: readonly string[];
}

export interface Student {
  readonly id: string;
  readonly lastName: string;
  readonly firstName: string;
  readonly email: string;
}

/** A graded submission as grading gives it. */
export interface Graded {
  readonly grade: SubmissionGrade;
  readonly file: string;
  /** SHA-256 of the notebook. */
  readonly hash: string;
  /** Of everything that the grade depends on. */
  readonly key: string;
  /** ISO 8601, UTC; undefined if nothing says when it was handed in. */
  readonly submitted?: string;
}

/** The grade of one question, with what the teacher entered. */
export interface BookedQuestion extends QuestionGrade {
  readonly title: string;
  readonly kind: string;
  /** The points that count: the teacher's, or else the computed ones. */
  readonly points: number;
  /** Whether the points are the teacher's. */
  readonly byHand: boolean;
  readonly comment: string;
  /** What the teacher gave and no longer counts. */
  readonly outdated?: OutdatedPoints;
}

export interface OutdatedPoints {
  readonly points: number;
  /** Half a sentence. */
  readonly why: string;
}

/** All that is known of one submission. */
export interface BookedSubmission {
  readonly student: Student;
  readonly file: string;
  readonly hash: string;
  readonly submitted?: string;
  readonly problems: readonly string[];
  /** On cells that are not the student's to write, by grade_id. */
  readonly notes: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<string, string>>;
  /** In the assignment's order. */
  readonly questions: readonly BookedQuestion[];
  /** Comments on cells that are no question, by grade_id. */
  readonly comments: Readonly<Record<string, string>>;
  /** Points before the late penalty. */
  readonly raw: number;
  readonly penalty: number;
  /** Points in the end, at least 0. */
  readonly score: number;
  readonly max: number;
}

/** A booked assignment's own settings. */
export interface BookedAssignment {
  readonly name: string;
  readonly title: string;
  /** The file of its source notebook. */
  readonly source: string;
  readonly seed: number;
  readonly due?: string;
  readonly late: string;
  readonly max: number;
  readonly questions: readonly GradedQuestion[];
}

/** What a teacher enters for one question of one student. What is undefined stays as it was. */
export interface Manual {
  readonly assignment: string;
  readonly student: string;
  /** The question's id; for a comment also the grade_id of any other cell. */
  readonly question: string;
  /** null: the computed points count again. */
  readonly points?: number | null;
  readonly comment?: string;
  /** The mark of the answer that the points are for; undefined: the one that is booked. */
  readonly answer?: string;
  /** Where it stands, for errors: `words.csv, row 3`. */
  readonly where?: string;
}
