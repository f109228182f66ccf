/**
 * TypeScript as tslab brings it: the compiler of a plain tslab too, so that a notebook means the same in both. It is loaded
 * when it is first needed, since it takes half of a kernel's start.
 */
import type * as Compiler from '@tslab/typescript-for-tslab';

export type TypeScript = typeof Compiler;
export type { Compiler as ts };

/** What TypeScript 5.0 has, and its declarations do not tell. */
interface Internals {
  bindSourceFile(file: Compiler.SourceFile, options: Compiler.CompilerOptions): void;
}

let loaded: (TypeScript & Internals) | undefined;

export function typescript(): TypeScript & Internals {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  loaded ??= require('@tslab/typescript-for-tslab') as TypeScript & Internals;
  return loaded;
}

/** Names declared at the top of a file that has been bound: variables, functions, classes, types and imports. */
export function localsOf(file: Compiler.SourceFile): ReadonlyMap<string, Compiler.Symbol> {
  return (
    (file as { locals?: ReadonlyMap<string, Compiler.Symbol> }).locals ?? new Map<string, Compiler.Symbol>()
  );
}
