import { mock, test } from 'node:test';
import assert from 'node:assert/strict';
import { assertForDigits } from './assertForDigits';

test('a claim about digits must hold for MNIST; for other data it is only reported', () => {
  const log = mock.method(console, 'log', () => undefined);
  try {
    assertForDigits('mnist', true);
    assertForDigits('fashion', true);
    assert.throws(() => assertForDigits('mnist', false), assert.AssertionError);
    assert.equal(log.mock.callCount(), 0);
    assertForDigits('fashion', false);
    assert.match(String(log.mock.calls[0].arguments[0]), /not so in Fashion-MNIST/);
  } finally {
    log.mock.restore();
  }
});
