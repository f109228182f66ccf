/** The steppers' still pictures, and what of their options is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convolutionStepper, poolingStepper } from '.';
import type { Widget } from '.';
import { ndarray } from '../ndarray';

const image = [[-1, -2], [-3, -4]]; // prettier-ignore

/** The texts of the picture, in reading order. */
function drawn(widget: Widget): string[] {
  const display = (widget as unknown as Record<symbol, () => Record<string, string>>)[
    Symbol.for('Jupyter.display')
  ];
  const svg = display.call(widget)['image/svg+xml'];
  return [...svg.matchAll(/<text[^>]*>([\s\S]*?)<\/text>/g)].map(([, text]) => text);
}

test('the padding of a pooling is drawn without a value, that of a convolution as zeros', () => {
  const pooled = drawn(poolingStepper(image, { padding: 1 }));
  assert.deepEqual(
    pooled.filter((text) => /^[−\d]+$/.test(text)),
    ['−1', '−2', '−3', '−4', '−1', '−2', '−3', '−4'],
  );
  const zeros = drawn(convolutionStepper(image, [[1, 1], [1, 1]], { padding: 1 })).filter((text) => text === '0'); // prettier-ignore
  assert.equal(zeros.length, 12);
});

test('the bias of a convolution is drawn where it is added', () => {
  const widget = convolutionStepper([[1, 2], [3, 4]], [[1]], { bias: ndarray([100]) }); // prettier-ignore
  assert.match(widget.description, /: x 2 × 2, kernel 1 × 1, bias 1 × 1, y 2 × 2$/);
  const texts = drawn(widget);
  for (const text of ['∗', '+', '100', '=', '101']) assert.ok(texts.includes(text), texts.join(' '));
  assert.doesNotMatch(convolutionStepper(image, [[1]]).description, /bias/);
});

test('an option is not given by its old name too', () => {
  const message = (callee: string, name: string): string =>
    `${callee}: ${name} and ${name}s are both given, expected ${name} alone`;
  assert.throws(() => poolingStepper(image, { stride: 1, strides: 2 }), {
    name: 'TypeError',
    message: message('poolingStepper', 'stride'),
  });
  assert.throws(() => convolutionStepper(image, [[1]], { stride: 1, strides: 2 }), {
    name: 'TypeError',
    message: message('convolutionStepper', 'stride'),
  });
  assert.throws(() => convolutionStepper(image, [[1]], { dilation: 1, dilations: 2 }), {
    name: 'TypeError',
    message: message('convolutionStepper', 'dilation'),
  });
  assert.deepEqual(poolingStepper(image, { strides: 1 }).data, poolingStepper(image, { stride: 1 }).data);
});
