import assert from 'node:assert/strict';
import { test } from 'node:test';
import { affectedBy } from './affected';

const LIB = '/p/lib/src';
const notebooks = [
  { file: '/p/n/01.ipynb', source: `import { conv2d } from 'convlab';` },
  { file: '/p/n/02.ipynb', source: `import { draw } from './helper';\nreadFileSync("digits.json")` },
  { file: '/p/n/homework/03.ipynb', source: `console.log('on its own')` },
];
const affected = (...changed: string[]) => affectedBy(changed, notebooks, LIB);

test('a changed notebook affects itself', () => {
  assert.deepEqual(affected('/p/n/02.ipynb'), { notebooks: ['/p/n/02.ipynb'], build: false });
});

test('a source of lib affects the notebooks that import it, once it is built; its tests affect none', () => {
  assert.deepEqual(affected('/p/lib/src/ops/conv2d.ts'), { notebooks: ['/p/n/01.ipynb'], build: true });
  assert.equal(affected('/p/lib/src/engine/kernels/assembly/loss.ts').build, true);
  assert.deepEqual(affected('/p/lib/src/ops/conv2d.test.ts'), { notebooks: [], build: false });
});

test('a file beside a notebook affects the notebooks that mention it', () => {
  assert.deepEqual(affected('/p/n/helper.ts').notebooks, ['/p/n/02.ipynb']);
  assert.deepEqual(affected('/p/n/digits.json').notebooks, ['/p/n/02.ipynb']);
  assert.deepEqual(affected('/p/n/own.ts').notebooks, []);
  assert.deepEqual(affected('/p/elsewhere/helper.ts').notebooks, []);
  assert.deepEqual(affected('/p/n-old/helper.ts').notebooks, []);
  assert.deepEqual(affected('/p/n/helpers/helper.ts').notebooks, ['/p/n/02.ipynb']);
});
