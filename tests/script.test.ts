/** A person's own script at the repository's root: `npx ts-node my-script.ts`. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(__dirname, '..');

test('a script that is still being written, with an import and a variable without a use, runs', () => {
  mkdirSync(join(ROOT, 'report'), { recursive: true });
  // Below the root, where ts-node finds the same tsconfig.json.
  const folder = mkdtempSync(join(ROOT, 'report', 'script-'));
  try {
    const script = join(folder, 'my-script.ts');
    writeFileSync(
      script,
      `import { join } from 'node:path';
import { outputSize } from 'convlab';
const later = 1;
console.log(outputSize(28, { kernel: 5 }));
`,
    );
    const tsNode = require.resolve('ts-node/dist/bin.js');
    const output = execFileSync(process.execPath, [tsNode, script], { cwd: ROOT, encoding: 'utf8' });
    assert.equal(output, '24\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
