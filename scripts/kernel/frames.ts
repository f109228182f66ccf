/**
 * Where an error came from, in terms of the notebook: cells and their source lines, found through the source maps of
 * the compiled code, and calls into packages. Frames of Node, tslab and the kernel are left out.
 */
import { dirname, join, sep } from 'node:path';
import type * as TraceMapping from '@jridgewell/trace-mapping';
import { shownPath } from './diagnostics';

/** A script that was compiled for the notebook. V8 knows it by name only. */
export interface Script {
  /** The number of the cell, absent for a file. */
  readonly cell?: number;
  /** The file's path, relative to the notebook's folder. */
  readonly file?: string;
  readonly source: string;
  /** Source map, as JSON. */
  readonly map: string;
}

export interface Frame {
  /** `check`, `Network.predict`; absent at the top of a cell. */
  readonly callee?: string;
  /** The script of the notebook that it is in; absent for a package's. */
  readonly script?: Script;
  readonly package?: string;
  /** From 1, in the source of the script. */
  readonly line: number;
  readonly column: number;
}

const scripts = new Map<string, Script & { tracer?: TraceMapping.TraceMap }>();
const frames = new WeakMap<object, readonly Frame[]>();
/** The folder of the kernel's own files. */
const OWN = __dirname + sep;
const LIBRARY = join(dirname(dirname(__dirname)), '..', 'lib') + sep;
/** Recursion, or a library's callbacks, could fill V8's default of ten frames before the cell is reached. */
const DEEPEST = 100;

/** From now on, stacks show positions in this script's source. */
export function registerScript(name: string, script: Script): void {
  scripts.set(name, script);
}

/**
 * Has V8 build every error's `stack` here, so that it names cells even when a cell prints an error itself.
 * @param folder the notebook's, to which shown paths are relative
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

/** The innermost first. Empty for anything that is not an error, or has lost its stack. */
export function framesOf(error: unknown): readonly Frame[] {
  if (typeof error !== 'object' || error === null) return [];
  try {
    // The first read makes V8 build the stack, which records the frames.
    void (error as { stack?: unknown }).stack;
  } catch {
    return [];
  }
  return frames.get(error) ?? [];
}

/** Records where the cell awaited what failed, unless the error's stack names the cell already. */
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
  const script = scripts.get(path);
  if (script) {
    const original = originalPlace(script, line, column);
    // The wrapper function around a cell, which its source does not have.
    return original ? [{ callee, script, ...original }] : [];
  }
  if (path === '' || path.startsWith('node:') || path.startsWith(OWN)) return [];
  if (/[\\/]node_modules[\\/]tslab[\\/]/.test(path)) return [];
  const name = path.startsWith(LIBRARY) ? 'convlab' : packageName(path);
  return [{ callee, package: name ?? shownPath(path, folder), line, column }];
}

function calleeOf(site: NodeJS.CallSite): string | undefined {
  // Anonymous functions have an empty name, or that of the property in which Node keeps them: Timeout._onTimeout.
  const name = site.getFunctionName() || undefined;
  if (site.isConstructor()) return `new ${name ?? '(anonymous)'}`;
  const type = site.isToplevel() ? null : site.getTypeName();
  // TensorFlow.js appends it: `matMul__op`.
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
