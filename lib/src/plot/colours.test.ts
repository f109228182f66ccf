import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  colourAt,
  contrast,
  HIGHLIGHT,
  HIGHLIGHT_EDGE,
  inkOn,
  PALETTE,
  rgbOf,
  RULE,
  SCALES,
  SEQUENTIAL_SQUARED,
  TEXT,
} from './colours';

/** The pages on which figures are read: white, and the dark grounds of JupyterLab, GitHub and VS Code. */
const PAGES = ['#ffffff', '#111111', '#0d1117', '#1e1e1e'];
const ratio = (a: string, b: string): number => contrast(rgbOf(a), rgbOf(b));

test('the contrast ratio is that of WCAG', () => {
  assert.equal(ratio('#000000', '#ffffff'), 21);
  // From WebAIM's contrast checker.
  assert.equal(ratio('#767676', '#ffffff').toFixed(2), '4.54');
  assert.equal(ratio('#ff0000', '#ffffff').toFixed(2), '4.00');
});

test('lines, bars, axes and frames have a contrast of 3 on every page', () => {
  for (const colour of [...PALETTE, RULE]) {
    for (const page of PAGES) {
      assert.ok(ratio(colour, page) >= 3, `${colour} on ${page}: ${ratio(colour, page).toFixed(2)}`);
    }
  }
});

test('text has a contrast of 4.5 on the page it is made for, and to its own edge on any', () => {
  const [white, ...others] = PAGES;
  assert.ok(ratio(TEXT.light.ink, white) >= 4.5);
  for (const page of others) assert.ok(ratio(TEXT.dark.ink, page) >= 4.5);
  for (const { ink, ground } of Object.values(TEXT)) assert.ok(ratio(ink, ground) >= 4.5);
});

test('numbers in cells have a contrast of 4.5, and frames one of 3, whatever the colour of the cell', () => {
  for (const colours of [...Object.values(SCALES), SEQUENTIAL_SQUARED]) {
    for (let position = 0; position <= 1; position += 1 / 256) {
      const cell = colourAt(colours, position);
      const [text, frame, edge] = [inkOn(cell), HIGHLIGHT, HIGHLIGHT_EDGE].map((colour) =>
        contrast(rgbOf(colour), cell),
      );
      assert.ok(text >= 4.5, `text on ${cell.join()}: ${text}`);
      assert.ok(Math.max(frame, edge) >= 3, `frame on ${cell.join()}: ${frame}, ${edge}`);
    }
  }
});
