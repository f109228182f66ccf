/** Figures in JupyterLab's light and dark theme, and under the mouse. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast } from '../../lib/src/plot/colours';
import type { Rgb } from '../../lib/src/plot/colours';
import { screenshot } from './browser';
import { testLab } from './jupyter';

const lab = testLab();

const CELLS = [
  `import { heatMap, lineChart, matrix, sideBySide } from 'convlab';
const rows = Array.from({ length: 20 }, (_, i) => Array.from({ length: 20 }, (_, j) => i - j));`,
  `lineChart([{ name: 'training', y: [3, 2, 1] }, { name: 'test', y: [3, 2.5, 2] }], { title: 'Loss', xLabel: 'epoch' })`,
  `sideBySide([heatMap(rows, { title: 'map' }), matrix([[1, -2], [3, 4]], { title: 'kernel' })], { between: ['∗'] })`,
];

/** The red, green and blue of `rgb(1, 2, 3)` and of `#123` and its like, laid over the colour below. */
const IN_PAGE = `
const rgba = (colour) => {
  const canvas = document.createElement('canvas').getContext('2d');
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
};`;

for (const theme of ['light', 'dark'] as const) {
  test(`in the ${theme} theme figures have no ground, and their text is read on the page`, async () => {
    const notebook = await lab.open(lab.write(`figures-${theme}`, CELLS), { theme });
    await notebook.runAll();
    assert.deepEqual(await notebook.errors(), []);
    assert.deepEqual(await notebook.figuresNotDrawn(), []);
    for (const index of [1, 2]) {
      await notebook.cell(index);
      const found = await notebook.page.evaluate(`(() => {${IN_PAGE}
        const plot = document.querySelectorAll('.js-plotly-plot')[${index - 1}];
        const page = rgba(getComputedStyle(document.body).getPropertyValue('--jp-layout-color0').trim());
        const texts = [...plot.querySelectorAll('text tspan')].map((span) => getComputedStyle(span).fill);
        const grounds = [...plot.querySelectorAll('.main-svg')].map((svg) => getComputedStyle(svg).backgroundColor);
        return { page, inks: [...new Set(texts)].map(rgba), opacities: grounds.map((ground) => rgba(ground)[3]) };
      })()`);
      const { page, inks, opacities } = found as { page: number[]; inks: number[][]; opacities: number[] };
      assert.equal(page[0] > 128, theme === 'light', `the page is ${page.join()}`);
      assert.ok(inks.length > 0);
      for (const [red, green, blue, opacity] of inks) {
        const over = [red, green, blue].map((ink, i) => page[i] + (opacity / 255) * (ink - page[i]));
        const ratio = contrast(over as unknown as Rgb, page.slice(0, 3) as unknown as Rgb);
        assert.ok(ratio >= 4.5, `text ${over.join()} on ${page.join()}: ${ratio}`);
      }
      assert.ok(opacities.every((opacity) => opacity === 0));
      await screenshot(notebook.page, `figures-${theme}-${index}`);
    }
    await notebook.close();
  });
}

test('dragging the mouse over a heat map zooms into it, and its cells stay square', async () => {
  const notebook = await lab.open(lab.write('zoom', CELLS));
  await notebook.runAll();
  const plot = (await notebook.cell(2)).locator('.js-plotly-plot');
  const sides = (): Promise<readonly number[]> =>
    notebook.page.evaluate(`(({ _fullLayout: { xaxis, yaxis } }) =>
      [xaxis, yaxis].map(({ range, _length }) => _length / Math.abs(range[1] - range[0])))(
        document.querySelectorAll('.js-plotly-plot')[1],
      )`);
  const before = await sides();
  const box = await plot.locator('.nsewdrag').first().boundingBox();
  assert.ok(box);
  const at = (share: number): [number, number] => [box.x + share * box.width, box.y + share * box.height];
  await notebook.page.mouse.move(...at(0.25));
  await notebook.page.mouse.down();
  await notebook.page.mouse.move(...at(0.6), { steps: 8 });
  await notebook.page.mouse.up();
  await notebook.page.waitForTimeout(1000);
  const after = await sides();
  assert.ok(after[0] > 1.5 * before[0], `a cell is ${before[0]} px wide before and ${after[0]} after`);
  assert.ok(Math.abs(after[0] - after[1]) < 0.05, `cells of ${after[0]} × ${after[1]} pixels`);
  await screenshot(notebook.page, 'figures-zoomed');
  await notebook.close();
});

test('bars stand over their own names, also where names are numbers, and say them under the mouse', async () => {
  const code = ["import { barChart } from 'convlab';", "barChart(['4', '1', '0'], [10, 20, 30])"];
  const notebook = await lab.open(lab.write('bars', code));
  await notebook.runAll();
  const plot = (await notebook.cell(1)).locator('.js-plotly-plot');
  const middles = async (selector: string): Promise<(readonly [text: string, x: number])[]> =>
    Promise.all(
      (await plot.locator(selector).all()).map(async (element) => {
        const box = await element.boundingBox();
        assert.ok(box);
        return [(await element.textContent()) ?? '', box.x + box.width / 2] as const;
      }),
    );
  const [bars, names] = [await middles('.bars .point path'), await middles('.xtick text')];
  assert.deepEqual(
    names.map(([text]) => text),
    ['4', '1', '0'],
  );
  names.forEach(([text, x], i) =>
    assert.ok(Math.abs(x - bars[i][1]) < 2, `${text} is at ${x}, its bar at ${bars[i][1]}`),
  );
  await plot.locator('.bars .point').nth(1).hover({ force: true });
  await plot.locator('.hoverlayer .hovertext').first().waitFor();
  assert.equal(await plot.locator('.hoverlayer .hovertext').first().textContent(), '1: 20');
  await notebook.close();
});
