/**
 * What the cells so far have declared, as TypeScript's declarations. A later cell is compiled against them; what it
 * declares itself takes the place of earlier declarations of the same name.
 */
import { typescript, type ts } from './typescript';

export interface Declaration {
  /** Empty for an import without names: the types that the package adds to are there from then on. */
  readonly name: string;
  readonly isValue: boolean;
  readonly isType: boolean;
  /** One statement, as it stands in a declaration file. */
  readonly text: string;
}

/** Whether a name of the new cell stands for a value, a type, or both: a class, or an import. */
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
    return named(statement).map(({ name, text, ...meaning }) => ({
      name,
      text,
      ...(meaningOf(name) ?? meaning),
    }));
  });
}

/** The declarations after a cell: those of before that it leaves, and its own. */
export function mergeDeclarations(
  before: readonly Declaration[],
  fresh: readonly Declaration[],
): readonly Declaration[] {
  const values = new Set(fresh.filter(({ isValue }) => isValue).map(({ name }) => name));
  const types = new Set(fresh.filter(({ isType }) => isType).map(({ name }) => name));
  const kept = before.flatMap((declaration): Declaration[] => {
    const { name, isValue, isType, text } = declaration;
    if (name === '') return fresh.some((other) => other.text === text) ? [] : [declaration];
    if (isValue && values.has(name)) return [];
    if (!isType || !types.has(name)) return [declaration];
    // A class whose name now is that of another type: the value is still there, and cannot be named as a type.
    return isValue ? [{ name, isValue: true, isType: false, text: `declare let ${name}: any;` }] : [];
  });
  return [...kept, ...fresh];
}

type Named = Declaration;

/** A declaration for each name of a statement: names come and go one by one. */
function named(statement: ts.Statement): Named[] {
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
  if (ts.isImportDeclaration(statement)) return importedNames(statement);
  const { name } = statement as { name?: ts.Identifier };
  if (name === undefined) return [];
  const isType = !ts.isFunctionDeclaration(statement);
  const isValue = !ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement);
  return [{ name: name.text, isValue, isType, text }];
}

function importedNames(statement: ts.ImportDeclaration): Named[] {
  const ts = typescript();
  const { importClause, moduleSpecifier } = statement;
  if (!importClause) return [{ name: '', isValue: false, isType: false, text: statement.getText() }];
  const { name, namedBindings, isTypeOnly } = importClause;
  const from = (clause: string) =>
    `import ${isTypeOnly ? 'type ' : ''}${clause} from ${moduleSpecifier.getText()};`;
  const binding = (name: ts.Identifier, clause: string) => ({
    name: name.text,
    isValue: true,
    isType: true,
    text: from(clause),
  });
  const named = !namedBindings
    ? []
    : ts.isNamespaceImport(namedBindings)
      ? [binding(namedBindings.name, namedBindings.getText())]
      : namedBindings.elements.map((element) => binding(element.name, `{ ${element.getText()} }`));
  return [...(name ? [binding(name, name.text)] : []), ...named];
}

/** With the doc comment, which an inspection shows. */
function withComment(statement: ts.Statement): string {
  const text = statement.getFullText().trim();
  return text.startsWith('/**') ? text : statement.getText();
}
