/**
 * Every exercise: its right answer passes, its stub is "not written yet", each recorded mistake is caught and gets its
 * own hint, and no two mistakes of one exercise give the same answers.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '.';
import { sameParts } from './answers';
import { notWritten } from './exercise';
import { questionsOf } from './judge';
import { outcomeOf } from './outcome';
import { exercises } from './table';

for (const [id, exercise] of Object.entries(exercises)) {
  if (exercise.kind === 'value') {
    const names = Object.keys(exercise.quantities);
    const answerWith = (changes: Readonly<Record<string, unknown>>): unknown => {
      const given = Object.fromEntries(
        names.map((name) => [name, exercise.quantities[name].answer as unknown]),
      );
      return names[0] === '' ? (changes[''] ?? given['']) : { ...given, ...changes };
    };

    test(`${id} ${exercise.title}: the right values pass`, () => {
      const result = check(id, answerWith({}));
      assert.deepEqual([result.passed, result.state], [true, 'passed'], result.message);
    });

    test(`${id} ${exercise.title}: each wrong value gets its hint and does not give the right one away`, () => {
      for (const [name, { answer, mistakes }] of Object.entries(exercise.quantities)) {
        for (const { answer: wrong, hint } of mistakes) {
          const result = check(id, answerWith({ [name]: wrong }));
          assert.equal(result.passed, false, `${name}: ${String(wrong)} passes`);
          assert.equal(result.hint, hint, `${name}: ${String(wrong)}`);
        }
        if (typeof answer === 'number') {
          const result = check(id, answerWith({ [name]: answer * 1.37 + 0.5 }));
          assert.match(result.message, /too large|too small|sign/);
        }
      }
    });

    test(`${id} ${exercise.title}: nothing entered yet`, () => {
      assert.equal(check(id, undefined).message, 'Not written yet.');
      const entered =
        names[0] === '' ? undefined : Object.fromEntries(names.map((name) => [name, undefined]));
      assert.equal(check(id, entered).state, 'not written');
    });
    continue;
  }

  test(`${id} ${exercise.title}: the right function passes, and passes again`, () => {
    const [first, second] = [check(id, exercise.right), check(id, exercise.right)];
    assert.equal(first.passed, true, first.message);
    assert.match(first.message, /^Right in \d+ cases, among them /);
    assert.equal(first.message, second.message);
  });

  test(`${id} ${exercise.title}: each mistake is caught and gets its own hint`, () => {
    assert.ok(exercise.mistakes.length >= 4);
    for (const { hint, wrong } of exercise.mistakes) {
      const result = check(id, wrong);
      assert.equal(result.passed, false, `passes: ${hint}`);
      assert.equal(result.hint, hint, result.message);
    }
  });

  test(`${id} ${exercise.title}: no hint says what else is right, which it need not be`, () => {
    for (const { hint } of exercise.mistakes) assert.doesNotMatch(hint, /^[^.:]+ (is|are) right\./);
  });

  test(`${id} ${exercise.title}: no two mistakes are the same function on the inputs`, () => {
    const questions = questionsOf(exercise);
    const answers = exercise.mistakes.map(({ hint, wrong }) => ({
      hint,
      outcomes: questions.map(({ args, expected }) => outcomeOf(wrong, args, expected)),
    }));
    answers.forEach((one, i) => {
      for (const other of answers.slice(0, i)) {
        const same = one.outcomes.every((outcome, k) => {
          const another = other.outcomes[k];
          return 'parts' in outcome && 'parts' in another && sameParts(outcome.parts, another.parts);
        });
        assert.ok(!same, `${one.hint} | ${other.hint}`);
      }
    });
  });

  test(`${id} ${exercise.title}: the stub is not written yet`, () => {
    const result = check(id, () => {
      throw new Error(notWritten);
    });
    assert.deepEqual(
      [result.passed, result.state, result.message],
      [false, 'not written', 'Not written yet.'],
    );
  });
}
