/**
 * What a cell adds to types elsewhere, piece by piece: a cell that runs again, edited, replaces the pieces that it added
 * before, and those of other cells stay.
 */
import { isAugmentation, typescript, type ts } from './typescript';

export interface Augmentation {
  /** What it declares: `global.type Array.total`. */
  readonly adds: string;
  /** One statement of a declaration file. */
  readonly text: string;
}

/**
 * `declare global { var a: number; interface Array<T> { total(): number; } }` is two pieces, each a statement like it
 * with one declaration: `a`, and `total` of `Array`. Empty for any other statement.
 */
export function augmentations(statement: ts.Statement): Augmentation[] {
  return isAugmentation(statement) ? pieces(statement, '') : [];
}

function pieces(node: ts.Node, path: string): Augmentation[] {
  const list = listIn(node);
  // A block that cannot be divided replaces only itself.
  const name = list || !typescript().isModuleDeclaration(node) ? nameOf(node) : undefined;
  const adds = path + (name ?? node.getText());
  if (!list || list.length === 0) return [{ adds, text: node.getFullText().trim() }];
  const head = node.getSourceFile().text.slice(node.getStart(), list.pos);
  if (typescript().isVariableStatement(node))
    return list.map((variable) => ({
      adds: path + nameOf(variable),
      text: `${head} ${variable.getText()};`,
    }));
  return list.flatMap((part) =>
    pieces(part, `${adds}.`).map((piece) => ({ adds: piece.adds, text: `${head} ${piece.text} }` })),
  );
}

/** What can be declared separately. A block with imports or exports of names stays as it is. */
function listIn(node: ts.Node): (readonly ts.Node[] & ts.TextRange) | undefined {
  const ts = typescript();
  if (ts.isVariableStatement(node)) return node.declarationList.declarations;
  if (ts.isInterfaceDeclaration(node)) return node.members;
  if (!ts.isModuleDeclaration(node) || !node.body || !ts.isModuleBlock(node.body)) return undefined;
  const { statements } = node.body;
  return statements.every((statement) => ts.isVariableStatement(statement) || nameOf(statement) !== undefined)
    ? statements
    : undefined;
}

/** A type and a value of the same name are two things. */
function nameOf(node: ts.Node): string | undefined {
  const ts = typescript();
  const { name } = node as { name?: ts.Node & { text?: string } };
  const isType = ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
  return name && `${isType ? 'type ' : ''}${name.text ?? name.getText()}`;
}
