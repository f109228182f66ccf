/**
 * The TypeScript that tslab depends on, so that a notebook means the same in a plain tslab. It is loaded when it is
 * first needed, since loading takes half of a kernel's start-up time.
 */
import type * as Compiler from '@tslab/typescript-for-tslab';

export type TypeScript = typeof Compiler;
export type { Compiler as ts };

/** What TypeScript 5.0 has, but does not declare. */
interface Internals {
  bindSourceFile(file: Compiler.SourceFile, options: Compiler.CompilerOptions): void;
}

let loaded: (TypeScript & Internals) | undefined;

export function typescript(): TypeScript & Internals {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  loaded ??= require('@tslab/typescript-for-tslab') as TypeScript & Internals;
  return loaded;
}

/** Names declared at the top level of a bound file: variables, functions, classes, types and imports. */
export function localsOf(file: Compiler.SourceFile): ReadonlyMap<string, Compiler.Symbol> {
  const { locals } = file as { locals?: ReadonlyMap<Compiler.__String, Compiler.Symbol> };
  // TypeScript keeps `__x` as `___x`, since `__` begins names of its own.
  const unescaped = typescript().unescapeLeadingUnderscores;
  return new Map([...(locals ?? [])].map(([name, symbol]) => [unescaped(name), symbol]));
}

/** What a name is, or what the name is that it imports. */
export function flagsOf(symbol: Compiler.Symbol, checker: Compiler.TypeChecker): Compiler.SymbolFlags {
  const isAlias = symbol.flags & typescript().SymbolFlags.Alias;
  return (isAlias ? checker.getAliasedSymbol(symbol) : symbol).flags;
}

/** `declare global { … }`, `declare module 'package' { … }`: adds to what is known elsewhere and has no name in the file. */
export function isAugmentation(node: Compiler.Node): boolean {
  const ts = typescript();
  if (!ts.isModuleDeclaration(node)) return false;
  return ts.isStringLiteral(node.name) || (node.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
}

/** A name that an import declares, and the clause that imports it alone. */
export interface ImportedName {
  readonly name: Compiler.Identifier;
  readonly clause: string;
  readonly isTypeOnly: boolean;
}

export function importedNames({ importClause }: Compiler.ImportDeclaration): ImportedName[] {
  const ts = typescript();
  if (!importClause) return [];
  const { name, namedBindings, isTypeOnly } = importClause;
  const whole = name ? [{ name, clause: name.text, isTypeOnly }] : [];
  if (!namedBindings) return whole;
  const named = ts.isNamespaceImport(namedBindings)
    ? [{ name: namedBindings.name, clause: namedBindings.getText(), isTypeOnly }]
    : namedBindings.elements.map((element) => ({
        name: element.name,
        clause: `{ ${element.getText()} }`,
        isTypeOnly: isTypeOnly || element.isTypeOnly,
      }));
  return [...whole, ...named];
}
