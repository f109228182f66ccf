import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cosTurns, exp, log, power, sinTurns } from './elementary';
import { random } from './random';

/** Units in the last place between two numbers. */
function units(a: number, b: number): number {
  if (a === b) return 0;
  return Math.abs(a - b) / Math.max(2 ** (Math.floor(Math.log2(Math.abs(b))) - 52), Number.MIN_VALUE);
}

const generator = random(3);
const numbers = (lowest: number, highest: number): number[] =>
  Array.from({ length: 20_000 }, () => lowest + (highest - lowest) * generator.uniform());

// On every machine Math's functions are right to about one unit, as are ours, so they agree within three.
test('exp is e to the x', () => {
  for (const x of [...numbers(-700, 700), ...numbers(-1, 1)])
    assert.ok(units(exp(x), Math.exp(x)) <= 3, `${x}`);
  assert.deepEqual([exp(0), exp(-1000), exp(1000), exp(NaN), exp(-Infinity)], [1, 0, Infinity, NaN, 0]);
});

test('log is the natural logarithm', () => {
  for (const x of [...numbers(0, 2), ...numbers(0, 1e9), 5e-324, 1e-310, 2 ** -1022, 1.7e308]) {
    assert.ok(units(log(x), Math.log(x)) <= 3, `${x}`);
  }
  assert.deepEqual([log(1), log(0), log(-1), log(NaN), log(Infinity)], [0, -Infinity, NaN, NaN, Infinity]);
});

test('cosTurns and sinTurns are the cosine and sine of a fraction of a turn', () => {
  for (const t of numbers(-3, 3)) {
    // The angle passed to Math is itself rounded.
    assert.ok(Math.abs(cosTurns(t) - Math.cos(2 * Math.PI * t)) < 4e-15, `${t}`);
    assert.ok(Math.abs(sinTurns(t) - Math.sin(2 * Math.PI * t)) < 4e-15, `${t}`);
    assert.ok(Math.abs(cosTurns(t) ** 2 + sinTurns(t) ** 2 - 1) < 1e-15, `${t}`);
  }
  assert.deepEqual([0, 0.25, 0.5, 0.75, 1, -0.25].map(cosTurns).map(Math.abs), [1, 0, 1, 0, 1, 0]);
  assert.deepEqual([0.25, 0.75, 1.25, -0.25].map(sinTurns), [1, -1, 1, -1]);
  assert.ok(units(cosTurns(1 / 6), 0.5) <= 2);
});

test('power multiplies', () => {
  assert.deepEqual(
    [power(3, 0), power(3, 1), power(3, 5), power(0.5, 10), power(0, 0)],
    [1, 3, 243, 2 ** -10, 1],
  );
  assert.ok(units(power(0.999, 1000), 0.999 ** 1000) < 2000);
});

test('these are the bits on every machine', () => {
  const values = [exp(1), exp(-0.3), log(10), log(0.7), cosTurns(0.1), sinTurns(0.3), power(0.9, 20)];
  assert.deepEqual(
    values,
    [
      2.7182818284590455, 0.7408182206817179, 2.302585092994046, -0.3566749439387324, 0.8090169943749475,
      0.9510565162951536, 0.1215766545905694,
    ],
  );
});
