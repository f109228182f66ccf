/** Runs cells: compiles them, gives them the variables of earlier cells, waits for them and stops them. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import vm from 'node:vm';
import { CellCompiler, type CompiledCell } from './compiler';
import {
  diagnosticsFailure,
  interruptedFailure,
  propertyOf,
  raisedFailure,
  type KernelFailure,
} from './failure';
import { addFrame, registerScript, type Script } from './frames';
import { CellModules } from './modules';
import { IMPORT, SHARE } from './rewrite';
import { RunningCell } from './running';
import { stepsOf } from './steps';
import type { Header } from './wire';
import { STEPS, type Pause } from './yielding';

/** The cell to which running code belongs, in its timers and promises too. */
export interface Owner {
  /** The request that started the cell. */
  readonly request: Header;
  readonly script: Script;
  /** Whether nothing that it does is published. */
  readonly silent: boolean;
  readonly running: RunningCell;
}

export type Outcome =
  { readonly value: unknown; readonly failure?: undefined } | { readonly failure: KernelFailure };

/**
 * The key of the global `AbortSignal` that is aborted, and then replaced, when the reader stops a cell. `train` obeys
 * it.
 */
const INTERRUPT = Symbol.for('convlab.interrupt');
/** How long to wait for a stopped cell: enough for a training to end its step. */
const GRACE_MS = 1000;

/** After this long the event loop gets a turn, even if the cell could continue. */
const LONGEST_TURN_MS = 20;
/**
 * Node removes its SIGINT handlers just before and after every interruptible part, and for those microseconds the
 * signal
 * would end the process. A loop that awaits a thousand times a second must not consist of such moments: only this many
 * parts of a cell are interruptible, and then one per interval. The others end at their next `await`.
 */
const MOST_BREAKS = 20;
const BREAK_INTERVAL_MS = 200;

const START = Symbol('convlab.start');
const PARAMETERS = `exports, require, ${SHARE}, ${IMPORT}, ${STEPS}`;

export class CellRunner {
  readonly #owner = new AsyncLocalStorage<Owner>();
  /** What the cells have declared, by name. */
  readonly variables: Record<string, unknown> = {};
  readonly #modules: CellModules;
  readonly #start = new vm.Script(`globalThis[Symbol.for('${START.description}')]()`, {
    filename: 'node:kernel',
  });
  #compiler: CellCompiler | undefined;
  #interrupt = new AbortController();
  #runs = 0;
  #breaks = MOST_BREAKS;
  #countedAt = 0;
  /** What the next cell shall say before anything else. */
  readonly notes: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly language: 'typescript' | 'javascript',
  ) {
    this.#modules = new CellModules(folder);
    this.#renewInterrupt();
  }

  /** Loaded when it is first needed: loading takes half of a kernel's start-up time. */
  get compiler(): CellCompiler {
    this.#compiler ??= new CellCompiler(this.folder, this.language);
    return this.#compiler;
  }

  /** The cell to which the calling code belongs. */
  get owner(): Owner | undefined {
    return this.#owner.getStore();
  }

  /** Stops the running cell, and everything that obeys the signal. */
  interrupt(): void {
    this.#interrupt.abort(new DOMException('interrupted by the reader', 'AbortError'));
    this.#renewInterrupt();
  }

  #renewInterrupt(): void {
    this.#interrupt = new AbortController();
    (globalThis as Record<symbol, unknown>)[INTERRUPT] = this.#interrupt.signal;
  }

  /** @param cell its number; absent for code that is not a cell */
  async run(
    source: string,
    request: Header,
    cell: number | undefined,
    silent: boolean,
    onStart?: (owner: Owner) => void,
  ): Promise<Outcome> {
    const { cell: compiled, diagnostics } = this.compiler.compile(source);
    if (diagnostics) return { failure: diagnosticsFailure(diagnostics, source) };
    if (!compiled) return { value: undefined };
    const script = { cell, source, map: compiled.map };
    const running = new RunningCell((note) => this.notes.push(note));
    const owner = { request, script, silent, running };
    onStart?.(owner);
    const outcome = await this.#execute(compiled, owner);
    running.end();
    if (!outcome.failure) this.compiler.declare(compiled.declarations);
    return outcome;
  }

  async #execute(cell: CompiledCell, owner: Owner): Promise<Outcome> {
    const name = `cell:${++this.#runs}`;
    registerScript(name, owner.script);
    this.#modules.update(cell.sources);
    const before = Object.getOwnPropertyDescriptors(this.variables);
    const { signal } = this.#interrupt;
    this.#breaks = MOST_BREAKS;
    try {
      const result = this.#breakable(owner, this.#compiled(name, cell, signal));
      const returned =
        cell.form === 'function' ? result : await this.#resumed(result as Generator<Pause>, owner, signal);
      return { value: (returned as { result?: unknown } | undefined)?.result };
    } catch (error) {
      // The new declarations do not exist: their names keep their earlier meanings.
      for (const key of cell.names) {
        if (before[key]) Object.defineProperty(this.variables, key, before[key]);
        else delete this.variables[key];
      }
      const stopped = signal.aborted || propertyOf(error, 'code') === 'ERR_SCRIPT_EXECUTION_INTERRUPTED';
      if (!stopped) return { failure: raisedFailure(error, owner.script) };
      // The stopped code may have left a training running.
      if (!signal.aborted) this.interrupt();
      return { failure: interruptedFailure(error, owner.script) };
    }
  }

  /** Receives what a cell has declared: values, and getters with setters for variables that may change. */
  readonly #share = (declared: object): void => {
    Object.defineProperties(this.variables, Object.getOwnPropertyDescriptors(declared));
  };

  /** The compiled cell as a function. */
  #compiled(name: string, { form, code, names }: CompiledCell, signal: AbortSignal): () => unknown {
    const keyword = form === 'function' ? 'function' : 'function*';
    // Like any other name, a cell may declare it itself.
    const parameters = names.includes('__dirname') ? PARAMETERS : `${PARAMETERS}, __dirname`;
    const head = `(${keyword} (${parameters}) {`;
    const script = new vm.Script(`${head}${code}\n})`, { filename: name, columnOffset: -head.length });
    const run = script.runInThisContext() as (...given: unknown[]) => unknown;
    const { require, import: load } = this.#modules;
    const steps = (iterable: unknown) => stepsOf(iterable, signal);
    return () => run(this.variables, require, this.#share, load, steps, this.folder);
  }

  /** Resumes a cell after each of its awaits, until it ends or is stopped; a stopped cell is never resumed. */
  async #resumed(cell: Generator<Pause>, owner: Owner, signal: AbortSignal): Promise<unknown> {
    let resume = () => cell.next();
    let turned = performance.now();
    for (;;) {
      if (performance.now() - turned > LONGEST_TURN_MS) {
        // Awaiting values that are already there would starve the event loop, and every pending request with it.
        await new Promise((resolve) => setImmediate(resolve));
        turned = performance.now();
      }
      const step = this.#breakable(owner, resume) as IteratorResult<Pause>;
      if (step.done) return step.value;
      const [awaited, line, column] = step.value;
      try {
        const value = await untilAborted(awaited, signal);
        resume = () => cell.next(value);
      } catch (error) {
        addFrame(error, { script: owner.script, line, column });
        resume = () => cell.throw(error);
        if (!signal.aborted) continue;
        try {
          // So that `finally` blocks run.
          this.#breakable(owner, resume);
        } catch {
          // The expected end.
        }
        throw error;
      }
    }
  }

  /** Runs a part of a cell. In most cases SIGINT interrupts it: otherwise an endless loop could not be ended. */
  #breakable(owner: Owner, part: () => unknown): unknown {
    const now = performance.now();
    this.#breaks = Math.min(MOST_BREAKS, this.#breaks + (now - this.#countedAt) / BREAK_INTERVAL_MS);
    this.#countedAt = now;
    if (this.#breaks < 1) return this.#owner.run(owner, part);
    this.#breaks--;
    const key = Symbol.for(START.description ?? '');
    const start = () => this.#owner.run(owner, part);
    Object.defineProperty(globalThis, key, { value: start, configurable: true });
    try {
      return this.#start.runInThisContext({ breakOnSigint: true });
    } finally {
      delete (globalThis as Record<symbol, unknown>)[key];
    }
  }
}

/** Waits for the promise until the signal is aborted, and then a little longer, for work that ends on the signal. */
async function untilAborted(awaited: unknown, signal: AbortSignal): Promise<unknown> {
  const promise = Promise.resolve(awaited);
  await new Promise<void>((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    promise.then(done, done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
  if (!signal.aborted) return promise;
  // Once nobody waits for it, its rejection must not count as unhandled.
  await Promise.race([promise.catch(() => undefined), sleep(GRACE_MS, undefined, { ref: false })]);
  throw signal.reason;
}
