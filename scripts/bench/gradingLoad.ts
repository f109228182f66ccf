/** A class that hands in an assignment, and the command that grades it, killed now and then. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { random } from 'convlab';
import type { Assignment } from '../homework/assignment/assignment';
import { withStubs } from '../homework/assignment/regions';
import { readSource, type SourceNotebook } from '../homework/assignment/source';
import type { BookedSubmission } from '../homework/gradebook/booked';
import { Gradebook } from '../homework/gradebook/gradebook';
import { files } from '../homework/gradebook/outputs';
import { notebookText, studentVersion } from '../homework/release/studentVersion';

const root = join(__dirname, '..', '..');

/** What a student of each kind writes into the solution cells. */
type Writing = (source: string, id: string) => string;

/**
 * Writes `count` submissions of a source notebook as files `STUDENT.ipynb`: right ones, one for each recorded wrong answer, bare stubs, and
 * broken ones, by turns.
 */
export function handIn(folder: string, source: string, { questions }: Assignment, count: number): void {
  const whole = readSource(source);
  const right: Writing = (source) => withoutMarks(source);
  const wrong = questions.flatMap(({ mutants, declaredIn }) =>
    mutants.map(
      (mutant): Writing =>
        (text, id) =>
          id === declaredIn ? withoutMarks(mutant) : right(text, id),
    ),
  );
  const broken: Writing[] = [
    () => 'this is { no program',
    () => 'throw new Error("<b>no</b>");',
    () => 'process.exit(0);',
    (source) => withStubs({ type: 'code', source }),
  ];
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    const file = join(folder, `s${String(i).padStart(3, '0')}.ipynb`);
    const round = Math.floor(i / 3);
    if (i % 3 === 0) writeFileSync(file, notebook(whole, right));
    else if (i % 3 === 1 && wrong.length > 0)
      writeFileSync(file, notebook(whole, wrong[round % wrong.length]));
    else if (round % 6 === 5) writeFileSync(file, round % 4 === 1 ? '' : '{"cells": [');
    else writeFileSync(file, notebook(whole, broken[round % broken.length]));
  }
}

function withoutMarks(source: string): string {
  return source.replace(/^.*\/\/ (?:(?:BEGIN|END) SOLUTION|STUB:).*\n?/gm, '');
}

/** The students' version, with a student's solutions. */
function notebook(source: SourceNotebook, write: Writing): string {
  const { cells, ...rest } = studentVersion(source, new Map());
  const written = cells.map((cell, position) => {
    const { role, gradeId = '', source: own } = source.cells[position];
    return role === 'solution' ? { ...cell, source: write(own, gradeId) } : cell;
  });
  return notebookText({ ...rest, cells: written });
}

/** Starts `homework grade` on a folder of submissions. */
export function startGrading(source: string, submissions: string, out: string, jobs: number): ChildProcess {
  const command = ['-r', './scripts/typescript.js', 'scripts/homework/main.ts', 'grade', submissions];
  const options = ['--out', out, '--assignment', source, '--jobs', String(jobs), '--seed', '7'];
  return spawn(process.execPath, [...command, ...options], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
}

export interface GradingRun {
  readonly code: number | null;
  readonly output: string;
  readonly seconds: number;
  /** Resident memory of the grading process (without the students'), each half second; empty where there is no /proc. */
  readonly memoryBytes: readonly number[];
}

/** Until it ends, or `killAfter` milliseconds have passed. */
export async function finished(child: ChildProcess, killAfter?: number): Promise<GradingRun> {
  const began = performance.now();
  const output: string[] = [];
  const memoryBytes: number[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => output.push(String(part)));
  const watching = setInterval(() => {
    const bytes = memoryOf(child.pid);
    if (bytes !== undefined) memoryBytes.push(bytes);
  }, 500);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  if (killAfter !== undefined) {
    await Promise.race([sleep(killAfter), ended]);
    child.kill('SIGKILL');
  }
  const code = await ended;
  clearInterval(watching);
  return { code, output: output.join(''), seconds: (performance.now() - began) / 1000, memoryBytes };
}

function memoryOf(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : 1024 * Number(kilobytes);
  } catch {
    return undefined;
  }
}

/** Moments to kill at, in milliseconds: after the program has started, until a little after `seconds`. */
export function killMoments(count: number, seconds: number, seed: number): number[] {
  const generator = random(seed);
  return Array.from({ length: count }, () => 1000 * (0.5 + generator.uniform() * seconds));
}

/** All that a gradebook says of the submissions of its only assignment. */
export function booked(out: string): BookedSubmission[] {
  const book = new Gradebook(files(out).gradebook);
  try {
    return book.assignments().flatMap(({ name }) => book.submissions(name));
  } finally {
    book.close();
  }
}
