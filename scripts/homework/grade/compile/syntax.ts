/** A cell as a syntax tree, with what TypeScript's binder knows of it: which names it declares, and where. */
import ts from 'typescript';

export interface Cell {
  readonly file: ts.SourceFile;
  /** The first syntax error, with its line from 1. */
  readonly error?: string;
}

/** The parts of TypeScript that its public types leave out. */
interface Binder {
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
}
interface Bound {
  readonly locals?: ReadonlyMap<string, unknown>;
}
interface Parsed {
  readonly parseDiagnostics: readonly ts.Diagnostic[];
}

/** @throws RangeError for a cell nested so deeply that the parser runs out of stack */
export function parseCell(source: string): Cell {
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  (ts as unknown as Binder).bindSourceFile(file, {});
  const [first] = (file as unknown as Parsed).parseDiagnostics;
  if (first === undefined) return { file };
  const line = file.getLineAndCharacterOfPosition(first.start ?? 0).line + 1;
  return { file, error: `line ${line}: ${ts.flattenDiagnosticMessageText(first.messageText, ' ')}` };
}

/** Every node below `top`, without recursion: nothing that a student nests can exhaust the stack here. */
export function* nodesOf(top: ts.Node): Generator<ts.Node> {
  const left = [top];
  for (let node = left.pop(); node; node = left.pop()) {
    yield node;
    const children: ts.Node[] = [];
    ts.forEachChild(node, (child) => void children.push(child));
    for (let i = children.length - 1; i >= 0; i--) left.push(children[i]);
  }
}

/** The names that the cell's top level declares, imported ones included. */
export function declaredNames(file: ts.SourceFile): string[] {
  const names: string[] = [];
  const bind = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.push(name.text);
    else for (const element of name.elements) if (!ts.isOmittedExpression(element)) bind(element.name);
  };
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) bind(name);
    } else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement)
    ) {
      if (statement.name) names.push(statement.name.text);
    } else if (ts.isImportDeclaration(statement)) {
      names.push(...importedBindings(statement).map(({ local }) => local));
    }
  }
  return names;
}

export interface ImportedBinding {
  readonly module: string;
  /** `*` for all of the module, also by its default. */
  readonly name: string;
  readonly local: string;
  readonly node: ts.Node;
}

/** What an import declares, without types. */
export function importedBindings(statement: ts.ImportDeclaration): ImportedBinding[] {
  const { importClause: clause, moduleSpecifier } = statement;
  const module = ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '';
  if (clause === undefined || clause.isTypeOnly) return [];
  const found: ImportedBinding[] = [];
  if (clause.name) found.push({ module, name: '*', local: clause.name.text, node: clause });
  const bindings = clause.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) {
    found.push({ module, name: '*', local: bindings.name.text, node: bindings });
  } else if (bindings) {
    for (const specifier of bindings.elements) {
      if (specifier.isTypeOnly) continue;
      const name = (specifier.propertyName ?? specifier.name).text;
      const isAll = name === 'default';
      found.push({ module, name: isAll ? '*' : name, local: specifier.name.text, node: specifier });
    }
  }
  return found;
}

/** Whether an identifier stands for a variable, not for a property or a type. */
export function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent)) {
    return parent.name !== node;
  }
  if (ts.isBindingElement(parent)) return parent.propertyName !== node;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false;
  return !ts.isTypeReferenceNode(parent) && !ts.isQualifiedName(parent) && !ts.isPropertySignature(parent);
}

/** Whether a name is declared where `node` stands: inside of the cell's functions and blocks, or at its top. */
export function isDeclaredAt(node: ts.Node, name: string): boolean {
  for (let scope: ts.Node = node; scope !== undefined; scope = scope.parent) {
    if ((scope as unknown as Bound).locals?.has(name)) return true;
  }
  return false;
}

/** The names that the cell takes from elsewhere. */
export function freeNames(file: ts.SourceFile): string[] {
  const names = new Set<string>();
  for (const node of nodesOf(file)) {
    if (ts.isIdentifier(node) && isReference(node) && !isDeclaredAt(node, node.text)) names.add(node.text);
  }
  return [...names];
}

/** The line of a node in its cell, from 1. */
export function lineOf(node: ts.Node): number {
  const file = node.getSourceFile();
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}
