/**
 * Where an error came from, in the words of the notebook: cells and their lines as they were written, found by the source
 * maps of what was compiled, and calls into packages. Frames of Node, tslab and the kernel are no part of it.
 */
import { dirname, join, sep } from 'node:path';
import type * as TraceMapping from '@jridgewell/trace-mapping';
import { shownPath } from './compiler';

/** What V8 knows by the name under which a script was run. */
export interface Script {
  /** The number of the cell, absent for a file. */
  readonly cell?: number;
  /** What a file is called, from the notebook's folder. */
  readonly file?: string;
  readonly source: string;
  /** Source map, as JSON. */
  readonly map: string;
}

export interface Frame {
  /** `check`, `Network.predict`; absent at the top of a cell. */
  readonly callee?: string;
  /** The script of the notebook that it stands in. Absent: it is a package's. */
  readonly script?: Script;
  readonly package?: string;
  /** From 1, in the source of the script. */
  readonly line: number;
  readonly column: number;
}

const scripts = new Map<string, Script & { tracer?: TraceMapping.TraceMap }>();
const frames = new WeakMap<object, readonly Frame[]>();
/** The kernel's own files lie in this folder. */
const OWN = __dirname + sep;
const LIBRARY = join(dirname(dirname(__dirname)), '..', 'lib') + sep;
/** A learner's recursion and callbacks of a library may fill V8's ten frames before the cell is reached. */
const DEEPEST = 100;

/** Makes stacks tell of a script's source from now on. */
export function registerScript(name: string, script: Script): void {
  scripts.set(name, script);
}

/**
 * Has V8 ask here what an error's `stack` says: also where a cell prints an error itself, it reads of cells.
 * @param folder the notebook's, where shown paths start
 */
export function tellStacks(folder: string): void {
  Error.stackTraceLimit = DEEPEST;
  Error.prepareStackTrace = (error, sites) => {
    const own = sites.flatMap((site) => frameOf(site, folder));
    if (typeof error === 'object' && error !== null) frames.set(error, own);
    let head = 'Error';
    try {
      head = String(error);
    } catch {
      // An error whose own name or message throws.
    }
    return [
      head,
      ...own.map((frame) => `    at ${frame.callee ? `${frame.callee} ` : ''}(${placeName(frame)})`),
    ].join('\n');
  };
}

/** The innermost comes first. Empty for what is no error, or has lost its stack. */
export function framesOf(error: unknown): readonly Frame[] {
  if (typeof error !== 'object' || error === null) return [];
  try {
    // Asked for the first time, V8 has it told.
    void (error as { stack?: unknown }).stack;
  } catch {
    return [];
  }
  return frames.get(error) ?? [];
}

/** Says of an error that this is where a cell waited for what failed, unless its stack tells of the cell already. */
export function addFrame(error: unknown, frame: Frame): void {
  const known = framesOf(error);
  if (typeof error !== 'object' || error === null || known.some(({ script }) => script === frame.script))
    return;
  frames.set(error, [...known, frame]);
}

function placeName({ script, line, column, ...frame }: Frame): string {
  if (!script) return frame.package ?? 'a package';
  return `${script.cell === undefined ? script.file : `cell ${script.cell}`}:${line}:${column}`;
}

function frameOf(site: NodeJS.CallSite, folder: string): Frame[] {
  const path = (site.getFileName() ?? '').replace(/^file:\/\//, '');
  const [line, column] = [site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0];
  const callee = calleeOf(site);
  const named = callee === undefined ? {} : { callee };
  const script = scripts.get(path);
  if (script) {
    const original = originalPlace(script, line, column);
    // The function around a cell, which the cell does not have.
    return original ? [{ ...named, script, ...original }] : [];
  }
  if (path === '' || path.startsWith('node:') || path.startsWith(OWN)) return [];
  if (/[\\/]node_modules[\\/]tslab[\\/]/.test(path)) return [];
  const name = path.startsWith(LIBRARY) ? 'convlab' : packageName(path);
  return [{ ...named, package: name ?? shownPath(path, folder), line, column }];
}

function calleeOf(site: NodeJS.CallSite): string | undefined {
  // Nameless functions have the empty name, or the one under which Node keeps them: Timeout._onTimeout.
  const name = site.getFunctionName() || undefined;
  if (site.isConstructor()) return `new ${name ?? '(anonymous)'}`;
  const type = site.isToplevel() ? null : site.getTypeName();
  // TensorFlow.js names `matMul` so.
  const method = site.getMethodName() ?? name?.replace(/__op$/, '');
  if (name === undefined) return undefined;
  return type && type !== 'Object' && type !== 'Function' && !name?.includes('.')
    ? `${type}.${method}`
    : method;
}

function packageName(path: string): string | undefined {
  return /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(path)?.[1].replace(sep, '/');
}

function originalPlace(
  script: Script & { tracer?: TraceMapping.TraceMap },
  line: number,
  column: number,
): { line: number; column: number } | undefined {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { TraceMap, originalPositionFor } = require('@jridgewell/trace-mapping') as typeof TraceMapping;
  script.tracer ??= new TraceMap(script.map);
  if (line < 1 || column < 1) return undefined;
  const found = originalPositionFor(script.tracer, { line, column: column - 1 });
  return found.line === null ? undefined : { line: found.line, column: found.column + 1 };
}
