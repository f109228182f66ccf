/** Which names the code of a cell declares and which it needs, by TypeScript's own resolution of names. */
import ts from 'typescript';

export interface CellNames {
  /** Values declared at the top of the cell, imports included; types leave nothing behind that could be needed. */
  readonly declared: ReadonlySet<string>;
  readonly imported: ReadonlySet<string>;
  /** What the cell itself does not declare: names of other cells, globals, and types. */
  readonly needed: ReadonlySet<string>;
  /** Those of the needed names to which the cell gives another value, or a property. */
  readonly assigned: ReadonlySet<string>;
}

/** @throws Error, half a sentence with the line, when the code cannot be parsed */
export function parseCell(source: string): ts.SourceFile {
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2022, true);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: readonly ts.DiagnosticWithLocation[] };
  const [fault] = parseDiagnostics;
  if (fault !== undefined) {
    const { line } = file.getLineAndCharacterOfPosition(fault.start);
    throw new Error(
      `is not TypeScript, line ${line + 1}: ${ts.flattenDiagnosticMessageText(fault.messageText, ' ')}`,
    );
  }
  return file;
}

/** @throws as {@link parseCell} */
export function namesOf(source: string): CellNames {
  const file = parseCell(source);
  const declared = new Set<string>();
  const imported = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      for (const name of importedBy(statement)) imported.add(name);
    } else if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) addBound(name, declared);
    } else if (isNamedValue(statement) && statement.name) declared.add(statement.name.text);
  }
  for (const name of imported) declared.add(name);
  return { declared, imported, ...freeNames(file) };
}

/** Identifiers that no declaration of the file stands for. */
function freeNames(file: ts.SourceFile): { needed: Set<string>; assigned: Set<string> } {
  const host: ts.CompilerHost = {
    getSourceFile: (name) => (name === file.fileName ? file : undefined),
    writeFile: () => undefined,
    getDefaultLibFileName: () => '',
    useCaseSensitiveFileNames: () => true,
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => '',
    getNewLine: () => '\n',
    fileExists: (name) => name === file.fileName,
    readFile: () => undefined,
  };
  const checker = ts
    .createProgram([file.fileName], { noLib: true, noResolve: true, types: [] }, host)
    .getTypeChecker();
  const isFree = (node: ts.Identifier): boolean => {
    const { parent } = node;
    const symbol = ts.isShorthandPropertyAssignment(parent)
      ? checker.getShorthandAssignmentValueSymbol(parent)
      : checker.getSymbolAtLocation(node);
    return symbol === undefined;
  };
  const needed = new Set<string>();
  const assigned = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !isLabel(node) && isFree(node)) needed.add(node.text);
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
      const target = variableOf(node.left);
      if (target && isFree(target)) assigned.add(target.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { needed, assigned };
}

/** Of `=`, `+=` and the like. */
function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** `a` of `a`, `a.b` and `a[0].c`. */
function variableOf(target: ts.Expression): ts.Identifier | undefined {
  if (ts.isIdentifier(target)) return target;
  const isPart = ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target);
  return isPart ? variableOf(target.expression) : undefined;
}

/** `b` in `a.b`, `{ b: 1 }`, `const { b: c } = a`, `break b` and `[b: number]` is no name that something declares. */
function isLabel(node: ts.Identifier): boolean {
  const { parent } = node;
  if (
    ts.isPropertyAccessExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isNamedTupleMember(parent)
  ) {
    return parent.name === node;
  }
  if (ts.isBindingElement(parent) || ts.isImportSpecifier(parent)) return parent.propertyName === node;
  // `export { b as c }` needs b, unless it is another module's.
  if (ts.isExportSpecifier(parent)) return parent.parent.parent.moduleSpecifier !== undefined;
  if (ts.isLabeledStatement(parent)) return parent.label === node;
  return ts.isBreakOrContinueStatement(parent);
}

function isNamedValue(
  statement: ts.Statement,
): statement is ts.FunctionDeclaration | ts.ClassDeclaration | ts.EnumDeclaration | ts.ModuleDeclaration {
  return (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isModuleDeclaration(statement)
  );
}

function importedBy({ importClause }: ts.ImportDeclaration): string[] {
  if (!importClause || importClause.isTypeOnly) return [];
  const { name, namedBindings } = importClause;
  const names = name ? [name.text] : [];
  if (namedBindings === undefined) return names;
  if (ts.isNamespaceImport(namedBindings)) return [...names, namedBindings.name.text];
  return [...names, ...namedBindings.elements.map((element) => element.name.text)];
}

function addBound(name: ts.BindingName, names: Set<string>): void {
  if (ts.isIdentifier(name)) names.add(name.text);
  else
    for (const element of name.elements) if (!ts.isOmittedExpression(element)) addBound(element.name, names);
}
