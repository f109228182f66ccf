/**
 * What answers in the student's process, in a JavaScript realm of its own that holds nothing of Node: no `process`, no
 * `require`, no timers, no code from strings. Whatever the student's program does to this realm, it can only spoil its
 * own answers: they are judged elsewhere.
 */
import { decode, encode, WireError, type Wire } from '../wire';

/** A question of the grader. */
export type Message =
  | { readonly do: 'start'; readonly without: readonly string[] }
  | { readonly do: 'run'; readonly cell: string; readonly script: string }
  | { readonly do: 'call'; readonly name: string; readonly args: readonly Wire[]; readonly most: number }
  | { readonly do: 'read'; readonly name: string; readonly most: number };

export type Reply =
  | { readonly done: true }
  | { readonly value: Wire; readonly changed?: number }
  | { readonly threw: { readonly name: string; readonly message: string } }
  /** The value cannot cross: it … */
  | { readonly unusable: string }
  | { readonly undeclared: true }
  | { readonly notFunction: true };

/** A module in CommonJS, as a function of this realm. */
export type Module = (
  exports: object,
  require: (name: string) => unknown,
  module: { exports: object },
) => void;

const { parse, stringify } = JSON;
const { freeze, create } = Object;
const { apply } = Reflect;
const realm = globalThis as unknown as Record<string, unknown>;

/** @param runScript runs a script in this realm; @returns what answers a message of the grader */
export function open(
  convlab: Module,
  runScript: (script: string, name: string) => void,
): (line: string) => string {
  let library: Readonly<Record<string, unknown>> = {};
  realm.console = silentConsole();
  // For programs that draw a progress bar.
  realm.process = { stdout: { write: () => true }, env: {}, argv: [] };
  realm.performance = { now: () => Date.now() };
  realm.structuredClone = (value: unknown) => decode(encode(value, Infinity));
  realm.__import = (name: unknown) => {
    if (name === 'convlab') return library;
    throw new Error(`“${String(name)}” cannot be imported where homework is graded, only “convlab”`);
  };

  const answer = (message: Message): Reply => {
    switch (message.do) {
      case 'start':
        library = loadLibrary(convlab, message.without);
        return { done: true };
      case 'run':
        runScript(message.script, message.cell);
        return { done: true };
      case 'read': {
        const value = realm[message.name];
        return value === undefined ? { undeclared: true } : { value: encode(value, message.most) };
      }
      case 'call':
        return call(message.name, message.args, message.most);
    }
  };
  return (line) => {
    try {
      return stringify(answer(parse(line) as Message));
    } catch (error) {
      return stringify(failure(error));
    }
  };
}

function call(name: string, args: readonly Wire[], most: number): Reply {
  const f = realm[name];
  if (f === undefined) return { undeclared: true };
  if (typeof f !== 'function') return { notFunction: true };
  const given = decode(args) as unknown[];
  const value = encode(apply(f, undefined, given), most);
  for (let i = 0; i < args.length; i++) {
    if (stringify(encode(given[i], Infinity)) !== stringify(args[i])) return { value, changed: i };
  }
  return { value };
}

function failure(error: unknown): Reply {
  if (error instanceof WireError) return { unusable: error.message };
  const text = (read: () => unknown): string => {
    try {
      return String(read()).slice(0, 500);
    } catch {
      return '';
    }
  };
  if (typeof error !== 'object' || error === null) return { threw: { name: '', message: text(() => error) } };
  const { name, message } = {
    name: text(() => (error as Error).name),
    message: text(() => (error as Error).message),
  };
  return { threw: { name, message } };
}

/** The public names of convlab but those that the question forbids. */
function loadLibrary(convlab: Module, without: readonly string[]): Readonly<Record<string, unknown>> {
  const module: { exports: Readonly<Record<string, unknown>> } = { exports: {} };
  let isLoaded = false;
  /** Of Node's own modules only names are needed, until somebody opens a file or starts a thread. */
  const absent = (name: string): unknown =>
    new Proxy(function () {}, {
      get: (_, property) => {
        if (property === '__esModule') return false;
        if (property === Symbol.toPrimitive) return () => name;
        return absent(typeof property === 'string' ? property : name);
      },
      apply: () => {
        if (isLoaded) throw new Error(`“${name}” is not available where homework is graded`);
        return absent(name);
      },
    });
  apply(convlab, undefined, [module.exports, absent, module]);
  isLoaded = true;
  const library = create(null) as Record<string, unknown>;
  for (const name of Object.keys(module.exports)) {
    if (!without.includes(name)) library[name] = module.exports[name];
  }
  return freeze(library);
}

/** What a graded cell prints is not kept. */
function silentConsole(): object {
  const silent = (): void => undefined;
  const methods = [
    'log',
    'info',
    'warn',
    'error',
    'debug',
    'table',
    'dir',
    'time',
    'timeEnd',
    'group',
    'groupEnd',
  ];
  return Object.fromEntries([...methods, 'assert', 'count', 'trace', 'clear'].map((name) => [name, silent]));
}
