/** The gradebook's tables. What a person entered (`manual`) is apart from what grading computes and replaces. */

/** Raised when the tables change, with a step in {@link MIGRATIONS}; a file of a later version is refused. */
export const SCHEMA_VERSION = 4;

/** What makes a gradebook of a version, the key, one of the next. */
export const MIGRATIONS: Readonly<Record<number, string>> = {
  1: 'ALTER TABLE question_grade ADD COLUMN network TEXT',
  2: "ALTER TABLE submission ADD COLUMN notes TEXT NOT NULL DEFAULT '{}'",
  3: "ALTER TABLE question ADD COLUMN solutions TEXT NOT NULL DEFAULT '[]'; ALTER TABLE manual ADD COLUMN answer TEXT",
};

export const SCHEMA = `
CREATE TABLE assignment (
  name TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  source TEXT NOT NULL,        -- the file of its source notebook
  seed INTEGER NOT NULL,       -- of the random inputs; secret, and kept so that grading again gives the same grades
  due TEXT,                    -- ISO 8601, UTC
  late TEXT NOT NULL DEFAULT 'none'
) STRICT;

CREATE TABLE question (
  assignment TEXT NOT NULL REFERENCES assignment,
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  title TEXT NOT NULL,
  kind TEXT NOT NULL,
  points REAL NOT NULL,
  solutions TEXT NOT NULL DEFAULT '[]', -- JSON: the grade_ids of the cells that answer it
  PRIMARY KEY (assignment, id)
) STRICT;

CREATE TABLE student (
  id TEXT PRIMARY KEY,
  last_name TEXT NOT NULL DEFAULT '',
  first_name TEXT NOT NULL DEFAULT '',
  email TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE submission (
  assignment TEXT NOT NULL REFERENCES assignment,
  student TEXT NOT NULL REFERENCES student,
  file TEXT NOT NULL,
  hash TEXT NOT NULL,          -- SHA-256 of the notebook as it was handed in
  key TEXT NOT NULL,           -- of everything that the grade depends on; equal: need not be graded again
  submitted TEXT,              -- ISO 8601, UTC; null if nothing says when
  graded TEXT NOT NULL,        -- ISO 8601, UTC
  problems TEXT NOT NULL,      -- JSON: a list of sentences
  notes TEXT NOT NULL DEFAULT '{}', -- JSON: grade_id to what was found about that cell
  answers TEXT NOT NULL,       -- JSON: grade_id to the source of the student's cell
  PRIMARY KEY (assignment, student)
) STRICT;

CREATE TABLE question_grade (
  assignment TEXT NOT NULL,
  student TEXT NOT NULL,
  question TEXT NOT NULL,
  points REAL NOT NULL,
  max REAL NOT NULL,
  state TEXT NOT NULL,
  message TEXT NOT NULL,
  hint TEXT,
  right INTEGER NOT NULL,
  cases INTEGER NOT NULL,
  network TEXT,                -- JSON: cost and accuracies of a network that was trained; null for other questions
  PRIMARY KEY (assignment, student, question),
  FOREIGN KEY (assignment, student) REFERENCES submission ON DELETE CASCADE
) STRICT;

-- Kept whatever happens to a submission: also when it is graded again, or handed in again.
CREATE TABLE manual (
  assignment TEXT NOT NULL REFERENCES assignment,
  student TEXT NOT NULL REFERENCES student,
  question TEXT NOT NULL,
  points REAL,                 -- replaces the computed points; null leaves them
  comment TEXT NOT NULL DEFAULT '',
  answer TEXT,                 -- a hash of the answer that the points were given for; null: the one that is booked
  PRIMARY KEY (assignment, student, question)
) STRICT;
`;
