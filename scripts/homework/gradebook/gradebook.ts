/** The gradebook: all that is known of students, submissions, grades, and what the teacher entered. */
import { randomInt } from 'node:crypto';
import type {
  BookedAssignment,
  BookedSubmission,
  Graded,
  GradedAssignment,
  GradedQuestion,
  Manual,
  Student,
} from './booked';
import { GradebookError, GradebookFile } from './database';
import { latePenalty } from './late';
import {
  answerHash,
  answerMark,
  answersOf,
  bookedQuestion,
  groupByStudent,
  round,
  studentOf,
  sum,
  withoutMarks,
  type Row,
} from './rows';

export class Gradebook {
  readonly #file: GradebookFile;

  /**
   * Opens the file, or creates it. One of an earlier version is brought up to this one.
   *
   * @throws GradebookError if it cannot be opened, is no gradebook, or was written by a later version
   */
  constructor(file: string) {
    this.#file = new GradebookFile(file);
  }

  close(): void {
    this.#file.close();
  }

  /**
   * Makes an assignment known, or its questions as they are now.
   *
   * @param source the file of its source notebook
   * @param seed of the random inputs; undefined: the one it has, or a new secret one
   */
  putAssignment({ name, title, questions }: GradedAssignment, source: string, seed?: number): void {
    this.#file.transaction(() => {
      this.#file.run(
        `INSERT INTO assignment (name, title, source, seed) VALUES (?, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET title = excluded.title, source = excluded.source`,
        name,
        title,
        source,
        seed ?? randomInt(2 ** 31),
      );
      if (seed !== undefined) this.#file.run('UPDATE assignment SET seed = ? WHERE name = ?', seed, name);
      this.#file.run('DELETE FROM question WHERE assignment = ?', name);
      questions.forEach((question, position) =>
        this.#file.run(
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
    this.#file.transaction(() =>
      this.#file.run(
        'UPDATE assignment SET due = coalesce(?, due), late = coalesce(?, late) WHERE name = ?',
        ...[due ?? null, late ?? null, assignment],
      ),
    );
  }

  /** All assignments, by name. */
  assignments(): BookedAssignment[] {
    return this.#file
      .all('SELECT * FROM assignment ORDER BY name')
      .map(({ name, title, source, seed, due, late }) => {
        const questions = this.#file
          .all('SELECT * FROM question WHERE assignment = ? ORDER BY position', name)
          .map((row): GradedQuestion => ({
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
      });
  }

  /** @throws GradebookError if the gradebook does not know it */
  assignment(name: string): BookedAssignment {
    const all = this.assignments();
    const found = all.find((assignment) => assignment.name === name);
    if (found) return found;
    const known = all.map((assignment) => assignment.name).join(', ') || 'none yet';
    throw new GradebookError(`the gradebook ${this.#file.name} has no assignment '${name}', but: ${known}`);
  }

  /** Names and addresses of students; one with the same id is replaced. */
  putStudents(students: readonly Student[]): void {
    this.#file.transaction(() => {
      for (const { id, lastName, firstName, email } of students) {
        this.#file.run(
          `INSERT INTO student (id, last_name, first_name, email) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
           SET last_name = excluded.last_name, first_name = excluded.first_name, email = excluded.email`,
          ...[id, lastName, firstName, email],
        );
      }
    });
  }

  /** Students of whom nothing but the name is known, or more from before. */
  knowStudents(ids: Iterable<string>): void {
    this.#file.transaction(() => {
      for (const id of ids) this.#file.run('INSERT INTO student (id) VALUES (?) ON CONFLICT DO NOTHING', id);
    });
  }

  /** By id. */
  students(): Student[] {
    return this.#file.all('SELECT * FROM student ORDER BY id').map(studentOf);
  }

  /** The keys of all graded submissions of an assignment, by student. */
  keys(assignment: string): Map<string, string> {
    const rows = this.#file.all('SELECT student, key FROM submission WHERE assignment = ?', assignment);
    return new Map(rows.map(({ student, key }) => [String(student), String(key)]));
  }

  /** Stores a grade in the place of an earlier one. What the teacher entered stays, with the answer that it was for. */
  putSubmission(assignment: string, { grade, file, hash, key, submitted }: Graded): void {
    const { student, problems, notes, questions, answers } = grade;
    this.#file.transaction(() => {
      this.#file.run('INSERT INTO student (id) VALUES (?) ON CONFLICT DO NOTHING', student);
      this.#rememberAnswers(assignment, student);
      this.#file.run('DELETE FROM submission WHERE assignment = ? AND student = ?', assignment, student);
      this.#file.run(
        `INSERT INTO submission (assignment, student, file, hash, key, submitted, graded, problems, notes, answers)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[assignment, student, file, hash, key, submitted ?? null, new Date().toISOString()],
        ...[JSON.stringify(problems), JSON.stringify(notes), JSON.stringify(answers)],
      );
      for (const { id, points, max, state, message, hint, right, cases, network } of questions) {
        this.#file.run(
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
    const entered = this.#file.all(
      `SELECT question FROM manual ${where} AND points IS NOT NULL AND answer IS NULL`,
      ...[assignment, student],
    );
    if (entered.length === 0) return;
    const [booked] = this.#file.all(`SELECT answers FROM submission ${where}`, assignment, student);
    for (const question of this.assignment(assignment).questions) {
      if (!entered.some((row) => row.question === question.id)) continue;
      this.#file.run(
        `UPDATE manual SET answer = ? ${where} AND question = ?`,
        ...[answerHash(question, answersOf(booked)), assignment, student, question.id],
      );
    }
  }

  /**
   * Takes a student out, or only what they handed in for one assignment, with the points and comments of a teacher.
   *
   * @returns the names of the assignments that were handed in
   * @throws GradebookError if there is nothing to take out
   */
  remove(student: string, assignment?: string): string[] {
    const name = assignment === undefined ? undefined : this.assignment(assignment).name;
    const booked = this.#file
      .all('SELECT assignment FROM submission WHERE student = ? ORDER BY assignment', student)
      .map((row) => String(row.assignment));
    const removed = name === undefined ? booked : booked.filter((other) => other === name);
    const isKnown = this.students().some(({ id }) => id === student);
    if (!isKnown || (name !== undefined && removed.length === 0)) {
      const what = isKnown ? `assignment '${name}' of student '${student}'` : `student '${student}'`;
      throw new GradebookError(`the gradebook ${this.#file.name} has no ${what}`);
    }
    this.#file.transaction(() => {
      for (const one of removed) {
        for (const table of ['manual', 'submission']) {
          this.#file.run(`DELETE FROM ${table} WHERE assignment = ? AND student = ?`, one, student);
        }
      }
      if (name === undefined) this.#file.run('DELETE FROM student WHERE id = ?', student);
    });
    return removed;
  }

  /** The moment of handing in may be known only later, without anything to grade again. */
  setSubmitted(assignment: string, student: string, submitted: string | undefined): void {
    this.#file.transaction(() =>
      this.#file.run(
        'UPDATE submission SET submitted = ? WHERE assignment = ? AND student = ?',
        ...[submitted ?? null, assignment, student],
      ),
    );
  }

  /**
   * Stores what a teacher entered, all or nothing.
   *
   * @throws GradebookError naming the first entry of an unknown assignment, student or question, with impossible
   *   points, or with points for another answer than the one that is booked
   */
  enter(entries: readonly Manual[]): void {
    this.#file.transaction(() => {
      for (const entry of entries) {
        const { assignment, student, question, points, comment } = entry;
        this.#checkEntry(entry);
        this.#file.run(
          'INSERT INTO manual (assignment, student, question) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
          ...[assignment, student, question],
        );
        const where = 'WHERE assignment = ? AND student = ? AND question = ?';
        if (points !== undefined) {
          // For the answer that is booked now.
          this.#file.run(
            `UPDATE manual SET points = ?, answer = NULL ${where}`,
            ...[points, assignment, student, question],
          );
        }
        if (comment !== undefined) {
          this.#file.run(`UPDATE manual SET comment = ? ${where}`, comment, assignment, student, question);
        }
      }
    });
  }

  #checkEntry({ assignment, student, question, points, answer, where }: Manual): void {
    const place = where === undefined ? '' : `${where}: `;
    const { questions } = this.assignment(assignment);
    const submission = this.#file.all(
      'SELECT answers FROM submission WHERE assignment = ? AND student = ?',
      ...[assignment, student],
    )[0] as Row | undefined;
    if (!submission)
      throw new Error(`${place}'${student}' has handed in nothing for assignment '${assignment}'`);
    const asked = questions.find(({ id }) => id === question);
    if (!asked && (points !== undefined || !(question in JSON.parse(String(submission.answers))))) {
      const known = questions.map(({ id }) => id).join(', ');
      throw new Error(`${place}assignment '${assignment}' has no question '${question}', but: ${known}`);
    }
    if (asked && typeof points === 'number' && !(points >= 0 && points <= asked.points)) {
      throw new Error(
        `${place}'${student}', question '${question}': ${points} points, expected 0 to ${asked.points}`,
      );
    }
    const isSeen = answer === undefined || (asked && answer === answerMark(asked, answersOf(submission)));
    if (typeof points === 'number' && !isSeen) {
      throw new Error(
        `${place}'${student}', question '${question}': the points are for an answer that has changed since; take the row out, and grade the new one from a new table`,
      );
    }
  }

  /** Everything about the submissions of an assignment, by student. */
  submissions(assignment: string): BookedSubmission[] {
    const { questions, due, late } = this.assignment(assignment);
    const grades = groupByStudent(
      this.#file.all('SELECT * FROM question_grade WHERE assignment = ?', assignment),
    );
    const entered = groupByStudent(this.#file.all('SELECT * FROM manual WHERE assignment = ?', assignment));
    const rows = this.#file.all(
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
}
