/**
 * The gradebook: one SQLite file with all that is known of students, submissions, grades, and what the teacher entered.
 * Every change is one transaction, so that whatever ends the program leaves the file whole.
 *
 * The driver is libsql: its native code comes as npm packages, for Node 20 to 24, without a compiler or another download
 * (better-sqlite3 fetches its own from GitHub; node-sqlite3-wasm stays locked for good after a SIGKILL; sql.js holds the
 * whole file in memory). `node:sqlite` will do once Node 22 is the oldest.
 */
import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import type {
  BookedAssignment,
  BookedSubmission,
  Graded,
  GradedAssignment,
  GradedQuestion,
  Manual,
  Student,
} from './booked';
import { latePenalty } from './late';
import {
  answerHash,
  answersOf,
  bookedQuestion,
  groupByStudent,
  round,
  studentOf,
  sum,
  withoutMarks,
  type Row,
} from './rows';
import { MIGRATIONS, SCHEMA, SCHEMA_VERSION } from './schema';

/** What is wrong with the gradebook or a file written from it. The message names the file. */
export class GradebookError extends Error {}

export class Gradebook {
  readonly #database: Database.Database;

  /**
   * Opens the file, or creates it. One of an earlier version is brought up to this one.
   *
   * @throws GradebookError if it cannot be opened, is no gradebook, or was written by a later version
   */
  constructor(readonly file: string) {
    this.#database = this.#named(() => {
      mkdirSync(dirname(file), { recursive: true });
      // Another run's transaction takes milliseconds.
      return new Database(file, { timeout: 10_000 });
    });
    // A write-ahead log is whole after any crash and loses nothing when only the program is killed. Without it, every
    // submission waits three times for the disk.
    this.#named(() => this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL'));
    this.#transaction(() => {
      const version = Number(this.#all('PRAGMA user_version')[0].user_version);
      if (version === SCHEMA_VERSION) return;
      const isEmpty = this.#all('SELECT name FROM sqlite_master').length === 0;
      if (version > SCHEMA_VERSION || (version === 0 && !isEmpty)) {
        throw new Error(`it is not a gradebook of this version (${SCHEMA_VERSION})`);
      }
      if (isEmpty) this.#database.exec(SCHEMA);
      else for (let from = version; from < SCHEMA_VERSION; from++) this.#database.exec(MIGRATIONS[from]);
      this.#database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    });
  }

  close(): void {
    this.#database.close();
  }

  /**
   * Makes an assignment known, or its questions as they are now.
   *
   * @param source the file of its source notebook
   * @param seed of the random inputs; undefined: the one it has, or a new secret one
   */
  putAssignment({ name, title, questions }: GradedAssignment, source: string, seed?: number): void {
    this.#transaction(() => {
      this.#run(
        `INSERT INTO assignment (name, title, source, seed) VALUES (?, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET title = excluded.title, source = excluded.source`,
        name,
        title,
        source,
        seed ?? randomInt(2 ** 31),
      );
      if (seed !== undefined) this.#run('UPDATE assignment SET seed = ? WHERE name = ?', seed, name);
      this.#run('DELETE FROM question WHERE assignment = ?', name);
      questions.forEach((question, position) =>
        this.#run(
          `INSERT INTO question (assignment, id, position, title, kind, points, solutions)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
          ...[name, question.id, position, withoutMarks(question.title), question.kind, question.points],
          JSON.stringify(question.solutions),
        ),
      );
    });
  }

  /** Sets when the assignment is due and what handing in late costs; what is undefined stays as it was. */
  setLate(assignment: string, { due, late }: { readonly due?: string; readonly late?: string }): void {
    this.#transaction(() =>
      this.#run(
        'UPDATE assignment SET due = coalesce(?, due), late = coalesce(?, late) WHERE name = ?',
        ...[due ?? null, late ?? null, assignment],
      ),
    );
  }

  /** All assignments, by name. */
  assignments(): BookedAssignment[] {
    return this.#all('SELECT * FROM assignment ORDER BY name').map(
      ({ name, title, source, seed, due, late }) => {
        const questions = this.#all(
          'SELECT * FROM question WHERE assignment = ? ORDER BY position',
          name,
        ).map((row): GradedQuestion => ({
          id: String(row.id),
          title: String(row.title),
          kind: String(row.kind),
          points: Number(row.points),
          solutions: JSON.parse(String(row.solutions)) as string[],
        }));
        return {
          name: String(name),
          title: String(title),
          source: String(source),
          seed: Number(seed),
          ...(due !== null && { due: String(due) }),
          late: String(late),
          max: sum(questions.map(({ points }) => points)),
          questions,
        };
      },
    );
  }

  /** @throws GradebookError if the gradebook does not know it */
  assignment(name: string): BookedAssignment {
    const all = this.assignments();
    const found = all.find((assignment) => assignment.name === name);
    if (found) return found;
    const known = all.map((assignment) => assignment.name).join(', ') || 'none yet';
    throw new GradebookError(`the gradebook ${this.file} has no assignment '${name}', but: ${known}`);
  }

  /** Names and addresses of students; one with the same id is replaced. */
  putStudents(students: readonly Student[]): void {
    this.#transaction(() => {
      for (const { id, lastName, firstName, email } of students) {
        this.#run(
          `INSERT INTO student (id, last_name, first_name, email) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
           SET last_name = excluded.last_name, first_name = excluded.first_name, email = excluded.email`,
          ...[id, lastName, firstName, email],
        );
      }
    });
  }

  /** By id. */
  students(): Student[] {
    return this.#all('SELECT * FROM student ORDER BY id').map(studentOf);
  }

  /** The keys of all graded submissions of an assignment, by student. */
  keys(assignment: string): Map<string, string> {
    const rows = this.#all('SELECT student, key FROM submission WHERE assignment = ?', assignment);
    return new Map(rows.map(({ student, key }) => [String(student), String(key)]));
  }

  /** Stores a grade in the place of an earlier one. What the teacher entered stays, with the answer that it was for. */
  putSubmission(assignment: string, { grade, file, hash, key, submitted }: Graded): void {
    const { student, problems, notes, questions, answers } = grade;
    this.#transaction(() => {
      this.#run('INSERT INTO student (id) VALUES (?) ON CONFLICT DO NOTHING', student);
      this.#rememberAnswers(assignment, student);
      this.#run('DELETE FROM submission WHERE assignment = ? AND student = ?', assignment, student);
      this.#run(
        `INSERT INTO submission (assignment, student, file, hash, key, submitted, graded, problems, notes, answers)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[assignment, student, file, hash, key, submitted ?? null, new Date().toISOString()],
        ...[JSON.stringify(problems), JSON.stringify(notes), JSON.stringify(answers)],
      );
      for (const { id, points, max, state, message, hint, right, cases, network } of questions) {
        this.#run(
          `INSERT INTO question_grade
             (assignment, student, question, points, max, state, message, hint, right, cases, network)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          ...[assignment, student, id, points, max, state, message, hint ?? null, right, cases],
          network === undefined ? null : JSON.stringify(network),
        );
      }
    });
  }

  #rememberAnswers(assignment: string, student: string): void {
    const where = 'WHERE assignment = ? AND student = ?';
    const entered = this.#all(
      `SELECT question FROM manual ${where} AND points IS NOT NULL AND answer IS NULL`,
      ...[assignment, student],
    );
    if (entered.length === 0) return;
    const [booked] = this.#all(`SELECT answers FROM submission ${where}`, assignment, student);
    for (const question of this.assignment(assignment).questions) {
      if (!entered.some((row) => row.question === question.id)) continue;
      this.#run(
        `UPDATE manual SET answer = ? ${where} AND question = ?`,
        ...[answerHash(question, answersOf(booked)), assignment, student, question.id],
      );
    }
  }

  /** The moment of handing in may be known only later, without anything to grade again. */
  setSubmitted(assignment: string, student: string, submitted: string | undefined): void {
    this.#transaction(() =>
      this.#run(
        'UPDATE submission SET submitted = ? WHERE assignment = ? AND student = ?',
        ...[submitted ?? null, assignment, student],
      ),
    );
  }

  /**
   * Stores what a teacher entered, all or nothing.
   *
   * @throws GradebookError naming the first entry of an unknown assignment, student or question, or with impossible points
   */
  enter(entries: readonly Manual[]): void {
    this.#transaction(() => {
      for (const { assignment, student, question, points, comment } of entries) {
        this.#checkEntry({ assignment, student, question, points, comment });
        this.#run(
          'INSERT INTO manual (assignment, student, question) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
          ...[assignment, student, question],
        );
        const where = 'WHERE assignment = ? AND student = ? AND question = ?';
        if (points !== undefined) {
          // For the answer that is booked now.
          this.#run(
            `UPDATE manual SET points = ?, answer = NULL ${where}`,
            ...[points, assignment, student, question],
          );
        }
        if (comment !== undefined) {
          this.#run(`UPDATE manual SET comment = ? ${where}`, comment, assignment, student, question);
        }
      }
    });
  }

  #checkEntry({ assignment, student, question, points }: Manual): void {
    const { questions } = this.assignment(assignment);
    const submission = this.#all(
      'SELECT answers FROM submission WHERE assignment = ? AND student = ?',
      ...[assignment, student],
    )[0] as Row | undefined;
    if (!submission) throw new Error(`'${student}' has handed in nothing for assignment '${assignment}'`);
    const asked = questions.find(({ id }) => id === question);
    if (!asked && (points !== undefined || !(question in JSON.parse(String(submission.answers))))) {
      const known = questions.map(({ id }) => id).join(', ');
      throw new Error(`assignment '${assignment}' has no question '${question}', but: ${known}`);
    }
    if (asked && typeof points === 'number' && !(points >= 0 && points <= asked.points)) {
      throw new Error(
        `'${student}', question '${question}': ${points} points, expected 0 to ${asked.points}`,
      );
    }
  }

  /** Everything about the submissions of an assignment, by student. */
  submissions(assignment: string): BookedSubmission[] {
    const { questions, due, late } = this.assignment(assignment);
    const grades = groupByStudent(this.#all('SELECT * FROM question_grade WHERE assignment = ?', assignment));
    const entered = groupByStudent(this.#all('SELECT * FROM manual WHERE assignment = ?', assignment));
    const rows = this.#all(
      'SELECT * FROM submission JOIN student ON student.id = student WHERE assignment = ? ORDER BY student',
      assignment,
    );
    return rows.map((row) => {
      const student = studentOf(row);
      const manual = entered.get(student.id) ?? [];
      const answers = answersOf(row);
      const booked = (grades.get(student.id) ?? []).map((grade) =>
        bookedQuestion(
          grade,
          questions,
          manual.find(({ question }) => question === grade.question),
          answers,
        ),
      );
      const order = questions.map(({ id }) => id);
      booked.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
      const submitted = row.submitted === null ? undefined : String(row.submitted);
      const raw = sum(booked.map(({ points }) => points));
      const penalty = latePenalty(late, raw, submitted, due);
      return {
        student,
        file: String(row.file),
        hash: String(row.hash),
        ...(submitted !== undefined && { submitted }),
        problems: JSON.parse(String(row.problems)) as string[],
        notes: JSON.parse(String(row.notes)) as Record<string, string>,
        answers,
        questions: booked,
        comments: Object.fromEntries(
          manual
            .filter(({ question, comment }) => comment !== '' && !order.includes(String(question)))
            .map(({ question, comment }) => [String(question), String(comment)]),
        ),
        raw,
        penalty,
        score: Math.max(0, round(raw - penalty)),
        max: sum(booked.map(({ max }) => max)),
      };
    });
  }

  #all(sql: string, ...values: readonly (string | number | null)[]): Row[] {
    return this.#named(() => this.#database.prepare(sql).all(...values) as Row[]);
  }

  #run(sql: string, ...values: readonly (string | number | null)[]): void {
    // SQLite's texts end at a NUL, which only a hostile submission contains.
    const written = values.map((value) =>
      typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value,
    );
    this.#database.prepare(sql).run(...written);
  }

  /** All of `work` or nothing. */
  #transaction(work: () => void): void {
    this.#named(() => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        work();
        this.#database.exec('COMMIT');
      } catch (error) {
        // SQLite itself rolls back when the disk is full.
        if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /** Errors of the driver do not say which file they are about. */
  #named<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof GradebookError) throw error;
      throw new GradebookError(`the gradebook ${this.file}: ${(error as Error).message}`, { cause: error });
    }
  }
}
