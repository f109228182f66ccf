/**
 * How a cell's code is transformed as it is compiled to JavaScript. Cells share their variables as properties of one
 * object, `exports`, where the names of earlier cells are looked up. What the cell itself declares stays an ordinary
 * variable, at full speed, and is added to `exports` as soon as it exists. A variable that may change is added as a
 * getter and a setter, so that the functions of this cell see an assignment made in a later one.
 */
import { flagsOf, importedNames, localsOf, typescript, type ts } from './typescript';
import { yielding } from './yielding';

/** Parameters of a compiled cell, in addition to `exports` and `require`: names that no cell declares itself. */
export const SHARE = '__convlab_share';
export const IMPORT = '__convlab_import';

/**
 * @param earlier the declarations of earlier cells, as a file of the program
 * @param yields whether `await` at the top level becomes `yield`
 */
export function transformer(
  checker: ts.TypeChecker,
  earlier: ts.SourceFile,
  yields: boolean,
): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => {
    const statements = file.statements.map((statement) => ({
      statement,
      shared: sharing(statement, checker, context),
    }));
    const visited = (node: ts.Statement) =>
      useEarlier(yields ? yielding(node, file, context) : node, context, checker, earlier) as ts.Statement;
    const last = statements.findIndex(({ statement }) => statement === lastExpression(file));
    return context.factory.updateSourceFile(file, [
      ...sharedAtOnce(file, context),
      ...statements.flatMap(({ statement, shared }, index) => {
        // The added `export` statement has served its purpose: variables are shared through `exports` instead.
        if (typescript().isExportDeclaration(statement) && !statement.moduleSpecifier) return [];
        const kept = visited(statement);
        return index === last ? [returned(kept as ts.ExpressionStatement, context)] : [kept, ...shared];
      }),
    ]);
  };
}

/**
 * `seed` of an earlier cell becomes `exports.seed`, `{ seed }` becomes `{ seed: exports.seed }`, and `f()` becomes
 * `(0, exports.f)()`, since `exports` must not be its `this`.
 */
function useEarlier(
  node: ts.Node,
  context: ts.TransformationContext,
  checker: ts.TypeChecker,
  earlier: ts.SourceFile,
): ts.Node {
  const ts = typescript();
  const { factory } = context;
  const names = localsOf(earlier);
  const isEarlier = (name: ts.Identifier, symbol: ts.Symbol | undefined): boolean => {
    const declared = names.get(name.text)?.declarations?.[0];
    return declared !== undefined && symbol?.declarations?.includes(declared) === true;
  };
  const shared = (name: ts.Identifier) =>
    ts.setTextRange(
      factory.createPropertyAccessExpression(factory.createIdentifier('exports'), name.text),
      name,
    );

  const visit = (node: ts.Node): ts.Node => {
    // Types do not exist at run time. (TypeScript counts a class's `extends` as one, but it is a value.)
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    // TypeScript would turn it into `require`, which cannot load an ES module.
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const given = ts.visitNodes(node.arguments, visit) as ts.NodeArray<ts.Expression>;
      return ts.setTextRange(
        factory.createCallExpression(factory.createIdentifier(IMPORT), undefined, given),
        node,
      );
    }
    if (ts.isShorthandPropertyAssignment(node)) {
      const { name, objectAssignmentInitializer: fallback } = node;
      if (!isEarlier(name, checker.getShorthandAssignmentValueSymbol(node)))
        return ts.visitEachChild(node, visit, context);
      // `({ a = 1 } = object)` becomes `({ a: exports.a = 1 } = object)`.
      const value = fallback
        ? factory.createAssignment(shared(name), ts.visitNode(fallback, visit) as ts.Expression)
        : shared(name);
      return ts.setTextRange(factory.createPropertyAssignment(name.text, value), node);
    }
    if (ts.isIdentifier(node)) {
      if (!names.has(node.text) || !isEarlier(node, checker.getSymbolAtLocation(node))) return node;
      if (!isCalled(node)) return shared(node);
      const called = factory.createComma(factory.createNumericLiteral(0), shared(node));
      const start = node.getStart();
      // V8 counts such a call from behind the parenthesis: an error in it is shown at the name.
      return ts.setSourceMapRange(factory.createParenthesizedExpression(called), { pos: start, end: start });
    }
    return ts.visitEachChild(node, visit, context);
  };
  return visit(node);
}

/** Whether the name is what is called: in `f()`, `f!()`, ``f`…` ``. */
function isCalled(name: ts.Node): boolean {
  const ts = typescript();
  const { parent } = name;
  if (ts.isCallExpression(parent)) return parent.expression === name;
  if (ts.isTaggedTemplateExpression(parent)) return parent.tag === name;
  const isAround = ts.isParenthesizedExpression(parent) || ts.isNonNullExpression(parent);
  return (isAround || ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent)) && isCalled(parent);
}

/** The last expression becomes the cell's result, inside an object, so that returning a promise does not await it. */
function returned(
  { expression }: ts.ExpressionStatement,
  { factory }: ts.TransformationContext,
): ts.Statement {
  const result = factory.createPropertyAssignment('result', expression);
  return typescript().setTextRange(
    factory.createReturnStatement(factory.createObjectLiteralExpression([result])),
    expression,
  );
}

function lastExpression({ statements }: ts.SourceFile): ts.ExpressionStatement | undefined {
  const ts = typescript();
  let at = statements.length - 1;
  while (at >= 0 && (ts.isExportDeclaration(statements[at]) || ts.isEmptyStatement(statements[at]))) at--;
  const last = statements[at] as ts.Statement | undefined;
  return last && ts.isExpressionStatement(last) ? last : undefined;
}

/** Functions and `var`s exist from the beginning of the cell. */
function sharedAtOnce(file: ts.SourceFile, context: ts.TransformationContext): ts.Statement[] {
  const ts = typescript();
  const [functions, vars] = [new Set<string>(), new Set<string>()];
  const isVar = ({ flags }: ts.VariableDeclarationList) => (flags & ts.NodeFlags.BlockScoped) === 0;
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclarationList(node) && isVar(node))
      boundNames(node).forEach(({ text }) => vars.add(text));
    if (!ts.isFunctionLike(node) && !ts.isClassLike(node) && !ts.isModuleDeclaration(node))
      ts.forEachChild(node, visit);
  };
  for (const statement of file.statements) {
    if (isAmbient(statement)) continue;
    if (ts.isFunctionDeclaration(statement) && statement.name && statement.body)
      functions.add(statement.name.text);
    else visit(statement);
  }
  return share(
    [
      ...[...functions].map((name) => valueOf(context.factory.createIdentifier(name), context)),
      ...[...vars].flatMap((name) => liveAccess(name, context)),
    ],
    context,
  );
}

/** Shares what a statement declares, after it has run. */
function sharing(
  statement: ts.Statement,
  checker: ts.TypeChecker,
  context: ts.TransformationContext,
): ts.Statement[] {
  const ts = typescript();
  if (isAmbient(statement)) return [];
  const values = (names: readonly ts.Identifier[]) => names.map((name) => valueOf(name, context));
  if (ts.isVariableStatement(statement)) {
    const { declarationList: list } = statement;
    const names = boundNames(list);
    if (list.flags & ts.NodeFlags.Const) return share(values(names), context);
    if (!(list.flags & ts.NodeFlags.Let)) return [];
    return share(
      names.flatMap(({ text }) => liveAccess(text, context)),
      context,
    );
  }
  const names = declaredNames(statement).filter((name) => isValue(name, checker));
  return share(values(names), context);
}

/** The names of an import, a class, an enumeration or a namespace. */
function declaredNames(statement: ts.Statement): ts.Identifier[] {
  const ts = typescript();
  if (ts.isImportDeclaration(statement))
    return importedNames(statement).flatMap(({ name, isTypeOnly }) => (isTypeOnly ? [] : [name]));
  if (ts.isImportEqualsDeclaration(statement)) return statement.isTypeOnly ? [] : [statement.name];
  const isNamed =
    ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement);
  return isNamed && statement.name && ts.isIdentifier(statement.name) ? [statement.name] : [];
}

function share(
  properties: readonly ts.ObjectLiteralElementLike[],
  { factory }: ts.TransformationContext,
): ts.Statement[] {
  if (properties.length === 0) return [];
  const shared = factory.createObjectLiteralExpression(properties);
  const call = factory.createCallExpression(factory.createIdentifier(SHARE), undefined, [shared]);
  return [factory.createExpressionStatement(call)];
}

/** `x: x`, whose value TypeScript turns into `convlab_1.x` if the original node was an import. */
function valueOf(name: ts.Identifier, { factory }: ts.TransformationContext): ts.PropertyAssignment {
  const value = factory.createIdentifier(name.text);
  typescript().setOriginalNode(value, name);
  return factory.createPropertyAssignment(name.text, value);
}

/** `get x() { return x; }, set x(value) { x = value; }` */
function liveAccess(name: string, { factory }: ts.TransformationContext): ts.AccessorDeclaration[] {
  const variable = () => factory.createIdentifier(name);
  // The setter's parameter must not have the variable's name.
  const value = `${name}_value`;
  const assigned = factory.createAssignment(variable(), factory.createIdentifier(value));
  return [
    factory.createGetAccessorDeclaration(
      undefined,
      name,
      [],
      undefined,
      factory.createBlock([factory.createReturnStatement(variable())]),
    ),
    factory.createSetAccessorDeclaration(
      undefined,
      name,
      [factory.createParameterDeclaration(undefined, undefined, value)],
      factory.createBlock([factory.createExpressionStatement(assigned)]),
    ),
  ];
}

function boundNames(list: ts.VariableDeclarationList): ts.Identifier[] {
  const ts = typescript();
  const names = (name: ts.BindingName): ts.Identifier[] =>
    ts.isIdentifier(name)
      ? [name]
      : name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : names(element.name)));
  return list.declarations.flatMap(({ name }) => names(name));
}

/** Whether the name exists at run time. */
function isValue(name: ts.Identifier, checker: ts.TypeChecker): boolean {
  const { SymbolFlags } = typescript();
  const symbol = checker.getSymbolAtLocation(name);
  if (!symbol) return false;
  const flags = flagsOf(symbol, checker);
  // Nothing is known about a package without types: assume that the name is a value.
  if ((flags & (SymbolFlags.Value | SymbolFlags.Type | SymbolFlags.Namespace)) === 0) return true;
  return (flags & SymbolFlags.Value & ~SymbolFlags.ConstEnum) !== 0;
}

/** `declare const …`: asserts that the variable exists, and produces no code. */
function isAmbient(statement: ts.Statement): boolean {
  const ts = typescript();
  const { modifiers } = statement as { modifiers?: ts.NodeArray<ts.ModifierLike> };
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true;
}
