/** Every figure that the course stores says the same twice: as a still picture, and as Plotly draws it. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../scripts/lab/environment';
import { readNotebook } from '../../scripts/notebooks/notebook/notebook';
import { testBrowser } from './browser';

const browser = testBrowser();

/** A line of text with the middle of where it stands, in pixels of the figure. */
interface Placed {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

interface Drawn {
  readonly still: readonly Placed[];
  /** All but the numbers of axes and colour bars that Plotly chooses. */
  readonly live: readonly Placed[];
}

/** In the page: draws both, and says where the lines of their texts are. */
const BOTH = `async ({ svg, figure }) => {
  const [still, live] = ['still', 'live'].map((id) => document.getElementById(id));
  still.innerHTML = svg;
  Plotly.purge(live);
  await Plotly.newPlot(live, figure.data, figure.layout, figure.config);
  const placed = (place, texts) => {
    const from = place.querySelector('svg').getBoundingClientRect();
    const lines = texts.flatMap((text) => {
      const parts = [...text.querySelectorAll('tspan.line')];
      return parts.length > 0 ? parts : [text];
    });
    return lines.map((line) => {
      const box = line.getBoundingClientRect();
      return { text: line.textContent, x: box.x + box.width / 2 - from.x, y: box.y + box.height / 2 - from.y };
    });
  };
  const layout = live._fullLayout;
  const chosen = (element) => {
    const axis = /\\b([xy])(\\d*)tick\\b/.exec(element.closest('[class*=tick]')?.getAttribute('class') ?? '');
    return axis && layout[axis[1] + 'axis' + axis[2]]?.tickmode !== 'array';
  };
  const texts = [...live.querySelectorAll('.main-svg text')].filter((text) => text.textContent && !text.closest('.colorbar') && !chosen(text));
  return { still: placed(still, [...still.querySelectorAll('text')]), live: placed(live, texts) };
}`;

const folder = join(ROOT, 'notebooks');
for (const name of readdirSync(folder).filter((file) => file.endsWith('.ipynb'))) {
  test(`${name}: what Plotly writes stands where the still picture has it`, async () => {
    const page = await browser.page('<div id="still"></div><div id="live"></div>');
    await page.addScriptTag({
      path: require.resolve('plotly.js-cartesian-dist-min', { paths: [join(ROOT, 'lib')] }),
    });
    const outputs = readNotebook(join(folder, name)).cells.flatMap((cell) => cell.outputs ?? []);
    let figures = 0;
    for (const output of outputs) {
      const data = 'data' in output ? output.data : {};
      const [svg, figure] = [data['image/svg+xml'], data['application/vnd.plotly.v1+json']];
      if (svg === undefined || figure === undefined) continue;
      figures += 1;
      const { still, live } = await page.evaluate<Drawn, unknown>(
        `(${BOTH})(${JSON.stringify({ svg, figure })})`,
        null,
      );
      for (const { text, x, y } of live) {
        const found = still.some((other) => other.text === text && Math.hypot(other.x - x, other.y - y) < 16);
        assert.ok(
          found,
          `“${text}” at ${Math.round(x)}, ${Math.round(y)} of “${String(data['text/plain'])}”`,
        );
      }
    }
    assert.ok(figures > 0);
    await page.close();
  });
}
