/**
 * Finds what a question asks to do without, on the syntax tree. `conv2d` means the function of that name, wherever it
 * comes from; `Math.max` that member of that object.
 *
 * A name can also be reached in ways that no reading of the program can follow. Those are refused as well: to use all of
 * a module otherwise than by `module.name`, and to run text as code. In the student's process neither leads anywhere
 * (../../sandbox/inside/room.ts): what is found here is what gets a message.
 */
import ts from 'typescript';
import { importedBindings, isDeclaredAt, isReference, lineOf, nodesOf } from './syntax';

/**
 * @param ownNames names that the student's cells declare: to write `conv2d` oneself is allowed
 * @param namespaces names that stand for whole modules, imported in other cells
 * @returns the first thing found, as a sentence; undefined if there is none
 */
export function findForbidden(
  file: ts.SourceFile,
  forbidden: readonly string[],
  ownNames: ReadonlySet<string>,
  namespaces: readonly string[],
): string | undefined {
  if (forbidden.length === 0) return undefined;
  const simple = new Set(forbidden.filter((name) => !name.includes('.')));
  const members = new Set(forbidden);
  const imports = file.statements.filter(ts.isImportDeclaration).flatMap(importedBindings);
  const whole = new Set([
    ...namespaces,
    ...imports.flatMap(({ name, local }) => (name === '*' ? [local] : [])),
    ...forbidden.flatMap((name) => (name.includes('.') ? [name.slice(0, name.lastIndexOf('.'))] : [])),
  ]);
  const isForbiddenMember = (object: ts.Node | undefined, name: string): boolean =>
    simple.has(name) || (object !== undefined && members.has(`${lastName(object)}.${name}`));
  const uses = (node: ts.Node, name: string): string =>
    `Line ${lineOf(node)} uses \`${name}\`, which this question asks you to do without.`;

  for (const { name, node } of imports) {
    if (forbidden.some((each) => each.slice(each.lastIndexOf('.') + 1) === name)) return uses(node, name);
  }
  for (const node of nodesOf(file)) {
    if (ts.isPropertyAccessExpression(node) && isForbiddenMember(node.expression, node.name.text)) {
      return uses(node, shown(node));
    }
    if (ts.isElementAccessExpression(node)) {
      const key = constantText(node.argumentExpression);
      if (key !== undefined && isForbiddenMember(node.expression, key)) return uses(node, shown(node));
      if (key === 'constructor') return runsText(node, shown(node));
    }
    if (ts.isObjectBindingPattern(node)) {
      for (const { propertyName, name } of node.elements) {
        const key = propertyKey(propertyName ?? name);
        if (key !== undefined && isForbiddenMember(initializerOf(node), key)) return uses(node, key);
      }
    }
    const runner = textRunner(node);
    if (runner !== undefined) return runsText(node, runner);
    if (!ts.isIdentifier(node) || !isReference(node)) continue;
    const { text } = node;
    if (simple.has(text) && !ownNames.has(text) && !isDeclaredAt(node, text)) return uses(node, text);
    if (whole.has(text) && !isMemberAccess(node) && !isImported(node)) {
      return `Line ${lineOf(node)} uses \`${text}\` as a whole. This question asks you to do without some of it: write \`${text}.name\` for what you need.`;
    }
  }
  return undefined;
}

/** `tf.conv2d` and `tf['conv2d']`, but not `tf[name]`. */
function isMemberAccess(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isElementAccessExpression(parent)) {
    return parent.expression === node && constantText(parent.argumentExpression) !== undefined;
  }
  // `const { relu } = tf`: its keys are looked at.
  return (
    ts.isVariableDeclaration(parent) &&
    parent.initializer === node &&
    ts.isObjectBindingPattern(parent.name) &&
    parent.name.elements.every(
      ({ propertyName, name, dotDotDotToken }) =>
        dotDotDotToken === undefined && propertyKey(propertyName ?? name) !== undefined,
    )
  );
}

function isImported(node: ts.Identifier): boolean {
  return ts.isImportClause(node.parent) || ts.isNamespaceImport(node.parent);
}

function runsText(node: ts.Node, name: string): string {
  return `Line ${lineOf(node)} uses \`${name}\`: in this question code cannot be run from text or loaded.`;
}

/** How text becomes code, and how a module is loaded, otherwise than by `import … from`. */
function textRunner(node: ts.Node): string | undefined {
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return 'import()';
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'constructor') return shown(node);
  if (node.kind === ts.SyntaxKind.ThisKeyword && isGlobalThis(node)) return 'this';
  if (ts.isIdentifier(node) && isReference(node) && !isDeclaredAt(node, node.text)) {
    return ['eval', 'Function', 'require', 'globalThis'].find((name) => name === node.text);
  }
  return undefined;
}

/** Whether `this` is the global object: outside of functions that have one of their own, and of classes. */
function isGlobalThis(node: ts.Node): boolean {
  for (let { parent } = node; parent !== undefined; parent = parent.parent) {
    if (ts.isClassLike(parent) || (ts.isFunctionLike(parent) && !ts.isArrowFunction(parent))) return false;
  }
  return true;
}

/** The text of `'conv' + "2d"` and the like; undefined for what is only known when it runs. */
function constantText(node: ts.Expression): string | undefined {
  // Sums lean to the left, and may be long.
  let text = '';
  for (;;) {
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) node = node.expression;
    else if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return node.text + text;
    else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
      const right = constantText(node.right);
      if (right === undefined) return undefined;
      text = right + text;
      node = node.left;
    } else return undefined;
  }
}

function propertyKey(name: ts.PropertyName | ts.BindingName): string | undefined {
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) return name.text;
  return ts.isComputedPropertyName(name) ? constantText(name.expression) : undefined;
}

function initializerOf(pattern: ts.ObjectBindingPattern): ts.Node | undefined {
  return ts.isVariableDeclaration(pattern.parent) ? pattern.parent.initializer : undefined;
}

function shown(node: ts.Node): string {
  const text = node.getText().replace(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** `tf` of `tf`, of `lib.tf` and of `lib['tf']`. */
function lastName(node: ts.Node): string {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isElementAccessExpression(node)) return constantText(node.argumentExpression) ?? '';
  return ts.isPropertyAccessExpression(node) ? node.name.text : '';
}
