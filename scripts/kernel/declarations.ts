/**
 * What the cells have declared so far, as TypeScript declarations. Later cells are compiled against them, and their own
 * declarations replace earlier ones of the same name.
 */
import { augmentations, type Augmentation } from './augmentations';
import { importedNames, isAugmentation, localsOf, typescript, type ts } from './typescript';

export interface Declaration {
  /** Empty for what stays because it adds types elsewhere: an import without names, `declare global { … }`. */
  readonly name: string;
  readonly isValue: boolean;
  readonly isType: boolean;
  /** One statement of a declaration file. */
  readonly text: string;
  /** What it adds elsewhere, as in `Augmentation`. */
  readonly adds?: string;
}

/** Whether a name of the new cell is a value, a type, or both (a class, an import). */
export type Meaning = Pick<Declaration, 'isValue' | 'isType'>;

/** @param text the declaration file that TypeScript makes of a cell */
export function readDeclarations(
  text: string,
  meaningOf: (name: string) => Meaning | undefined,
): Declaration[] {
  const { createSourceFile, ScriptTarget, SyntaxKind } = typescript();
  const file = createSourceFile('cell.d.ts', text, ScriptTarget.Latest, true);
  return file.statements.flatMap((statement): Declaration[] => {
    if (statement.kind === SyntaxKind.ExportDeclaration || statement.kind === SyntaxKind.ExportAssignment)
      return [];
    return named(statement).map((declaration) => ({ ...declaration, ...meaningOf(declaration.name) }));
  });
}

/** Declares a name whose type cannot be written down: a module by its name, anything else as `any`. */
export function looseDeclarations(
  name: string,
  symbol: ts.Symbol | undefined,
  { isValue, isType }: Meaning = { isValue: true, isType: false },
): Declaration[] {
  const module = importedModule(symbol?.declarations?.[0]);
  const type = module === undefined ? 'any' : `typeof import(${JSON.stringify(module)})`;
  return [
    ...(isValue ? [{ name, isValue: true, isType: false, text: `declare let ${name}: ${type};` }] : []),
    ...(isType ? [{ name, isValue: false, isType: true, text: `declare type ${name} = any;` }] : []),
  ];
}

/** Declares the `var`s of a cell's blocks and loops, which TypeScript leaves out of its declaration file. */
export function innerVars(cell: ts.SourceFile, checker: ts.TypeChecker): Declaration[] {
  const ts = typescript();
  const isAtTop = (node: ts.Declaration): boolean => {
    const list = ts.findAncestor(node, ts.isVariableDeclarationList);
    return list !== undefined && ts.isVariableStatement(list.parent) && ts.isSourceFile(list.parent.parent);
  };
  return [...localsOf(cell)].flatMap(([name, symbol]): Declaration[] => {
    const { flags, declarations = [], valueDeclaration } = symbol;
    if (!(flags & ts.SymbolFlags.FunctionScopedVariable) || !valueDeclaration) return [];
    if (declarations.some(isAtTop)) return [];
    const type = checker.getTypeOfSymbolAtLocation(symbol, valueDeclaration);
    const text = checker.typeToString(type, cell, ts.TypeFormatFlags.NoTruncation);
    return [{ name, isValue: true, isType: false, text: `declare var ${name}: ${text};` }];
  });
}

/** `fs` in `const name = await import('fs')`. */
function importedModule(declaration: ts.Declaration | undefined): string | undefined {
  const ts = typescript();
  if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined;
  const { initializer } = declaration;
  if (!ts.isAwaitExpression(initializer) || !ts.isCallExpression(initializer.expression)) return undefined;
  const { expression, arguments: given } = initializer.expression;
  const [first] = given;
  return expression.kind === ts.SyntaxKind.ImportKeyword && ts.isStringLiteral(first)
    ? first.text
    : undefined;
}

/** The declarations without those whose additions elsewhere a cell replaces by its own. */
export function withoutAdded(
  declarations: readonly Declaration[],
  fresh: readonly Partial<Augmentation>[],
): readonly Declaration[] {
  const added = new Set(fresh.map(({ adds }) => adds));
  return declarations.filter(({ adds }) => adds === undefined || !added.has(adds));
}

/** The declarations after a cell: the earlier ones that it does not replace, and its own. */
export function mergeDeclarations(
  before: readonly Declaration[],
  fresh: readonly Declaration[],
): readonly Declaration[] {
  const values = new Set(fresh.filter(({ isValue }) => isValue).map(({ name }) => name));
  const types = new Set(fresh.filter(({ isType }) => isType).map(({ name }) => name));
  const kept = withoutAdded(before, fresh).flatMap((declaration): Declaration[] => {
    const { name, isValue, isType, text } = declaration;
    if (name === '') return fresh.some((other) => other.text === text) ? [] : [declaration];
    if (isValue && values.has(name)) return [];
    if (!isType || !types.has(name)) return [declaration];
    // A class whose name is now another type's: the value still exists, but its type can no longer be named.
    return isValue ? [{ name, isValue: true, isType: false, text: `declare let ${name}: any;` }] : [];
  });
  return [...kept, ...fresh];
}

/** A declaration for each name of a statement, since names are replaced one by one. */
function named(statement: ts.Statement): Declaration[] {
  const ts = typescript();
  const text = withComment(statement);
  if (ts.isVariableStatement(statement)) {
    const { declarations, flags } = statement.declarationList;
    const keyword = flags & ts.NodeFlags.Const ? 'const' : flags & ts.NodeFlags.Let ? 'let' : 'var';
    return declarations.map((declaration) => ({
      name: declaration.name.getText(),
      isValue: true,
      isType: false,
      text: declarations.length === 1 ? text : `declare ${keyword} ${declaration.getText()};`,
    }));
  }
  if (ts.isImportDeclaration(statement)) return ofImport(statement);
  if (isAugmentation(statement))
    return augmentations(statement).map((added) => ({ name: '', isValue: false, isType: false, ...added }));
  const { name } = statement as { name?: ts.Identifier };
  if (name === undefined) return [];
  const isType = !ts.isFunctionDeclaration(statement);
  const isValue = !ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement);
  return [{ name: name.text, isValue, isType, text }];
}

function nameless(statement: ts.Statement): Declaration {
  return { name: '', isValue: false, isType: false, text: statement.getText() };
}

function ofImport(statement: ts.ImportDeclaration): Declaration[] {
  if (!statement.importClause) return [nameless(statement)];
  const from = statement.moduleSpecifier.getText();
  return importedNames(statement).map(({ name, clause }) => ({
    name: name.text,
    isValue: true,
    isType: true,
    text: `import ${statement.importClause?.isTypeOnly ? 'type ' : ''}${clause} from ${from};`,
  }));
}

/** Includes the doc comment, which inspection shows. */
function withComment(statement: ts.Statement): string {
  const text = statement.getFullText().trim();
  return text.startsWith('/**') ? text : statement.getText();
}
