/**
 * How `await` at the top level of a cell is compiled: to `yield`, of what is awaited, and of its line and column. The
 * kernel resumes the cell after each, and so can stop it at each.
 */
import { typescript, type ts } from './typescript';

/** What a cell yields: the awaited value, and the line and column of its `await`, from 1. */
export type Pause = readonly [awaited: unknown, line: number, column: number];

/** A parameter of a compiled cell: `stepsOf`, for `for await`. */
export const STEPS = '__convlab_steps';

/** Whether anything awaits at the top level of a cell. */
export function awaits(node: ts.Node): boolean {
  const ts = typescript();
  if (ts.isAwaitExpression(node) || isForAwait(node)) return true;
  const outside = opensFunction(node) ? computedNameOf(node) : node;
  return outside !== undefined && ts.forEachChild(outside, awaits) === true;
}

/** A statement of a cell, with `yield` instead of `await`. */
export function yielding(
  top: ts.Statement,
  file: ts.SourceFile,
  context: ts.TransformationContext,
): ts.Statement {
  const ts = typescript();
  const { factory } = context;
  const visit = (node: ts.Node): ts.Node => {
    if (opensFunction(node)) {
      const name = computedNameOf(node);
      const visitName = (child: ts.Node) => (child === name ? visit(child) : child);
      return name ? ts.visitEachChild(node, visitName, context) : node;
    }
    if (ts.isAwaitExpression(node)) {
      const awaited = ts.visitNode(node.expression, visit) as ts.Expression;
      return ts.setTextRange(pause(awaited, node), node);
    }
    const loop = unlabelled(node);
    return isForAwait(loop) ? steps(loop, node as ts.Statement) : ts.visitEachChild(node, visit, context);
  };

  const pause = (awaited: ts.Expression, at: ts.Node): ts.Expression => {
    const { line, character } = file.getLineAndCharacterOfPosition(at.getStart(file));
    const place = [line + 1, character + 1].map((count) => factory.createNumericLiteral(count));
    const yielded = factory.createArrayLiteralExpression([awaited, ...place]);
    return factory.createParenthesizedExpression(factory.createYieldExpression(undefined, yielded));
  };

  /**
   * `for await (const x of xs) body` becomes a loop whose steps the cell awaits itself. Labels stay with the loop, and
   * however the body leaves it, the iterator is closed.
   *
   *     const steps = __convlab_steps(xs);
   *     try {
   *       for (const next of steps) { const step = yield next(); if (step.done) break; const x = step.value; body }
   *     } catch (error) { steps.failed(); throw error; }
   *     finally { if (steps.isClosing()) yield steps.closed(); }
   */
  const steps = (loop: ts.ForOfStatement, labelled: ts.Statement): ts.Statement => {
    const [all, next, step, error] = ['steps', 'next', 'step', 'error'].map((name) =>
      factory.createUniqueName(name),
    );
    const called = (callee: ts.Expression) => factory.createCallExpression(callee, undefined, []);
    const property = (name: string) => factory.createPropertyAccessExpression(step, name);
    const variable = (name: ts.Identifier, value?: ts.Expression) =>
      factory.createVariableDeclarationList(
        [factory.createVariableDeclaration(name, undefined, undefined, value)],
        ts.NodeFlags.Const,
      );
    const declared = (name: ts.Identifier, value: ts.Expression) =>
      factory.createVariableStatement(undefined, variable(name, value));
    const iterable = factory.createCallExpression(factory.createIdentifier(STEPS), undefined, [
      ts.visitNode(loop.expression, visit) as ts.Expression,
    ]);
    const stepping = factory.createForOfStatement(
      undefined,
      variable(next),
      all,
      factory.createBlock([
        declared(step, pause(called(next), loop.expression)),
        factory.createIfStatement(property('done'), factory.createBreakStatement()),
        assigned(ts.visitNode(loop.initializer, visit) as ts.ForInitializer, property('value')),
        ts.visitNode(loop.statement, visit) as ts.Statement,
      ]),
    );
    const ofAll = (method: string) => called(factory.createPropertyAccessExpression(all, method));
    const waiting = factory.createExpressionStatement(pause(ofAll('closed'), loop.expression));
    return factory.createBlock([
      declared(all, ts.setTextRange(iterable, loop.expression)),
      factory.createTryStatement(
        factory.createBlock([withLabels(labelled, stepping)]),
        factory.createCatchClause(
          factory.createVariableDeclaration(error),
          factory.createBlock([
            factory.createExpressionStatement(ofAll('failed')),
            factory.createThrowStatement(error),
          ]),
        ),
        factory.createBlock([factory.createIfStatement(ofAll('isClosing'), waiting)]),
      ),
    ]);
  };

  const assigned = (target: ts.ForInitializer, value: ts.Expression): ts.Statement => {
    if (!ts.isVariableDeclarationList(target))
      return factory.createExpressionStatement(factory.createAssignment(target, value));
    const [{ name }] = target.declarations;
    const declaration = factory.createVariableDeclaration(name, undefined, undefined, value);
    return factory.createVariableStatement(
      undefined,
      factory.createVariableDeclarationList([declaration], target.flags),
    );
  };

  const withLabels = (labelled: ts.Statement, loop: ts.Statement): ts.Statement =>
    ts.isLabeledStatement(labelled)
      ? factory.createLabeledStatement(labelled.label, withLabels(labelled.statement, loop))
      : loop;

  return ts.visitNode(top, visit) as ts.Statement;
}

/** Whether an `await` inside it would belong to it, not to the cell. */
function opensFunction(node: ts.Node): boolean {
  const ts = typescript();
  return ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node);
}

/** `[await key]` of a method: this `await` is outside of the function. */
function computedNameOf(node: ts.Node): ts.Node | undefined {
  const { name } = node as { name?: ts.Node };
  return name && typescript().isComputedPropertyName(name) ? name : undefined;
}

function isForAwait(node: ts.Node): node is ts.ForOfStatement {
  return typescript().isForOfStatement(node) && node.awaitModifier !== undefined;
}

function unlabelled(node: ts.Node): ts.Node {
  return typescript().isLabeledStatement(node) ? unlabelled(node.statement) : node;
}
