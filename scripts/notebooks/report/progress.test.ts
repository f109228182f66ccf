import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveScreen } from './exampleScreen';
import { fit, liveLines } from './progress';

test('printed lines scroll above the live ones, which are replaced', () => {
  let written = '';
  const live = liveLines(
    (text) => (written += text),
    () => 80,
  );
  live.show(['worker 1: a', 'worker 2: b']);
  live.print('a passed');
  live.show(['worker 2: b']);
  live.print('b passed\n  in two lines');
  assert.deepEqual(resolveScreen(written), ['a passed', 'b passed', '  in two lines', 'worker 2: b', '']);
  live.show([]);
  assert.deepEqual(resolveScreen(written), ['a passed', 'b passed', '  in two lines', '']);
});

test('a live line never fills the width, so it never wraps', () => {
  assert.equal(fit('abcdef', 7), 'abcdef');
  assert.equal(fit('abcdefg', 7), 'abcde…');
  assert.equal(fit('日本語テキスト', 8), '日本…');
  assert.equal(fit('3×3 → ✓', 8), '3×3 → ✓');
});
