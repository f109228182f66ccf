import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barChart } from './barChart';
import { lineChart } from './lineChart';
import { matrix } from './matrix';
import { toSvg } from './svg';

/** The texts of a picture with their places, in the order in which they are drawn. */
function texts(svg: string): { readonly x: number; readonly text: string }[] {
  return [...svg.matchAll(/<text[^>]*?\sx="([-\d.]+)"[^>]*>([^<]*)</g)].map(([, x, text]) => ({
    x: Number(x),
    text,
  }));
}

test('labels that look like numbers are under their own bars', async () => {
  const labels = ['0.1', '0.3', '1', '2', '3', '5'];
  const svg = await toSvg(barChart(labels, [40, 41, 42, 43, 44, 45]));
  const drawn = texts(svg).filter(({ text }) => labels.includes(text));
  assert.deepEqual(
    drawn.sort((a, b) => a.x - b.x).map(({ text }) => text),
    labels,
  );
  const steps = drawn.slice(1).map(({ x }, i) => Math.round(x - drawn[i].x));
  assert.ok(
    steps.every((step) => Math.abs(step - steps[0]) <= 1),
    `distances between labels: ${steps.join(', ')}`,
  );
});

test('a logarithmic axis writes its ticks as powers of ten', async () => {
  const svg = await toSvg(lineChart([{ y: [1e-2, 1e-7, 1e-15] }], { yScale: 'log' }));
  const ticks = texts(svg).map(({ text }) => text);
  assert.ok(!ticks.some((text) => /e-|0000/.test(text)), ticks.join(' '));
});

test('a title of several lines ends above the plot', async () => {
  const title = 'A title that is far too long for three narrow cells and goes on';
  const svg = await toSvg(matrix([[1, 2, 3]], { title }));
  const lines = [...svg.matchAll(/<tspan[^>]*?dy="([-\d.]+)em"[^>]*>/g)].map(([, dy]) => Number(dy));
  const [, top] = /<text[^>]*?y="([-\d.]+)"[^>]*>\s*<tspan/.exec(svg) ?? [];
  const lowest = Number(top) + Math.max(...lines) * 15;
  const { margin } = matrix([[1, 2, 3]], { title }).layout as { margin: { t: number } };
  assert.ok(lines.length > 1);
  assert.ok(lowest < margin.t, `the last line's baseline is at ${lowest}, the plot begins at ${margin.t}`);
});
