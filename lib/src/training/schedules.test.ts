import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constant, cosine, oneCycle, step, type Schedule } from './schedules';

function rates(schedule: Schedule, steps: number, stepsPerEpoch = steps): number[] {
  return Array.from({ length: steps }, (_, i) => schedule({ step: i, steps, stepsPerEpoch }));
}

function assertClose(found: readonly number[], expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) =>
    assert.ok(Math.abs(value - expected[i]) < 1e-12, `step ${i}: ${value}, not ${expected[i]}`),
  );
}

test('constant and step, by hand', () => {
  assert.deepEqual(rates(constant(0.5), 3), [0.5, 0.5, 0.5]);
  assert.deepEqual(rates(step(8, { every: 2, factor: 0.5 }), 10, 2), [8, 8, 8, 8, 4, 4, 4, 4, 2, 2]);
});

test("oneCycle has PyTorch 2.13's values", () => {
  assertClose(
    rates(oneCycle(0.005), 10),
    [
      0.0002, 0.0026, 0.005, 0.004752423160067369, 0.0040587282697488155, 0.0030563101096814462,
      0.001943709890318554, 0.000941291730251185, 0.0002475968399326314, 2e-8,
    ],
  );
  assertClose(
    rates(oneCycle(1, { rising: 0.5, startDivisor: 10, finalDivisor: 100 }), 7),
    [
      0.1, 0.41094235253127365, 0.9140576474687263, 0.9505339495172583, 0.611649206511179,
      0.18906684397156262, 0.001,
    ],
  );
});

test("cosine has the values of PyTorch 2.13's CosineAnnealingLR", () => {
  assertClose(
    rates(cosine(0.1, { final: 0.01 }), 8),
    [
      0.1, 0.0965745789630079, 0.08681980515339463, 0.07222075445642905, 0.055, 0.03777924554357096,
      0.023180194846605363, 0.013425421036992097,
    ],
  );
});

test('a schedule of a single step, and invalid rates', () => {
  assert.deepEqual(rates(oneCycle(1), 1), [1 / 25 / 1e4]);
  assert.throws(() => cosine(-1), {
    message: 'schedules.cosine: rate is -1, expected a number of at least 0',
  });
  assert.throws(() => oneCycle(1, { rising: 2 }), {
    message: 'schedules.oneCycle: rising is 2, expected a number from 0 to 1',
  });
  assert.throws(() => step(1, { every: 0, factor: 1 }), {
    message: 'schedules.step: every is 0, expected a whole number of at least 1',
  });
});
