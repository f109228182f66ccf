import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Figure } from './figure';
import { heatMap } from './heatMap';
import { lineChart } from './lineChart';
import { matrix } from './matrix';
import { sideBySide } from './sideBySide';
import { textWidth } from './style';
import type { Axis } from './testdata/figureParts';
import { layoutOf, traces } from './testdata/figureParts';

test('figures side by side keep their data, each with its own axes, in the given order', () => {
  const parts = [
    matrix(
      [
        [1, 2],
        [3, 4],
      ],
      { title: 'x' },
    ),
    heatMap([[5]]),
    lineChart([{ y: [1, 2] }]),
  ];
  const figure = sideBySide(parts, { between: ['∗', '='] });
  const cells = traces(figure).filter((trace) => trace.type !== 'scatter' || trace.mode !== 'text');
  assert.deepEqual(
    cells.map((trace) => trace.xaxis),
    ['x', 'x2', 'x3'],
  );
  assert.deepEqual(cells[0].z, [
    [1, 2],
    [3, 4],
  ]);
  const layout = layoutOf(figure) as unknown as Record<string, Axis> & { annotations: { text: string }[] };
  const domains = ['xaxis', 'xaxis2', 'xaxis3'].map((name) => layout[name].domain);
  domains.forEach(([from, to], i) => assert.ok(from < to && from >= (domains[i - 1]?.[1] ?? 0) && to <= 1));
  assert.deepEqual(layout.annotations.map(({ text }) => text).sort(), ['=', 'x', '∗'].sort());
});

test('figures side by side shrink to the column as long as their numbers have room', () => {
  const large = heatMap(Array.from({ length: 28 }, () => new Array<number>(28).fill(1)));
  assert.ok(layoutOf(sideBySide([large, large])).width <= 700);
  const numbers = matrix(
    [
      [-123.45, 2],
      [3, 4],
    ],
    { digits: 2 },
  );
  const alone = layoutOf(numbers);
  const among = layoutOf(sideBySide([numbers, large, large]));
  const cell =
    ((among.xaxis.domain[1] - among.xaxis.domain[0]) * (among.width - among.margin.l - among.margin.r)) / 2;
  assert.ok(cell <= (alone.width - 20) / 2 && cell >= textWidth('−123.45', 13));
});

test('a title that is wider than its panel is wrapped, and touches neither border nor neighbour', () => {
  const large = (title: string) =>
    heatMap(
      Array.from({ length: 28 }, () => new Array<number>(28).fill(1)),
      { title },
    );
  const figure = sideBySide([
    large('before the first convolution'),
    large('short'),
    large('incomprehensibilities behind the second one'),
    large('after'),
  ]);
  const { width, height, margin, annotations } = layoutOf(figure);
  const titles = annotations.map(({ text, x, y, font }) => {
    const half = textWidth(text, font.size) / 2;
    const middle = margin.l + x * (width - margin.l - margin.r);
    const lines = text.split('<br>').length;
    return {
      text,
      left: middle - half,
      right: middle + half,
      top: height * (1 - y) - lines * font.size * 1.3,
    };
  });
  assert.deepEqual(
    titles.map(({ text }) => text.replaceAll('<br>', ' ')),
    ['before the first convolution', 'short', 'incomprehensibilities behind the second one', 'after'],
  );
  titles.forEach(({ text, left, right, top }, i) => {
    const from = i === 0 ? 0 : titles[i - 1].right;
    assert.ok(left >= from && right <= width && top >= 0, `“${text}” from ${left} to ${right}, top ${top}`);
  });
});

test('an error for wrong input says what was called, what was given and what was expected', () => {
  assert.throws(
    () => sideBySide([matrix([[1]])], { between: ['+'] }),
    /sideBySide: between has 1 texts, expected 0 for 1 figures/,
  );
  assert.throws(() => sideBySide([{} as Figure]), /sideBySide: figures\[0\] is \{\}, expected a figure/);
});
