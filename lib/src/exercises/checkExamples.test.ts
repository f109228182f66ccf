/** `checkExamples`: which answers are right, what is said of the others, and which examples are refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ndarray } from '../ndarray';
import { checkExamples } from '.';

/** Each answer is right where it is expected. */
const answers: readonly unknown[] = [
  ...['A', '', true, false, null, 3, NaN, -Infinity],
  ...[['a', 'b'], [], [[]], [true, null, 'x', 2], [[1, 2], [3]], [['a'], []], [{ a: 1 }, { a: 2 }]], // prettier-ignore
  ...[{}, { name: 'a', count: 2 }, { a: { b: { c: [1, 'x'] } } }, { shape: 'round', data: 'none' }],
  ...[[[1, 2], [3, 4]], Float32Array.of(1, 2), ndarray([[1], [2]]), { y: ndarray([1, 2]), loss: 0.5 }], // prettier-ignore
];

/** The function that returns `given`, whatever it is called with. */
function always(given: unknown): (input: unknown) => unknown {
  return () => given;
}

/** The message on a function that returns `given` where `expected` is right. */
function told(given: unknown, expected: unknown): string {
  return checkExamples(always(given), [[[1], expected]]).message;
}

test('each kind of answer is right where it is expected, and no other', () => {
  for (const [i, expected] of answers.entries()) {
    for (const [j, given] of answers.entries()) {
      const { passed } = checkExamples(always(given), [[[1], expected]]);
      assert.equal(passed, i === j, `${JSON.stringify(given)} for ${JSON.stringify(expected)}`);
    }
  }
});

test('numbers within lists and objects may differ in the last digits', () => {
  const third = 1 / 3 + 1e-9;
  assert.match(told({ a: ['x', third], b: [[third], []] }, { a: ['x', 1 / 3], b: [[1 / 3], []] }), /^Right/);
  assert.match(told({ y: [1, 2], z: 'a' }, { y: ndarray([1, 2]), z: 'a' }), /^Right/);
});

test('what differs is named, with where it is', () => {
  for (const [given, expected, message] of [
    ['a', 'A', "With the input 1, the result is 'a', expected 'A'."],
    [true, false, 'With the input 1, the result is true, expected false.'],
    [1, true, 'With the input 1, the result is 1, expected true.'],
    ['1', 1, "With the input 1, the result is '1', expected a number."],
    [3, null, 'With the input 1, the result is 3, expected null.'],
    ['ab', ['a', 'b'], "With the input 1, the result is 'ab', expected a list."],
    [['a'], ['a', 'b'], 'With the input 1, the result has a length of 1, expected 2.'],
    [['a', 'c'], ['a', 'b'], "With the input 1, the result[1] is 'c', expected 'b'."],
    [[[1, 2], [4]], [[1, 2], [3]], 'With the input 1, the result[1] is 4, expected 3: 1 too large.'],
    [{ a: { b: 'x' } }, { a: { b: 'y' } }, "With the input 1, `a.b` is 'x', expected 'y'."],
    [{ a: 1 }, { a: 1, b: 'x' }, 'With the input 1, the result has no b; it has a, expected { a, b }.'],
    [{ a: 1, b: 2 }, { a: 1 }, 'With the input 1, the result has a field too many, `b`, expected { a }.'],
    [{ n: { a: 1, b: 2, c: 3 } }, { n: { a: 1 } }, '`n` has 2 fields too many, `b` and `c`, expected { a }.'],
    [new Map(), {}, 'With the input 1, the result is an object of class Map, expected an object {}.'],
    [
      `${'a'.repeat(70)}b`,
      `${'a'.repeat(70)}c`,
      "the result differs from character 70 on: 'b', expected 'c'.",
    ],
  ] as const) {
    assert.ok(told(given, expected).includes(message), `${told(given, expected)} for ${message}`);
  }
});

test('what failed is found in the result of the call', () => {
  assert.match(told('a', 'A'), /; what failed was called with `checkExamples\(…\)\.cases\[0\]\.args`\.$/);
  assert.match(
    checkExamples(3 as never, [[[1], 1]]).message,
    /a function: checkExamples\(name, …\), without/,
  );
});

test('an expected answer that cannot be compared is refused, by what it is', () => {
  const expected = 'expected a number, a string, true, false, null, or a list or an object of these';
  for (const [answer, given] of [
    [new Map([[1, 2]]), '[1] is an object of class Map'],
    [new Set([1]), '[1] is an object of class Set'],
    [new Date(0), '[1] is an object of class Date'],
    [Promise.resolve(1), '[1] is an object of class Promise'],
    [Math.max, '[1] is a function'],
    [3n, '[1] is 3n'],
    [undefined, '[1] is undefined'],
    [{ a: ['x', 3n] }, '[1].a[1] is 3n'],
  ] as const) {
    assert.throws(() => told(answer, answer), {
      name: 'TypeError',
      message: `checkExamples: examples[0]${given}, ${expected}`,
    });
  }
});

test('data that hold themselves are refused', () => {
  const ring: unknown[] = [];
  ring.push(ring);
  const message = (half: number): string =>
    `checkExamples: examples[0][${half}] holds itself, expected data that can be copied`;
  assert.throws(() => checkExamples(always(1), [[[ring], 1]]), {
    name: 'TypeError',
    message: message(0),
  });
  assert.throws(() => told(1, ring), { name: 'TypeError', message: message(1) });
  assert.throws(() => checkExamples(Math.max, [3 as never]), {
    message: 'checkExamples: examples[0] is 3, expected [arguments, answer]',
  });
});

test('bigints, Maps and Dates are good arguments', () => {
  assert.equal(checkExamples((n: bigint) => Number(n) + 1, [[[3n], 4]]).passed, true);
  assert.equal(checkExamples((map: Map<string, number>) => map.get('a') ?? 0, [[[new Map([['a', 5]])], 5]]).passed, true); // prettier-ignore
  assert.equal(checkExamples((day: Date) => day.getTime(), [[[new Date(7)], 7]]).passed, true);
});
