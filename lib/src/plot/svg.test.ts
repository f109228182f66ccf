import { createCanvas, loadImage } from '@napi-rs/canvas';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JSDOM } from 'jsdom';
import { barChart, confusionMatrix, heatMap, imageGrid, lineChart, matrix, sideBySide, toSvg } from './index';
import type { Figure } from './index';
import { textWidth } from './style';

const ramp = (height: number, width: number): number[][] =>
  Array.from({ length: height }, (_, i) => Array.from({ length: width }, (_, j) => i * width + j));

/** One figure of each kind, with long words and large numbers where they could be cut off. */
const kinds: Record<string, Figure> = {
  lines: lineChart(
    [
      { name: 'a rather long name', y: [120_000, 3] },
      { name: 'b', y: [-5000, 2] },
    ],
    {
      title:
        'A title that is much too long for one line above this chart, so that it has to go on in a second one',
      xLabel: 'epoch',
      yLabel: 'number of weights',
    },
  ),
  bars: barChart(['dense layer', 'a convolution with many words', 'pooling'], [120_000, 9, -4000], {
    yLabel: 'y',
  }),
  turnedBars: barChart(
    ramp(1, 40)[0].map((i) => `layer number ${i}`),
    ramp(1, 40)[0],
    { xLabel: 'layer' },
  ),
  heatMap: heatMap(ramp(28, 28), { title: 'A digit', xLabel: 'column', yLabel: 'row' }),
  matrix: matrix(
    [
      [-1000.25, 2],
      [3, 4],
    ],
    { title: 'A kernel that finds vertical edges and more', indices: true },
  ),
  confusion: confusionMatrix(ramp(3, 3), { labels: ['T-shirt/top', 'trouser', 'ankle boot'] }),
  images: imageGrid(
    ['a longer label', 'b', 'c'].map((label) => ({ pixels: ramp(5, 5).flat(), height: 5, width: 5, label })),
    { title: 'Kernels' },
  ),
  row: sideBySide(
    [matrix(ramp(7, 7), { title: 'input' }), matrix(ramp(3, 3), { title: 'kernel' }), heatMap(ramp(5, 5))],
    {
      title: 'One convolution',
      between: ['∗', '='],
    },
  ),
};

const parse = (svg: string): Document => new JSDOM(svg, { contentType: 'image/svg+xml' }).window.document;

/** A point of an element in the picture's coordinates, by the transforms of the element and all that contain it. */
function onPage(element: Element, x: number, y: number): [number, number] {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const steps = [...(at.getAttribute('transform') ?? '').matchAll(/(\w+)\(([^)]*)\)/g)].reverse();
    for (const [, kind, list] of steps) {
      const [a, b = 0, c = 0] = list.split(/[\s,]+/).map(Number);
      if (kind === 'translate') [x, y] = [x + a, y + b];
      else if (kind === 'rotate') {
        const [sin, cos] = [Math.sin((a * Math.PI) / 180), Math.cos((a * Math.PI) / 180)];
        [x, y] = [b + (x - b) * cos - (y - c) * sin, c + (x - b) * sin + (y - c) * cos];
      } else assert.fail(`unknown transform ${kind}`);
    }
  }
  return [x, y];
}

for (const [kind, figure] of Object.entries(kinds)) {
  test(`${kind}: all texts lie inside the picture, which is a notebook's column wide at most`, async () => {
    const document = parse(await toSvg(figure));
    const root = document.documentElement;
    const [width, height] = ['width', 'height'].map((name) => Number(root.getAttribute(name)));
    assert.ok(width <= 720, `${width} px wide`);
    const lines = [...document.querySelectorAll('text')].flatMap((text) => {
      const spans = [...text.querySelectorAll('tspan')].filter((span) => span.hasAttribute('dy'));
      return spans.length > 0 ? spans : [text];
    });
    assert.ok(lines.length > 0);
    for (const line of lines) {
      const text = (line.closest('text') ?? line) as Element;
      const style = text.getAttribute('style') ?? '';
      const size = Number(/font-size:([\d.]+)px/.exec(style)?.[1]);
      const words = line.textContent ?? '';
      const length = textWidth(words, size);
      const anchor = text.getAttribute('text-anchor') ?? /text-anchor:(\w+)/.exec(style)?.[1] ?? 'start';
      const x = Number(line.getAttribute('x') ?? text.getAttribute('x') ?? 0);
      const y = Number(text.getAttribute('y') ?? 0) + parseFloat(line.getAttribute('dy') ?? '0') * size;
      const left = anchor === 'middle' ? x - length / 2 : anchor === 'end' ? x - length : x;
      for (const [px, py] of [
        onPage(text, left, y - 0.75 * size),
        onPage(text, left + length, y + 0.2 * size),
      ]) {
        assert.ok(
          px >= -0.5 && px <= width + 0.5 && py >= -0.5 && py <= height + 0.5,
          `“${words}” at ${px}, ${py}`,
        );
      }
    }
  });
}

test('the same figure gives the same bytes, and no two figures share an id', async () => {
  const first = await Promise.all(Object.values(kinds).map(toSvg));
  const again = await Promise.all(Object.values(structuredClone(kinds)).reverse().map(toSvg));
  assert.deepEqual(again.reverse(), first);
  const ids = first.flatMap((svg) => [...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
  assert.ok(ids.length > 0);
  assert.equal(new Set(ids).size, ids.length);
  for (const svg of first) {
    for (const [, id] of svg.matchAll(/url\(#([^)]*)\)/g)) assert.ok(svg.includes(` id="${id}"`), id);
  }
});

test('a picture is small, has a white background, and loads no external resources', async () => {
  for (const [kind, figure] of Object.entries(kinds)) {
    const svg = await toSvg(figure);
    assert.ok(svg.length < 40_000, `${kind}: ${svg.length} bytes`);
    assert.match(svg, /<rect x="0" y="0" width="\d+" height="\d+" style="fill:#ffffff"/);
    const addresses = [...svg.matchAll(/(?:href|src)="([^"]{0,30})/g)].map(([, address]) => address);
    assert.ok(
      addresses.every((address) => address.startsWith('data:image/png')),
      addresses.join(),
    );
    assert.ok(!/<script|@import|url\(http/.test(svg));
  }
});

/** The grey levels of a picture's first image, at the middle of each cell. */
async function cellsOf(svg: string, height: number, width: number): Promise<number[][]> {
  const source = /xlink:href="(data:image\/png;base64,[^"]+)"/.exec(svg)?.[1] ?? '';
  const image = await loadImage(Buffer.from(source.split(',')[1], 'base64'));
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  return Array.from({ length: height }, (_, i) =>
    Array.from({ length: width }, (_, j) => {
      const [x, y] = [((j + 0.5) * image.width) / width, ((i + 0.5) * image.height) / height];
      return context.getImageData(Math.floor(x), Math.floor(y), 1, 1).data[0];
    }),
  );
}

test('pixels are in their rows and columns', async () => {
  const values = [
    [0, 255, 0],
    [128, 0, 51],
  ];
  assert.deepEqual(await cellsOf(await toSvg(heatMap(values)), 2, 3), values);
  assert.deepEqual(await cellsOf(await toSvg(matrix(values)), 2, 3), values);
  const image = { pixels: values.flat(), height: 2, width: 3 };
  assert.deepEqual(await cellsOf(await toSvg(imageGrid([image])), 2, 3), values);
});

test('numbers are on their cells', async () => {
  const document = parse(
    await toSvg(
      matrix([
        [1, 2],
        [3, 4],
      ]),
    ),
  );
  const image = document.querySelector('image') as Element;
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(image.getAttribute(name)));
  const [left, top] = onPage(image, x, y);
  const cellOf = (text: Element): [number, number] => {
    const [px, py] = onPage(text, Number(text.getAttribute('x')), Number(text.getAttribute('y')));
    return [Math.floor((2 * (py - top)) / height), Math.floor((2 * (px - left)) / width)];
  };
  const places = [...document.querySelectorAll('text')].map(
    (text) => [text.textContent, cellOf(text)] as const,
  );
  assert.deepEqual(Object.fromEntries(places), { 1: [0, 0], 2: [0, 1], 3: [1, 0], 4: [1, 1] });
});

test('drawing does not change the figure', async () => {
  const figure = kinds.row;
  const before = JSON.stringify(figure);
  await toSvg(figure);
  assert.equal(JSON.stringify(figure), before);
});

test('anything but a figure is refused', async () => {
  await assert.rejects(toSvg([] as unknown as Figure), /TypeError: toSvg: figure is \[\], expected a figure/);
});
