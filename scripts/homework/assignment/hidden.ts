/**
 * The hidden tests of a test cell: what they state is found by running them, here, in the teacher's own process. The
 * wrong answers are also needed as source, which is taken from the syntax tree.
 */
import type { HiddenTests, NetworkLimits } from 'convlab';
import type { Exercise } from 'convlab/dist/exercises/exercise';
import { hiddenExercise, wrongAnswers } from 'convlab/dist/exercises/homework/hiddenTests';
import ts from 'typescript';
import { parseCell } from './names';
import { insideOf } from './regions';
import { runCode } from './runCode';
import type { SourceCell } from './source';

export interface HiddenCall {
  /** The name that is asked. */
  readonly answer: string;
  /** The hidden region. */
  readonly code: string;
  /** The source of each wrong answer that is a function. */
  readonly wrong: readonly string[];
}

const expected = `a call hiddenTests(name, { … }) between // BEGIN HIDDEN TESTS and // END HIDDEN TESTS`;

/** @throws Error, half a sentence */
export function hiddenCallOf(source: string): HiddenCall {
  const code = insideOf(source, 'HIDDEN TESTS');
  const file = parseCell(code);
  const calls = file.statements.flatMap((statement) =>
    ts.isExpressionStatement(statement) &&
    ts.isCallExpression(statement.expression) &&
    statement.expression.expression.getText() === 'hiddenTests'
      ? [statement.expression]
      : [],
  );
  if (calls.length !== 1) throw new Error(`has ${calls.length || 'no'} hidden tests, expected ${expected}`);
  const [answer, tests] = calls[0].arguments;
  if (!answer || !ts.isIdentifier(answer)) {
    throw new Error(
      `asks hiddenTests of ${answer?.getText() ?? 'nothing'}, expected the name of a function or a value`,
    );
  }
  if (!tests || !ts.isObjectLiteralExpression(tests))
    throw new Error(`calls hiddenTests without { … }, expected ${expected}`);
  const mistakes = elementsOf(tests, 'mistakes').map((mistake) => {
    const wrong = ts.isObjectLiteralExpression(mistake) ? propertyOf(mistake, 'wrong') : undefined;
    if (wrong) return wrong.getText();
    throw new Error(`has the mistake ${mistake.getText()}, expected { hint: '…', wrong: … }`);
  });
  const wrong = [...mistakes, ...elementsOf(tests, 'wrong').map((element) => element.getText())];
  return { answer: answer.text, code, wrong };
}

function elementsOf(object: ts.ObjectLiteralExpression, name: string): readonly ts.Expression[] {
  const list = propertyOf(object, name);
  if (list === undefined) return [];
  if (ts.isArrayLiteralExpression(list)) return list.elements;
  throw new Error(
    `has hidden tests whose ${name} is ${list.getText().slice(0, 60)}, expected a list written out, [ … ]`,
  );
}

function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const property of object.properties) {
    if (property.name?.getText() !== name) continue;
    if (ts.isPropertyAssignment(property)) return property.initializer;
    throw new Error(`has hidden tests with '${property.getText().slice(0, 60)}', expected '${name}: …'`);
  }
  return undefined;
}

export interface StatedTests {
  /** Undefined for a network. */
  readonly exercise?: Exercise;
  readonly network?: NetworkLimits;
  readonly forbidden: readonly string[];
  /** Wrong answers that are values, whole: with the right ones for what they do not name. */
  readonly wrongValues: readonly unknown[];
}

/**
 * Runs the program that the answer needs and then the hidden tests.
 *
 * @throws whatever the code throws, and Error when the tests are not usable
 */
export async function statedTests(
  { code }: HiddenCall,
  program: readonly SourceCell[],
): Promise<StatedTests> {
  let stated: { answer: unknown; tests: HiddenTests<unknown> } | undefined;
  const hiddenTests = (answer: unknown, tests: HiddenTests<unknown>): void => {
    stated = { answer, tests };
  };
  await runCode([...program.map(({ source }) => source), code].join('\n'), { hiddenTests });
  if (stated === undefined) throw new Error(`has hidden tests that do not run, expected ${expected}`);
  const { answer, tests } = stated;
  const { network, forbidden = [] } = tests;
  if (network !== undefined) return { network, forbidden, wrongValues: [] };
  const exercise = hiddenExercise(answer, tests);
  const wrongValues = exercise.kind === 'function' ? [] : wrongAnswers(answer, tests, exercise);
  return { exercise, forbidden, wrongValues };
}
