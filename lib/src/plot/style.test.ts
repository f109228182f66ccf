import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textWidth, wrap } from './style';

test('long words are wrapped to the width given', () => {
  const wrapped = wrap('a title of several words that is too long', 15, 120).split('<br>');
  assert.ok(wrapped.length > 1 && wrapped.every((line) => textWidth(line, 15) <= 120));
});
