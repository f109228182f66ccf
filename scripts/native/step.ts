/** The steps of `npm run setup:native`, each of which can fail with a sentence and what would mend it. */
import { spawn } from 'node:child_process';

/** A step failed: the message says which, why, and what would mend it. */
export class StepError extends Error {
  constructor(step: string, why: string, mend?: string) {
    super(`${step} failed: ${why}${mend === undefined ? '' : `\n  To mend it: ${mend}`}`);
  }
}

export interface Run {
  /** null: ended by a signal */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Standard output and error, as they came. */
  readonly printed: string;
}

/** Runs a program to its end, without a shell. @throws the system's error when it cannot be started */
export async function run(
  program: string,
  args: readonly string[],
  o: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Run> {
  const child = spawn(program, args, { ...o, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, printed] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    printed += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) => done({ code, signal, stdout, printed }));
  });
}

/** The last lines of what a program printed, which say why it failed. */
export function lastLines(printed: string, count = 5): string {
  return printed.trim().split(/\r?\n/).slice(-count).join('\n');
}
