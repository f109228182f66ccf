/** Tables as CSV: grades in nbgrader's columns, and what a teacher enters. Reading takes what spreadsheets write. */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { UsageError } from '../../commandLine';
import { shownPath } from '../../notebooks/notebook/notebook';
import type { Gradebook } from './gradebook';

/** Of nbgrader's CsvExportPlugin (nbgrader/plugins/export.py), in its order. */
const NBGRADER_COLUMNS = [
  'assignment',
  'duedate',
  'timestamp',
  'student_id',
  'last_name',
  'first_name',
  'email',
  'raw_score',
  'late_submission_penalty',
  'score',
  'max_score',
];

type Value = string | number | undefined;

/** A row for each student and assignment; whoever handed in nothing has 0 points. */
export function gradesCsv(book: Gradebook): string {
  const students = book.students();
  const rows = book.assignments().flatMap((assignment) => {
    const submissions = new Map(book.submissions(assignment.name).map((one) => [one.student.id, one]));
    return students.map(({ id, lastName, firstName, email }): Value[] => {
      const { submitted, raw = 0, penalty = 0, score = 0 } = submissions.get(id) ?? {};
      return [
        ...[assignment.name, moment(assignment.due), moment(submitted)],
        ...[id, lastName, firstName, email],
        ...[raw, penalty, score, assignment.max],
      ];
    });
  });
  return csv(NBGRADER_COLUMNS, rows);
}

/** RFC 4180, with line feeds. */
export function csv(columns: readonly string[], rows: readonly (readonly Value[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}

function field(value: Value): string {
  if (typeof value === 'number') return String(value);
  // A spreadsheet would take such a text for a formula and compute it, and students choose names and texts.
  const text = /^[=+\-@\t\r]/.test(value ?? '') ? `'${value}` : (value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** As Python prints a moment without a time zone: `2026-11-20 23:59:00`. */
function moment(iso: string | undefined): string | undefined {
  return iso?.replace('T', ' ').replace(/(\.\d+)?Z$/, '');
}

/** Spreadsheets separate by semicolons where the comma is for decimals; the heading tells. */
function delimiterOf(text: string): string {
  const [heading] = text.split('\n', 1);
  return [';', '\t'].find((delimiter) => heading.includes(delimiter)) ?? ',';
}

/** @throws Error for bytes that are neither UTF-8 nor, with its mark, UTF-16 */
function textOf(bytes: Uint8Array): string {
  const mark = [bytes[0], bytes[1]].join();
  const encoding = { '255,254': 'utf-16le', '254,255': 'utf-16be' }[mark] ?? 'utf-8';
  try {
    // A mark that a shell has read in another encoding is no part of the first heading either.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes).replace(/^[^\x00-\x7f]+/, '');
  } catch (error) {
    throw new Error('its letters are not in UTF-8; in a spreadsheet, save it as “CSV UTF-8”', {
      cause: error,
    });
  }
}

/** What csv-parse says of a row. */
interface Parsed {
  readonly record: Readonly<Record<string, string>>;
  /** How many of each there are up to it. */
  readonly info: { readonly records: number; readonly empty_lines: number };
}

/** What a spreadsheet has in a row. */
export interface CsvRow<T extends string> {
  /** As a spreadsheet numbers it: the heading is in row 1. */
  readonly row: number;
  readonly fields: Readonly<Record<T, string>> & Readonly<Partial<Record<string, string>>>;
}

/** As {@link csvRows}, without their numbers. */
export function readCsv<T extends string>(
  file: string,
  columns: readonly T[],
): Readonly<Record<T, string>>[] {
  return csvRows(file, columns).map(({ fields }) => fields);
}

/**
 * The rows of a CSV file by their columns' names; comma, semicolon or tab between fields.
 *
 * @throws UsageError naming the file, for what is not CSV, and for a missing column
 */
export function csvRows<T extends string>(file: string, columns: readonly T[]): CsvRow<T>[] {
  let rows: readonly Parsed[];
  try {
    const text = textOf(readFileSync(file));
    rows = parse(text, {
      columns: true,
      delimiter: delimiterOf(text),
      skip_empty_lines: true,
      info: true,
      trim: true,
    }) as unknown as readonly Parsed[];
  } catch (error) {
    throw new UsageError(`${shownPath(file)} cannot be read: ${(error as Error).message}`);
  }
  for (const column of columns) {
    if (rows.length > 0 && !(column in rows[0].record)) {
      const found = Object.keys(rows[0].record).join(', ');
      throw new UsageError(`${shownPath(file)} has no column '${column}', but: ${found}`);
    }
  }
  // What `field` put in front of a text, so that an exported table can be read again.
  const unmarked = (text: string) => text.replace(/^'(?=[=+\-@])/, '');
  return rows
    .filter(({ record }) => Object.values(record).some((text) => text !== ''))
    .map(({ record, info }) => ({
      row: 1 + info.records + info.empty_lines,
      fields: Object.fromEntries(
        Object.entries(record).map(([key, text]) => [key, unmarked(text)]),
      ) as Record<T, string>,
    }));
}
