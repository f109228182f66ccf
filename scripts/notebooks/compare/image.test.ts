import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import { compareBytes, comparePng } from './image';

/** A picture of 100 × 100 pixels in base64, `colour` by position. */
function picture(colour: (x: number, y: number) => readonly [number, number, number], width = 100): string {
  const png = new PNG({ width, height: 100 });
  for (let y = 0; y < 100; y++)
    for (let x = 0; x < width; x++) png.data.set([...colour(x, y), 255], (y * width + x) * 4);
  return PNG.sync.write(png).toString('base64');
}

const white = picture(() => [255, 255, 255]);

test('an invisible change of shade is not a difference, a square of 5 × 5 pixels is', () => {
  assert.equal(
    comparePng(
      white,
      picture(() => [253, 254, 255]),
    ),
    undefined,
  );
  const marked = picture((x, y) => (x < 5 && y < 5 ? [0, 0, 0] : [255, 255, 255]));
  assert.equal(comparePng(white, marked)?.message, 'picture: 25 of 10000 pixels differ (0.25 %)');
});

test('a picture of another size differs, and is shown by its hash', () => {
  const { message } = comparePng(
    white,
    picture(() => [255, 255, 255], 99),
  ) ?? { message: '' };
  assert.match(
    message,
    /^picture: 100 × 100, \d+ bytes, sha256 [0-9a-f]{12} → 99 × 100, \d+ bytes, sha256 [0-9a-f]{12}$/,
  );
});

test('bytes that are not a picture have to be equal; line breaks in base64 do not matter', () => {
  const [a, b] = ['first', 'other'].map((text) => Buffer.from(text).toString('base64'));
  assert.equal(compareBytes(a, `${a.slice(0, 4)}\n${a.slice(4)}\n`), undefined);
  assert.match(comparePng(a, b)?.message ?? '', /^bytes: 5 bytes, sha256 .* → 5 bytes, sha256 /);
});
