/** What widgets store in a notebook: self-contained, the same each time, and readable where scripts do not run. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, test } from 'node:test';
import {
  convolutionStepper,
  drawDigit,
  networkExplorer,
  networkVolumes,
  poolingStepper,
  prediction,
} from '.';
import type { Widget } from '.';
import { random } from '../random';
import { smallImages, smallNetwork } from '../testdata/smallNetwork';

const four = [
  [0, 9, 0, 9, 0],
  [0, 9, 0, 9, 0],
  [0, 9, 9, 9, 0],
  [0, 0, 0, 9, 0],
];
const edges = [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]; // prettier-ignore

const widgets: Readonly<Record<string, () => Widget>> = {
  convolutionStepper: () => convolutionStepper(four, edges, { padding: 1, title: 'A <small> 4' }),
  poolingStepper: () => poolingStepper(four, { kind: 'average' }),
  drawDigit: () => drawDigit(smallNetwork, smallImages(1)),
  networkExplorer: () => networkExplorer(smallNetwork, smallImages(3)),
  networkVolumes: () => networkVolumes(smallNetwork),
  prediction: () => prediction('How many places has a < b?', 1234, { unit: 'places' }),
};

function bundleOf(widget: Widget): Record<string, string> {
  const display = (widget as unknown as Record<symbol, () => Record<string, string>>)[
    Symbol.for('Jupyter.display')
  ];
  return display.call(widget);
}

/** As JupyterLab leaves an output of a notebook that it does not trust: without scripts and what is in them. */
const withoutScripts = (html: string): string => html.replace(/<script[\s\S]*?<\/script>/g, '');

for (const [name, make] of Object.entries(widgets)) {
  describe(name, () => {
    const bundle = bundleOf(make());
    const html = bundle['text/html'];

    test('is stored in the same bytes each time', () => {
      assert.deepEqual(bundleOf(make()), bundle);
    });

    test('says in a line of text what it shows', () => {
      assert.equal(bundle['text/plain'], make().description);
      assert.doesNotMatch(bundle['text/plain'], /\n/);
    });

    test('is a module with a function `render`', () => {
      const module = pathToFileURL(join(__dirname, `../../dist/widgets/page/${name}.mjs`)).href;
      const code = `import widget from ${JSON.stringify(module)}; console.log(typeof widget.render)`;
      const options = { encoding: 'utf8' } as const;
      assert.equal(
        execFileSync(process.execPath, ['--input-type=module', '-e', code], options),
        'function\n',
      );
    });

    test('needs nothing from elsewhere', () => {
      assert.doesNotMatch(html, /(?:src|href)="(?!data:)/);
      assert.doesNotMatch(html, /\bimport\b|\bfetch\(|require\(/);
      // The names of SVG's vocabularies look like addresses, but nobody fetches them.
      assert.doesNotMatch(html, /https?:(?!\/\/www\.w3\.org\/)/);
    });

    test('has exactly two scripts, the data and the code', () => {
      assert.equal(html.match(/<script/g)?.length, 2);
      assert.equal(html.match(/<\/script>/g)?.length, 2);
    });

    test('takes at most 82 KB of a notebook, its picture included', () => {
      const size = Object.values(bundle).reduce((sum, text) => sum + text.length, 0);
      assert.ok(size < 82_000, String(size));
    });
  });
}

test('nothing in the data ends the element within which it stands', () => {
  const html = bundleOf(convolutionStepper(four, edges, { title: '</script><script>alert(1)</script>' }))[
    'text/html'
  ];
  assert.equal(html.match(/<script/g)?.length, 2);
});

test('where scripts do not run, a stepper is its picture', () => {
  const { 'text/html': html, 'image/svg+xml': svg } = bundleOf(widgets.convolutionStepper());
  const [, alt, address] = /<img alt="([^"]*)" src="([^"]*)">/.exec(withoutScripts(html)) ?? [];
  assert.equal(
    decodeURIComponent(address).replaceAll("'", '"'),
    `data:image/svg+xml,${svg.replaceAll("'", '"')}`,
  );
  assert.equal(alt, 'Convolution “A &lt;small&gt; 4”, to walk through: x 6 × 7, kernel 3 × 3, y 4 × 5');
});

test('where scripts do not run, the answer of a prediction stands folded', () => {
  const { 'text/html': html, 'text/plain': text } = bundleOf(widgets.prediction());
  const seen = withoutScripts(html);
  assert.match(seen, /<details><summary>The answer<\/summary><p>1,234 places<\/p><\/details>/);
  assert.doesNotMatch(seen.replace(/<details>.*<\/details>/, ''), /1,?234/);
  assert.doesNotMatch(text, /1,?234/);
});

test('a large image is stored as its bytes', () => {
  const draw = random(1);
  const image = Array.from({ length: 28 }, () =>
    Array.from({ length: 28 }, () => Math.fround(draw.uniform())),
  );
  const html = bundleOf(convolutionStepper(image, edges))['text/html'];
  assert.match(html, /"type":"float32"/);
});
