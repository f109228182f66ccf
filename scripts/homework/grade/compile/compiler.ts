/**
 * Compiles submissions in a thread of its own, which is given up when one takes too long: TypeScript's parser takes
 * exponential time for some programs, and all memory for others.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Program, ProgramRequest } from './program';

const COMPILE_MEGABYTES = 512;

/** What a submission does to the compiler, as the end of a sentence on the program. */
export class CompileError extends Error {}

let worker: Promise<Worker> | undefined;
let last = Promise.resolve<unknown>(undefined);

/** One after the other, whoever asks. @throws CompileError when it cannot be compiled within the limits */
export function compileProgram(request: ProgramRequest, seconds: number): Promise<Program> {
  const result = last.then(() => compile(request, seconds));
  last = result.catch(() => undefined);
  return result;
}

async function compile(request: ProgramRequest, seconds: number): Promise<Program> {
  worker ??= startWorker();
  const thread = await worker;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), 1000 * seconds);
  thread.ref();
  try {
    thread.postMessage(request);
    const [program] = (await Promise.race([
      once(thread, 'message', { signal: abort.signal }),
      once(thread, 'exit', { signal: abort.signal }).then(() => {
        throw new CompileError('needs too much memory to be compiled');
      }),
    ])) as [Program];
    return program;
  } catch (error) {
    worker = undefined;
    await thread.terminate();
    if (abort.signal.aborted) throw new CompileError(`takes more than ${seconds} seconds to be compiled`);
    if (error instanceof CompileError) throw error;
    const isFull = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
    throw new CompileError(isFull ? 'needs too much memory to be compiled' : 'cannot be compiled');
  } finally {
    clearTimeout(timer);
    abort.abort();
    // An idle compiler does not keep the process alive.
    thread.unref();
  }
}

async function startWorker(): Promise<Worker> {
  const thread = new Worker(join(__dirname, 'worker.ts'), {
    execArgv: ['-r', join(__dirname, '..', '..', '..', 'typescript.js')],
    resourceLimits: { maxOldGenerationSizeMb: COMPILE_MEGABYTES },
  });
  await once(thread, 'message');
  // Between two requests nobody else listens.
  thread.on('error', () => (worker = undefined));
  return thread;
}
