import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textWidth, wrap } from './text';

test('long titles are wrapped to the given width', () => {
  const wrapped = wrap('a title of several words that is too long', 15, 120).split('\n');
  assert.ok(wrapped.length > 1 && wrapped.every((line) => textWidth(line, 15) <= 120));
});

test('a text is as wide as in the widest typeface of the family, whatever is installed here', () => {
  // Advance widths in their fonts' own units: Helvetica's are in thousandths (Adobe's font metrics), DejaVu's in
  // 2048ths.
  const helvetica = 722 + 556 + 222 + 222 + 556;
  const dejaVu = ((1540 + 1260 + 569 + 569 + 1253) * 1000) / 2048;
  const width = textWidth('Hello', 1000);
  assert.ok(width >= helvetica && width >= dejaVu && width < dejaVu * 1.005, `${width}`);
  assert.equal(textWidth('Hello\nH', 10), width / 100);
  // DejaVu's J is narrower than Helvetica's.
  assert.equal(textWidth('J', 1000), 500);
  assert.ok(textWidth('∞ − ×', 1000) > 1000, 'not only ASCII');
});
