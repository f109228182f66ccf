/**
 * The shape of a program: what is left of it without names, types, comments, spacing and order, and without the code that
 * was handed out. Programs of one shape were thought up alike, or copied.
 */
import ts from 'typescript';

export interface Shape {
  /** Equal for programs of the same shape. */
  readonly text: string;
  /** How many nodes of the syntax tree it is made of: a short program has few shapes to choose from. */
  readonly size: number;
}

/** Operators whose sides may change places. */
const COMMUTATIVE = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
]);

/** `a > b` is `b < a`. */
const MIRRORED: Partial<Record<ts.SyntaxKind, ts.SyntaxKind>> = {
  [ts.SyntaxKind.GreaterThanToken]: ts.SyntaxKind.LessThanToken,
  [ts.SyntaxKind.GreaterThanEqualsToken]: ts.SyntaxKind.LessThanEqualsToken,
};

/**
 * @param source a student's cell
 * @param stub the cell as it was handed out: its statements, and the heads of its functions, are left out
 * @throws RangeError for a cell nested so deeply that the stack does not suffice
 */
export function shapeOf(source: string, stub: string): Shape {
  const handedOut = new Set<string>();
  const stubFile = parse(stub);
  const ofStub = new Shaper(declaredIn(stubFile), new Set());
  forEachStatement(stubFile, (statement) => handedOut.add(ofStub.node(statement).text));
  const file = parse(source);
  return new Shaper(declaredIn(file), handedOut).list(file.statements);
}

function parse(source: string): ts.SourceFile {
  return ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
}

function forEachStatement(node: ts.Node, visit: (statement: ts.Node) => void): void {
  ts.forEachChild(node, (child) => {
    if (ts.isStatement(child) || ts.isVariableDeclaration(child)) visit(child);
    forEachStatement(child, visit);
  });
}

/** Every name that the cell itself gives. */
function declaredIn(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const name = (node as Partial<ts.NamedDeclaration>).name;
    const isVariable =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionLike(node) ||
      ts.isClassLike(node);
    if (isVariable && name && ts.isIdentifier(name)) names.add(name.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

class Shaper {
  constructor(
    private readonly own: ReadonlySet<string>,
    private readonly handedOut: ReadonlySet<string>,
  ) {}

  /** Statements in any order, without those that were handed out. */
  list(statements: readonly ts.Node[]): Shape {
    const shapes = statements
      // `let a, b;` is `let a; let b;`.
      .flatMap((statement) =>
        ts.isVariableStatement(statement) ? [...statement.declarationList.declarations] : [statement],
      )
      .filter((statement) => !ts.isImportDeclaration(statement) && !isOnlyType(statement))
      .map((statement) => this.node(statement))
      .filter(({ text }) => !this.handedOut.has(text));
    return joined('', sorted(shapes), 0);
  }

  node(node: ts.Node): Shape {
    if (ts.isIdentifier(node)) return { text: this.#isOwn(node) ? '_' : node.text, size: 1 };
    if (ts.isNumericLiteral(node)) return { text: String(Number(node.text)), size: 1 };
    if (ts.isStringLiteralLike(node)) return { text: JSON.stringify(node.text), size: 1 };
    if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) return this.node(node.expression);
    if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return this.node(node.expression);
    if (ts.isBlock(node)) return this.list(node.statements);
    if (ts.isBinaryExpression(node)) return this.#binary(node);
    // How a function is written down is a matter of taste, as is whether a variable is `const`.
    if (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isArrowFunction(node)) {
      return this.#function(node);
    }
    if (ts.isVariableDeclarationList(node)) return joined('', this.#all(node.declarations), 0);
    if (ts.isVariableDeclaration(node)) {
      const { initializer } = node;
      if (initializer && ts.isArrowFunction(initializer)) return this.node(initializer);
      return joined('=', this.#all([node.name, ...(initializer ? [initializer] : [])]), 1);
    }
    if (ts.isExpressionStatement(node)) return this.node(node.expression);
    if (ts.isObjectLiteralExpression(node)) return joined('{', sorted(this.#all(node.properties)), 1);
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      return joined(ts.SyntaxKind[node.operator], [this.node(node.operand)], 1);
    }
    const children: ts.Node[] = [];
    ts.forEachChild(node, (child) => {
      if (!ts.isTypeNode(child) && !ts.isModifier(child) && !ts.isTypeParameterDeclaration(child))
        children.push(child);
    });
    // `if (a) b;` is `if (a) { b; }`.
    const hasBody = ts.isIfStatement(node) || ts.isIterationStatement(node, false);
    const parts = children.map((child) =>
      hasBody && ts.isStatement(child) && !ts.isBlock(child) ? this.list([child]) : this.node(child),
    );
    return joined(ts.SyntaxKind[node.kind], parts, 1);
  }

  #all(nodes: readonly ts.Node[]): Shape[] {
    return nodes.map((node) => this.node(node));
  }

  /** Parameters count by their number, so that the size is the body's. */
  #function({ parameters, body }: ts.FunctionLikeDeclaration): Shape {
    const inside = body ? this.#body(body) : [];
    return joined(`function/${parameters.length}`, inside, 0);
  }

  /** `=> x` is `=> { return x; }`. */
  #body(body: ts.ConciseBody): Shape[] {
    if (ts.isBlock(body)) return [this.list(body.statements)];
    return [joined('', [joined(ts.SyntaxKind[ts.SyntaxKind.ReturnStatement], [this.node(body)], 1)], 0)];
  }

  #binary({ left, right, operatorToken: { kind } }: ts.BinaryExpression): Shape {
    const sides = [this.node(left), this.node(right)];
    const mirrored = MIRRORED[kind];
    if (mirrored !== undefined) return joined(ts.SyntaxKind[mirrored], sides.reverse(), 1);
    return joined(ts.SyntaxKind[kind], COMMUTATIVE.has(kind) ? sorted(sides) : sides, 1);
  }

  #isOwn(node: ts.Identifier): boolean {
    const { parent } = node;
    const isProperty =
      (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
      (ts.isPropertyAssignment(parent) && parent.name === node);
    return !isProperty && this.own.has(node.text);
  }
}

function isOnlyType(node: ts.Node): boolean {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}

function sorted(shapes: readonly Shape[]): Shape[] {
  return [...shapes].sort((a, b) => (a.text < b.text ? -1 : 1));
}

function joined(name: string, parts: readonly Shape[], own: number): Shape {
  return {
    text: `${name}(${parts.map(({ text }) => text).join(' ')})`,
    size: parts.reduce((sum, { size }) => sum + size, own),
  };
}
