import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barChart, confusionMatrix, heatMap, imageGrid, lineChart, matrix, sideBySide, toSvg } from './index';
import type { Figure } from './index';

/** Does what a kernel does with a cell's last expression. */
function displayed(value: object): Record<string, unknown> {
  return (value as Record<symbol, () => Record<string, unknown>>)[Symbol.for('Jupyter.display')]();
}

const figures: Readonly<Record<string, Figure>> = {
  barChart: barChart(['a', 'b'], [{ y: [1, 2] }]),
  confusionMatrix: confusionMatrix([
    [3, 1],
    [0, 4],
  ]),
  heatMap: heatMap([[1, 2]]),
  imageGrid: imageGrid([{ pixels: [0, 1, 1, 0], height: 2, width: 2 }]),
  lineChart: lineChart([{ y: [3, 2, 1] }]),
  matrix: matrix([[1, 2]]),
  sideBySide: sideBySide([matrix([[1]]), matrix([[2]])]),
};

for (const [name, figure] of Object.entries(figures)) {
  test(`${name}: the figure shows itself, with a picture and a line of text`, () => {
    const bundle = displayed(figure);
    assert.deepEqual(Object.keys(bundle), ['application/vnd.plotly.v1+json', 'image/svg+xml', 'text/plain']);
    assert.equal(bundle['image/svg+xml'], toSvg(figure));
    assert.equal(bundle['text/plain'], figure.description);
  });
}

test('a changed copy of a figure shows its own contents', () => {
  const copy = { ...figures.matrix, description: 'Two numbers' };
  assert.equal(displayed(copy)['text/plain'], 'Two numbers');
});
