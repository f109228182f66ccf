import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barChart } from './barChart';
import { lineChart } from './lineChart';
import { matrix } from './matrix';
import { drawnTexts, layoutOf, onPage, parse, traces } from './testdata/figureParts';
import type { DrawnText } from './testdata/figureParts';
import type { Figure } from './draw';
import { toSvg } from './draw';
import { logTicks, roundTicks } from './ticks';

test('ticks are round numbers', () => {
  const texts = (...range: [number, number, number]) => roundTicks(...range).map(({ text }) => text);
  assert.deepEqual(texts(0, 1, 5), ['0', '0.2', '0.4', '0.6', '0.8', '1.0']);
  assert.deepEqual(texts(-3.2, 3.2, 6), ['−2', '0', '2']);
  assert.deepEqual(texts(0, 120_000, 6), ['0', '20,000', '40,000', '60,000', '80,000', '100,000', '120,000']);
  assert.deepEqual(
    texts(0, 5e-13, 5),
    ['0', '1×10⁻¹³', '2×10⁻¹³', '3×10⁻¹³', '4×10⁻¹³', '5×10⁻¹³'].map((text) => text.replace('1×', '')),
  );
  assert.deepEqual(
    roundTicks(0, 0.5, 5).map(({ at }) => at),
    [0, 0.1, 0.2, 0.3, 0.4, 0.5],
  );
});

test('there are at least three ticks where there is room for them', () => {
  const texts = (...range: [number, number, number]) => roundTicks(...range).map(({ text }) => text);
  // The accuracies of a training; the largest multiples of 0.05 are only two.
  assert.deepEqual(texts(0.8845, 0.9955, 4), ['0.90', '0.92', '0.94', '0.96', '0.98']);
  assert.deepEqual(texts(1000, 8300, 3.6), ['2,000', '4,000', '6,000', '8,000']);
  assert.deepEqual(texts(0.8, 2.2, 2), ['1', '2'], 'a short axis');
});

test('a logarithmic axis has powers of ten, and numbers between them where there are few', () => {
  const texts = (...range: [number, number, number]) => logTicks(...range).map(({ text }) => text);
  assert.deepEqual(texts(1e-15, 1e-2, 5), ['10⁻¹⁵', '10⁻¹²', '10⁻⁹', '10⁻⁶', '0.001']);
  assert.deepEqual(texts(3, 120, 5), ['5', '10', '20', '50', '100']);
  assert.deepEqual(texts(41, 48, 5), ['42', '44', '46', '48']);
  // Not every 5,000: the last of them would be written over each other.
  assert.deepEqual(texts(12_100, 51_700, 8.1), ['20,000', '30,000', '40,000', '50,000']);
  assert.deepEqual(texts(12_100, 51_700, 4.3), ['20,000', '30,000', '50,000']);
  const svg = drawnTexts(lineChart([{ y: [1e-2, 1e-7, 1e-15] }], { yScale: 'log' })).map(({ text }) => text);
  assert.ok(!svg.some((text) => /e-|0000/.test(text)), svg.join(' '));
});

/** The numbers below a line chart, from left to right. */
const below = (figure: Figure): readonly DrawnText[] => {
  const lowest = Math.max(...drawnTexts(figure).map(({ bottom }) => bottom));
  return drawnTexts(figure).filter(({ bottom }) => bottom > lowest - 1);
};

test('there is a tick at each whole number only where the axis is short', () => {
  const texts = (figure: Figure) => below(figure).map(({ text }) => text);
  assert.deepEqual(texts(lineChart([{ y: [3, 2, 1] }])), ['0', '1', '2']);
  assert.equal(texts(lineChart([{ y: Array.from({ length: 13 }, (_, i) => i) }])).length, 13);
  assert.deepEqual(texts(lineChart([{ y: [3, 2, 1] }], { xRange: [0, 100] })).slice(0, 3), ['0', '10', '20']);
  for (const figure of [
    lineChart([{ x: [60_000], y: [0.98] }]),
    lineChart([{ y: [3, 2, 1] }], { xRange: [0, 1e10] }),
  ])
    assert.ok(texts(figure).length < 15, `${texts(figure).length} ticks`);
});

test('different ticks have different texts, which do not touch each other', () => {
  const [from, to] = [1_700_000_000_001, 1_700_000_000_003];
  const figures = [
    lineChart([{ y: [123_456_789, 123_456_999] }]),
    lineChart([{ x: [from, to], y: [1, 2] }]),
    lineChart([{ x: [from, from + 10], y: [1, 2] }]),
    lineChart([{ x: [123_456_789, 123_456_999], y: [1, 2] }]),
    lineChart([{ x: [1, 1 + 2e-12], y: [1, 2] }]),
    lineChart([{ x: [1e16, 1e16 + 4], y: [1, 2] }]),
  ];
  for (const figure of figures) {
    const { width } = layoutOf(figure);
    const texts = drawnTexts(figure);
    assert.equal(
      new Set(texts.map(({ text }) => text)).size,
      texts.length,
      texts.map(({ text }) => text).join(),
    );
    for (const { text, left, right } of texts) assert.ok(left >= 0 && right <= width, `${text} is outside`);
    const numbers = below(figure);
    numbers.slice(1).forEach(({ text, left }, i) => assert.ok(left >= numbers[i].right, `${text} overlaps`));
  }
  assert.deepEqual(
    roundTicks(from, to, 2).map(({ at }) => at),
    [from, from + 1, to],
  );
  assert.ok(below(figures[1]).some(({ text }) => text === '1.700000000002×10¹²'));
});

test('where numbers have many digits, Plotly writes those of the still picture', () => {
  const figure = lineChart([{ x: [1_700_000_000_001, 1_700_000_000_003], y: [123_456_789, 123_456_999] }]);
  const { xaxis, yaxis } = layoutOf(figure);
  const still = drawnTexts(figure).map(({ text }) => text);
  const written = [xaxis, yaxis].flatMap(({ ticktext = [] }) =>
    ticktext.map((text) => text.replace(/<[^>]*>/g, '')),
  );
  assert.deepEqual(written, still);
  assert.equal(layoutOf(lineChart([{ y: [0.99, 0.995] }])).yaxis.ticktext, undefined);
});

test('the ticks of a logarithmic axis are those of the still picture where Plotly draws it', () => {
  const figure = lineChart([{ x: [12_100, 51_700], y: [1, 2] }], { xScale: 'log' });
  const { tickvals, ticktext = [] } = layoutOf(figure).xaxis;
  assert.deepEqual(tickvals, [20_000, 30_000, 40_000, 50_000]);
  const still = drawnTexts(figure).map(({ text }) => text);
  for (const text of ticktext) assert.ok(still.includes(text.replace(/<[^>]*>/g, '')), text);
});

test('labels that look like numbers are under their own bars', () => {
  const labels = ['0.1', '0.3', '1', '2', '3', '5'];
  const drawn = drawnTexts(barChart(labels, [40, 41, 42, 43, 44, 45])).filter(({ text }) =>
    labels.includes(text),
  );
  const middles = drawn.map(({ left, right }) => (left + right) / 2);
  assert.deepEqual(
    drawn.map(({ text }) => text),
    labels,
  );
  const steps = middles.slice(1).map((middle, i) => middle - middles[i]);
  assert.ok(
    steps.every((step) => step > 0 && Math.abs(step - steps[0]) <= 0.1),
    `distances between labels: ${steps.join(', ')}`,
  );
});

test('a bar reaches from zero to its value, and its number is beyond its end', () => {
  const figure = barChart(['a', 'b'], [2, -1], { yRange: [-2, 3] });
  const bars = parse(toSvg(figure)).querySelector('path[fill="#0072b2"]') as Element;
  const numbers = [...(bars.getAttribute('d') ?? '').matchAll(/M[\d.]+ ([\d.]+)V([\d.]+)/g)].map((found) =>
    found.slice(1).map(Number),
  );
  // The plot is 280 pixels high: 56 for 1, zero at 168.
  assert.deepEqual(numbers, [
    [168, 56],
    [168, 224],
  ]);
  const ends = [56, 224].map((y) => onPage(bars, 0, y)[1]);
  const [two] = drawnTexts(figure)
    .filter(({ text }) => text === '2')
    .slice(-1);
  const [minus] = drawnTexts(figure)
    .filter(({ text }) => text === '−1')
    .slice(-1);
  assert.ok(two.bottom <= ends[0] && minus.top >= ends[1]);
});

test('bars end at the edge of the plot, and numbers beyond it are not written', () => {
  const figure = barChart(['a', 'b', 'c'], [0.95, 0.5, 2], { yRange: [0.9, 1] });
  const bars = parse(toSvg(figure)).querySelector('path[fill="#0072b2"]') as Element;
  const ends = [...(bars.getAttribute('d') ?? '').matchAll(/M[\d.]+ ([\d.-]+)V([\d.-]+)/g)].map((found) =>
    found.slice(1).map(Number),
  );
  assert.deepEqual(ends, [
    [280, 140],
    [280, 280],
    [280, 0],
  ]);
  assert.deepEqual(traces(figure)[0].text, ['0.95', '', '']);
  assert.ok(!drawnTexts(figure).some(({ text }) => text === '0.5' || text === '2'));
});

test('a line goes through its points, has gaps, and is cut off at the edge of the plot', () => {
  const figure = lineChart([{ y: [0, 1, NaN, 3, 4] }], { xRange: [0, 4], yRange: [0, 2] });
  const path = parse(toSvg(figure)).querySelector('svg svg path') as Element;
  const places = [...(path.getAttribute('d') ?? '').matchAll(/([ML])([\d.-]+) ([\d.-]+)/g)].map(
    ([, step, x, y]) => [step, Number(x), Number(y)],
  );
  const width = places[3][1] as number;
  assert.deepEqual(places, [
    ['M', 0, 280],
    ['L', width / 4, 140],
    ['M', (3 * width) / 4, -140],
    ['L', width, -280],
  ]);
  const box = (path.closest('svg') as Element).getAttribute('viewBox')?.split(' ').map(Number);
  assert.deepEqual(box, [-4, -4, width + 8, 288]);
});

test('of many points in a column of pixels, the first, lowest, highest and last are drawn', () => {
  const y = Array.from({ length: 20_000 }, (_, i) => (i === 7777 ? 5 : Math.sin(i)));
  const svg = toSvg(lineChart([{ y }], { yRange: [-5, 5] }));
  assert.ok(svg.length < 60_000, `${svg.length} bytes`);
  const heights = [...svg.matchAll(/[ML][\d.]+ ([\d.-]+)/g)].map(([, height]) => Number(height));
  assert.equal(Math.min(...heights), 0);
});

test('a title of several lines ends above the plot', () => {
  const title = 'A title that is far too long for three narrow cells and goes on';
  const svg = parse(toSvg(matrix([[1, 2, 3]], { title })));
  const image = svg.querySelector('image') as Element;
  const [, top] = onPage(image, 0, 0);
  const lines = drawnTexts(matrix([[1, 2, 3]], { title })).filter(({ text }) => /[a-z]/.test(text));
  assert.ok(lines.length > 1);
  assert.ok(lines.every(({ bottom }) => bottom < top));
});
