/**
 * The program of some questions in a student's process, which is started again, without the cell that stopped it, as
 * often as it has to be: what one cell or one question does takes nothing away from the others.
 */
import type { Message } from '../sandbox/inside/room';
import { startStudent, type Line, type Stopped, type StudentProcess } from '../sandbox/process';
import { studentView } from '../sandbox/view';
import type { ProgramCell } from './compile/program';
import type { SubmissionJob } from './job';
import { replyOf } from './reply';

/** Without any of the student's code: a machine that needs longer is in trouble. */
const START_SECONDS = 60;

/** The sandbox itself does not work; nothing that a submission holds can be the reason. */
class SandboxError extends Error {}

export class Session {
  readonly #job: Pick<SubmissionJob, 'sandbox' | 'limits'>;
  readonly #cells: readonly ProgramCell[];
  readonly #without: readonly string[];
  /** When the submission's time is up, in milliseconds of `performance.now()`. */
  readonly #end: number;
  readonly #signal: AbortSignal | undefined;
  #process: StudentProcess | undefined;
  /** Cells that stop the process are left out the next time. */
  readonly #leftOut = new Set<string>();
  /** What a cell does instead of running to its end: `throws “…”`. */
  readonly failures = new Map<string, string>();

  /** @param without names of convlab that are not there */
  constructor(
    job: Pick<SubmissionJob, 'sandbox' | 'limits'>,
    cells: readonly ProgramCell[],
    without: readonly string[],
    end: number,
    signal?: AbortSignal,
  ) {
    this.#job = job;
    this.#cells = cells;
    this.#without = without;
    this.#end = end;
    this.#signal = signal;
  }

  /**
   * Starts a process, unless one is running, and runs the cells: none of that is taken from a question's time.
   *
   * @returns why there is none, when the submission's time is up
   * @throws SandboxError; the signal's reason
   */
  async ready(): Promise<Stopped | undefined> {
    while (this.#process === undefined) {
      const stopped = await this.#start();
      if (stopped) return stopped;
    }
    return undefined;
  }

  /** Puts a question to the program. @throws as {@link ready} */
  async ask(message: Message, seconds: number): Promise<Line> {
    return (await this.ready()) ?? this.#send(message, seconds);
  }

  async close(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    await process?.close();
  }

  /** Starts a process and runs the cells; leaves none if one of them stops it. */
  async #start(): Promise<Stopped | undefined> {
    const { sandbox, limits } = this.#job;
    if (this.#remaining() <= 0) return this.#timeIsUp();
    this.#process = await startStudent(sandbox, await studentView(), limits);
    const ready = await this.#process.ask({ do: 'start', without: this.#without }, START_SECONDS);
    if (!('line' in ready) || ready.line !== '{"done":true}') {
      await this.close();
      const what = 'line' in ready ? `answers ${ready.line}` : ready.why;
      throw new SandboxError(`The sandbox “${sandbox}” does not work: a process of it ${what}.`);
    }
    for (const { id, script } of this.#cells) {
      if (this.#leftOut.has(id)) continue;
      const line = await this.#send({ do: 'run', cell: id, script }, limits.questionSeconds);
      if ('line' in line) {
        const reply = replyOf(line.line);
        if ('threw' in reply) {
          const { name, message } = reply.threw;
          this.failures.set(id, `throws “${name === '' ? '' : `${name}: `}${message}”`);
        }
        continue;
      }
      this.#leftOut.add(id);
      this.failures.set(id, line.why);
      return this.#remaining() <= 0 ? this.#timeIsUp() : undefined;
    }
    return undefined;
  }

  async #send(message: Message, seconds: number): Promise<Line> {
    this.#signal?.throwIfAborted();
    const remaining = this.#remaining();
    if (remaining <= 0) return this.#timeIsUp();
    const process = this.#process;
    if (process === undefined) throw new Error('A question is put before its process is started.');
    const abort = (): void => void process.close();
    this.#signal?.addEventListener('abort', abort, { once: true });
    const line = await process.ask(message, Math.min(seconds, remaining));
    this.#signal?.removeEventListener('abort', abort);
    if ('stopped' in line) await this.close();
    this.#signal?.throwIfAborted();
    return 'stopped' in line && this.#remaining() <= 0 ? this.#timeIsUp() : line;
  }

  #remaining(): number {
    return (this.#end - performance.now()) / 1000;
  }

  #timeIsUp(): Stopped {
    return {
      stopped: 'too long',
      why: `comes after the ${this.#job.limits.totalSeconds} seconds that a submission has in all`,
    };
  }
}
