import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceLine } from './sourceLine';

const SOURCE = `import { conv2d } from 'convlab';

interface Shape {
  readonly side: number;
}

// The kernel has an even side.
const shape: Shape = { side: 4 };

const check = (s: Shape): void => {
  if (s.side % 2 === 0) throw new RangeError('even');
};
check(shape);`;

/** As tslab prints it: no types, no blank lines, other quotes, everything an export. */
const COMPILED = `(function(exports, require) { const convlab_1 = require("convlab");
// The kernel has an even side.
const shape = { side: 4 };
exports.shape = shape;
const check = (s) => {
    if (s.side % 2 === 0)
        throw new RangeError("even");
};
exports.check = check;
(0, check)(shape);
})(__tslab__.exports, __tslab__.require)`;

test('finds the line of the source, past comments, types, blank lines and split statements', () => {
  assert.equal(sourceLine(SOURCE, COMPILED, 7, 15), 11);
  assert.equal(sourceLine(SOURCE, COMPILED, 3, 7), 8);
  assert.equal(sourceLine(SOURCE, COMPILED, 10, 5), 13);
});

test('says nothing about a line that is not there', () => {
  assert.equal(sourceLine(SOURCE, COMPILED, 99, 1), undefined);
  assert.equal(sourceLine('', '', 1, 1), undefined);
});
