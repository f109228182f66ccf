/** What the text of a cell shows by itself: whether it can be parsed, which names it declares, whether it awaits. */
import { isAugmentation, localsOf, typescript, type ts } from './typescript';
import { awaits } from './yielding';

/**
 * What a cell is compiled to. With `await` at its top level it is a generator, which yields what it awaits and is
 * resumed by the kernel: so every part of it can be interrupted, and a stopped cell stays stopped.
 */
export type CellForm = 'function' | 'generator';

/** Parses a cell as a module, in which top-level `await` is allowed. */
export function parseCell(
  path: string,
  source: string,
): { file: ts.SourceFile; errors: readonly ts.DiagnosticWithLocation[] } {
  const ts = typescript();
  const setExternalModuleIndicator = (file: ts.SourceFile): void => {
    (file as { externalModuleIndicator?: ts.Node | true }).externalModuleIndicator = true;
  };
  const options = { languageVersion: ts.ScriptTarget.ES2022, setExternalModuleIndicator };
  const file = ts.createSourceFile(path, source, options, true);
  return {
    file,
    errors: (file as unknown as { parseDiagnostics: ts.DiagnosticWithLocation[] }).parseDiagnostics,
  };
}

/** The names that a cell declares. */
export function namesIn(file: ts.SourceFile, options: ts.CompilerOptions): string[] {
  typescript().bindSourceFile(file, options);
  const isNamed = ({ declarations }: ts.Symbol) => declarations?.every(isAugmentation) !== true;
  return [...localsOf(file)].flatMap(([name, symbol]) => (isNamed(symbol) ? [name] : []));
}

/** The text of a cell as a module from which TypeScript exports everything that it declares. */
export function withExports(source: string, names: readonly string[]): string {
  return `${source}\nexport { ${names.join(', ')} };`;
}

/** `export` before a declaration is redundant in a cell; it is replaced by spaces, so that all positions stay. */
export function withoutExport({ statements, text }: ts.SourceFile): string {
  const ts = typescript();
  const found = statements.flatMap((statement) => {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const isDefault = modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
    return isDefault ? [] : modifiers.filter(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  });
  return found.reduce((rest, { end }) => `${rest.slice(0, end - 6)}      ${rest.slice(end)}`, text);
}

export function formOf(file: ts.SourceFile): CellForm {
  return awaits(file) ? 'generator' : 'function';
}
